"""The words for the choices of a gradient check."""

from app.gradient_check.check_scene import OWN_DATA, Entries, Fault, Precision
from surfaces.gradient_check.difference_quotients import Method
from surfaces.translatable import Translatable

METHOD_TITLES = {
    Method.FORWARD: Translatable("forward"),
    Method.CENTRED: Translatable("centred"),
    Method.COMPLEX_STEP: Translatable("complex"),
}
PRECISION_TITLES = {Precision.DOUBLE: "float64", Precision.SINGLE: "float32"}
ENTRIES_TITLES = {
    Entries.SAMPLE: Translatable("some of every block"),
    Entries.FLAT: Translatable("some of the whole vector"),
    Entries.ALL: Translatable("all entries"),
}
WORD_TITLES = {
    "softmax": Translatable("Softmax classifier"), "svm": Translatable("Linear SVM (Weston-Watkins)"),
    "network": Translatable("Fully connected network"),
    "digits": Translatable("Handwritten digits"), "two_moons": Translatable("Two moons"),
    "spirals": Translatable("Spirals"), "rings": Translatable("Rings"), "xor": Translatable("XOR"),
    OWN_DATA: Translatable("My own table"),
    "tanh": "tanh", "relu": "ReLU", "leaky_relu": Translatable("leaky ReLU"), "sigmoid": Translatable("sigmoid"),
    "zero": Translatable("zero"), "too_small": Translatable("too small (10⁻³)"), "lecun": "LeCun (1/n)",
    "glorot": "Glorot (2/(n + m))", "he": "He (2/n)", "too_large": Translatable("too large (25/n)"),
    Fault.NONE: Translatable("none: the gradient is right"),
    Fault.HALF: Translatable("the weights' gradient is half as large"),
    Fault.BIAS: Translatable("the last biases' gradient is 0"),
    Fault.MARGIN: Translatable("every margin counts as violated"),
}  # fmt: skip
