"""The words that the browser shows in the picture of trainings."""

LABELS = {
    # playback
    "first": "To the first weights", "back": "One epoch back", "play": "Play", "pause": "Pause",
    "forward": "One epoch on", "last": "To the end", "scrub": "Epoch", "speed": "Speed", "loop": "Repeat",
    "counter": "epoch {k} / {n}",
    # charts
    "loss": "Loss",
    "loss_help": "Thin: each minibatch. Thick: all training samples. Dashed: validation.",
    "accuracy": "Accuracy in %",
    "accuracy_help": "Solid: training. Dashed: validation.",
    "ratio": "Update : weights, of the selected training",
    "ratio_help": "How long a step is beside the weights that it changes, for each block. The line is 1 : 1000.",
    "epochs": "epochs",
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
    "weights_help": "What each hidden unit looks for in an image: blue raises its sum, orange lowers it.",
    "confusion": "Validation: true class down, predicted class across",
    "mistakes": "The surest mistakes",
    "mistake": "{true} taken for {predicted}, sure to {share} %",
    "no_mistakes": "No mistake.",
    "histograms": "Activations of each hidden layer",
    "histograms_help": "Each column is an epoch; the darker, the more units have that value.",
    "dead": "{count} of {units} dead", "saturated": "{share} % saturated",
    # readings
    "readings": "What the curves say",
    "waiting": "The first epoch is being trained.",
    "twin": "The same in words",
    "twin_row": (
        "{name}: training loss {loss}, validation loss {validation_loss}, training accuracy {accuracy} %, validation "
        "accuracy {validation_accuracy} %."
    ),
}  # fmt: skip
