"""The words that the browser shows in the picture of trainings."""

from app.browser.player_labels import LABELS as PLAYER_LABELS
from optimizers.training.sanity_checks import Blame, Check
from surfaces.translatable import Translatable

CHECK_TITLES = {
    Check.CHANCE: Translatable("The first loss is that of a guess"),
    Check.REGULARIZATION: Translatable("More regularization raises the first loss"),
    Check.GRADIENT: Translatable("The gradient is right"),
    Check.FEW_SAMPLES: Translatable("Twenty samples are learned by heart"),
    Check.RANDOM_INPUTS: Translatable("So are twenty samples of random numbers"),
    Check.SHUFFLED_LABELS: Translatable("Shuffled classes teach nothing"),
}
BLAME_TITLES = {
    Blame.INITIALIZATION: Translatable("The cause: the first weights"),
    Blame.CODE: Translatable("The cause: the code"),
    Blame.MODEL: Translatable("The cause: the model is too small"),
    Blame.DATA: Translatable("The cause: the data"),
}

LABELS = {
    # playback
    "first": "To the first weights", "back": "One epoch back", "play": "Play", "pause": "Pause",
    "forward": "One epoch on", "last": "To the end", "scrub": "Epoch", "speed": "Speed", "loop": "Repeat",
    "counter": "epoch {k} / {n}",
    "ahead": "Show what is ahead: curves and readings that the clock has not reached yet",
    # lecture and keys
    "lecture": "Lecture mode: charts, clock, table and what the curves say, in large type",
    "key_play": PLAYER_LABELS["key_play"], "key_step": "One epoch back or on",
    "key_ends": "To the first weights, to the end", "key_scale": "Axis of the loss: log or linear",
    "key_select": "Select a training",
    "key_sequence": "One training more, and play; one training fewer",
    "key_undo": PLAYER_LABELS["key_undo"], "key_ahead": PLAYER_LABELS["key_ahead"],
    # the training as it goes on
    "working": "Training: {share} %", "stopped": "Paused at {share} %", "stop": "Pause", "resume": "Go on",
    "change": "Change something from epoch {epoch} on", "change_middle": "Change something in the middle",
    "change_what": "What is changed", "change_value": "Its new value", "change_now": "now {value}",
    "change_beside": "beside this one", "change_go": "Go on from here",
    "change_where": (
        "Move the clock to the epoch from which something is to change: the training goes on from its weights there."
    ),
    # charts
    "loss": "Loss",
    "loss_help": (
        "Thin: each minibatch of the selected training. Thick: all training samples. Dashed: validation. Dotted: what "
        "regularization adds."
    ),
    "accuracy": "Accuracy in %",
    "accuracy_help": "Solid: training. Dashed: validation.",
    "ratio": "Update : weights, of the selected training",
    "ratio_help": (
        "How long a step is beside the weights that it changes, for each block. The line is 1 : 1000, a rule of thumb; "
        "shaded is its order of magnitude, from 3.2e-4 to 3.2e-3."
    ),
    "time": "Over", "epochs": "epochs", "steps": "steps", "seconds": "seconds of computing",
    "linear": "linear", "log": "log", "axis": "Axis of the loss",
    "smooth": "Smoothing",
    "norm": "norms", "absolute": "mean absolute values", "deviation": "standard deviations",
    "definition": "Measured by",
    # table
    "column_training": "training", "column_loss": "training loss",
    "column_validation_loss": "validation loss",
    "column_accuracy": "training accuracy", "column_validation_accuracy": "validation accuracy", "column_gap": "gap",
    "points": "{value} points",
    "table": "At this epoch",
    "diverged": "diverged in epoch {epoch}",
    # pictures
    "weights": "First-layer weights",
    "weights_help": (
        "What each hidden unit looks for in an image: blue raises its sum, orange lowers it. One scale is that of all "
        "units in all epochs."
    ),
    "weights_shown": "The first {count} of {units} hidden units.",
    "scale": "Scale", "scale_common": "one scale", "scale_own": "each its own",
    "confusion": "Validation: true class down, predicted class across",
    "mistakes": "The surest mistakes",
    "mistake": "{true} taken for {predicted}, sure to {share} %",
    "no_mistakes": "No mistake.",
    "histograms": "Activations and gradients of each layer",
    "histograms_help": (
        "Each column is an epoch; the stronger the colour, the more values are there. Gradients that vanish towards "
        "the first layer are narrower there on one scale."
    ),
    "layer_activations": "Layer {k}, activations", "layer_gradients": "Layer {k}, gradient",
    "spread": "standard deviation {value}",
    "inside_wait": "Mistakes and weights are shown when the training has ended or is paused.",
    "dead": "{count} of {units} dead", "saturated": "{share} % saturated",
    # decision regions
    "regions": "Which class the network gives every place",
    "regions_help": (
        "The stronger the colour, the surer. Filled: training samples. Hollow: validation. A ring marks a sample that "
        "lies in the region of another class."
    ),
    "region_row": "{wrong} of {count} training samples and {wrong_validation} of {validation} of validation are wrong",
    "region_shares": "{name} has {share} % of the picture",
    "region_axes": "{x} across, {y} up",
    # landscape
    "landscape": "The loss landscape around the weights",
    "landscape_help": (
        "The training loss on a plane through the weights at the end of the selected training, and the paths of the "
        "trainings, projected on it."
    ),
    "draw_landscape": "Draw the landscape",
    "landscape_working": "It is drawn when the trainings have ended.",
    "plane": "Plane", "plane_path": "along the path", "plane_random": "random", "plane_ends": "through ends",
    "plane_path_help": "The two directions that explain most of the selected training's path (PCA).",
    "plane_random_help": (
        "Two random directions, each filter as long as that of the weights. The path hardly moves in them: of "
        "thousands of directions these are two."
    ),
    "plane_ends_help": (
        "Through the ends of the selected training, below left, and of another one, to the right of it. Above: the end "
        "of a third one, or where the selected one began."
    ),
    "other_directions": "Other directions",
    "landscape_range": "The loss in view, {samples}: from {low} to {high}.",
    "landscape_log": "The contours are on a log scale.",
    "race_landscape": "Race on this landscape",
    # readings
    "readings": "What the curves say, of the selected training",
    "readings_wait": "That is said when the training has ended.",
    "readings_untold": "That is said when the clock gets to the end.",
    "no_readings": "Nothing is wrong that can be seen here.",
    "mend": "Train it so, beside this one",
    "sanity": "Before learning: sanity checks",
    "sanity_help": "Of the selected training's model and data. Each has a number that is expected.",
    "check": "Make the checks",
    "passed": "passes", "failed_check": "fails", "checking": "being checked",
    "waiting": "The first epoch is being trained.",
    "save_png": "Save as PNG", "save_svg": "Save as SVG",
    "twin": "The same in words",
    "twin_row": (
        "{name}: training loss {loss}, validation loss {validation_loss}, training accuracy {accuracy} %, validation "
        "accuracy {validation_accuracy} %."
    ),
}  # fmt: skip
