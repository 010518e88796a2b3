"""The words that the browser shows in the picture of trainings."""

from app.browser.player_labels import LABELS as PLAYER_LABELS
from optimizers.training.sanity_checks import Blame, Check
from surfaces.translatable import Translatable

CHECK_TITLES = {
    Check.CHANCE: Translatable("The first loss is that of guessing"),
    Check.REGULARIZATION: Translatable("More regularization raises the first loss"),
    Check.GRADIENT: Translatable("The gradient is right"),
    Check.FEW_SAMPLES: Translatable("Twenty samples are learned by heart"),
    Check.RANDOM_INPUTS: Translatable("Twenty samples of random numbers are learned by heart, too"),
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
    "key_sequence": "Show one training more and play it; show one fewer",
    "key_undo": PLAYER_LABELS["key_undo"], "key_ahead": PLAYER_LABELS["key_ahead"],
    # the training as it goes on
    "working": "Training: {share} %", "stopped": "Paused at {share} %", "stop": "Pause", "resume": "Go on",
    "change": "Change something from epoch {epoch} on", "change_middle": "Change something in the middle",
    "change_what": "What is changed", "change_value": "Its new value", "change_now": "now {value}",
    "change_beside": "beside this one", "change_go": "Go on from here",
    "change_where": (
        "Move the clock to the epoch from which something is to change: the training continues from the weights that "
        "it has there."
    ),
    # charts
    "loss": "Loss",
    "loss_help": (
        "Thin: each minibatch of the selected training. Thick: training samples, at most 300 of them. Dashed: "
        "validation. Dotted: what regularization adds."
    ),
    "accuracy": "Accuracy in %",
    "accuracy_help": "Solid: training. Dashed: validation.",
    "ratio": "Update : weights, of the selected training",
    "ratio_help": (
        "The length of a step relative to that of the weights that it changes, for each block. The line is 1 : 1000, a "
        "rule of thumb; shaded is its order of magnitude, from 3.2e-4 to 3.2e-3."
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
        "What each hidden unit looks for in an image: blue weights raise its sum, orange ones lower it. “One scale” is "
        "the same for all units in all epochs."
    ),
    "weights_shown": "The first {count} of {units} hidden units.",
    "scale": "Scale", "scale_common": "one scale", "scale_own": "each its own",
    "confusion": "Validation: true class down, predicted class across",
    "mistakes": "The most confident mistakes",
    "mistake": "{true} taken for {predicted}, with {share} % confidence",
    "no_mistakes": "No mistake.",
    "histograms": "Activations and gradients of each layer",
    "histograms_help": (
        "Each column is an epoch; the stronger the colour, the more values lie there. On one scale, gradients that "
        "vanish towards the first layer look narrower there."
    ),
    "layer_activations": "Layer {k}, activations", "layer_gradients": "Layer {k}, gradient",
    "spread": "standard deviation {value}",
    "inside_wait": "Mistakes and weights are shown when the training has ended or is paused.",
    "dead": "{count} of {units} dead", "saturated": "{share} % saturated",
    # decision regions
    "regions": "The class that the network predicts at each point",
    "regions_help": (
        "The stronger the colour, the more confident the network. Filled: training samples. Hollow: validation. A ring "
        "marks a sample that lies in the region of another class."
    ),
    "region_row": (
        "{wrong} of {count} training samples and {wrong_validation} of {validation} validation samples are "
        "misclassified"
    ),
    "region_shares": "{name} covers {share} % of the picture",
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
        "Two random directions, each filter as long as that of the weights. The path hardly moves along them: they are "
        "only two of thousands of directions."
    ),
    "plane_ends_help": (
        "Through the end of the selected training (lower left), that of another one (to its right), and above them "
        "that of a third one, or the start of the selected one."
    ),
    "other_directions": "Other directions",
    "landscape_range": "The loss in view, {samples}: from {low} to {high}.",
    "landscape_log": "The contours are on a log scale.",
    "race_landscape": "Race on this landscape",
    # readings
    "readings": "What the curves of the selected training say",
    "readings_wait": "Shown when the training has ended.",
    "readings_untold": "Shown when the clock reaches the end.",
    "no_readings": "No fault can be seen in these curves.",
    "mend": "Try it in a new training, beside this one",
    "sanity": "Before learning: sanity checks",
    "sanity_help": "They test the selected training's model and data. Each compares a number with its expected value.",
    "check": "Run the checks",
    "passed": "passes", "failed_check": "fails", "checking": "being checked",
    "waiting": "The first epoch is being trained.",
    "save_png": "Save as PNG", "save_svg": "Save as SVG",
    "twin": "The same in words",
    "twin_row": (
        "{name}: training loss {loss}, validation loss {validation_loss}, training accuracy {accuracy} %, validation "
        "accuracy {validation_accuracy} %."
    ),
}  # fmt: skip
