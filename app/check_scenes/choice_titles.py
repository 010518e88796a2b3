"""The words for the choices of a gradient check."""

from app.check_scenes.check_scene import Entries, GradientFault, Precision
from app.model.classifier_titles import ACTIVATION_TITLES, DATA_TITLES, INITIALIZATION_TITLES, MODEL_TITLES
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
WORD_TITLES: dict[str, str] = {
    **MODEL_TITLES, **DATA_TITLES, **ACTIVATION_TITLES, **INITIALIZATION_TITLES,
    GradientFault.NONE: Translatable("none: the gradient is right"),
    GradientFault.HALF: Translatable("the weights' gradient is halved"),
    GradientFault.BIAS: Translatable("the last biases' gradient is 0"),
    GradientFault.MARGIN: Translatable("every margin counts as violated"),
}  # fmt: skip
