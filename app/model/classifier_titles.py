"""The titles of models, data sets, activations and initializations, by the words that name them in links."""

from surfaces.models.catalogue import OWN_DATA
from surfaces.translatable import Translatable

MODEL_TITLES = {
    "softmax": Translatable("Softmax classifier"),
    "svm": Translatable("Linear SVM (Weston-Watkins)"),
    "network": Translatable("Fully connected network"),
}
SHORT_MODEL_TITLES = {
    "softmax": Translatable("softmax"), "svm": Translatable("linear SVM"), "network": Translatable("network"),
}  # fmt: skip
DATA_TITLES = {
    "digits": Translatable("Handwritten digits"),
    "two_moons": Translatable("Two moons"),
    "spirals": Translatable("Spirals"),
    "rings": Translatable("Rings"),
    "xor": Translatable("XOR"),
    OWN_DATA: Translatable("My own table"),
}
ACTIVATION_TITLES = {
    "tanh": "tanh", "relu": "ReLU", "leaky_relu": Translatable("leaky ReLU"), "sigmoid": Translatable("sigmoid"),
}  # fmt: skip
INITIALIZATION_TITLES = {
    "zero": Translatable("zero"), "too_small": Translatable("too small (10⁻³)"), "lecun": "LeCun (1/n)",
    "glorot": "Glorot (2/(n + m))", "he": "He (2/n)", "too_large": Translatable("too large (25/n)"),
}  # fmt: skip
