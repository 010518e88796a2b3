"""The scene of a gradient check: what is checked and how. It is the link, and the step of undo."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import log10
from typing import Any, NamedTuple

import numpy as np

from app.model.hyperparameter_table import ParameterRange, integer_range, log_range
from app.model.network_settings import DEPTH_RANGE, DROPOUT_RANGE, WIDTH_RANGE, check_number, l2_range
from app.model.scene import Call, UserError
from surfaces.gradient_check.difference_quotients import Method
from surfaces.models.activations import ACTIVATIONS
from surfaces.models.catalogue import DATA_SETS, MODELS, OWN_DATA
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS
from surfaces.translatable import Translatable

MANTISSAS = (1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8)  # Renard's series R10: ten round numbers in each decade
STEP_SIZES = (*(float(f"{mantissa}e{power}") for power in range(-16, 0) for mantissa in MANTISSAS), 1.0)


class Precision(StrEnum):
    """The numbers in which everything is computed."""

    DOUBLE = "float64"
    SINGLE = "float32"

    @property
    def dtype(self) -> type[np.floating[Any]]:
        return np.float32 if self is Precision.SINGLE else np.float64


class Entries(StrEnum):
    """Which entries of the gradient are checked."""

    SAMPLE = "sample"  # some of every block
    FLAT = "flat"  # drawn from the whole vector, whatever the blocks
    ALL = "all"


class GradientFault(StrEnum):
    """A deliberate fault in the gradient of a model."""

    NONE = "none"
    HALF = "half"  # that of the weight matrices, without the regularization, is half as large as it should be
    BIAS = "bias"  # that of the last biases is 0
    MARGIN = "margin"  # a support vector machine does not look which margins are met


class SurfaceTarget(NamedTuple):
    surface: Call
    point: tuple[float, float]


class FormulaTarget(NamedTuple):
    """A function of x and y that a visitor typed, and the gradient to check; in canonical spelling."""

    f: str = "x**2*y + sin(y)"
    dx: str = "2*x*y"
    dy: str = "x**2 + cos(y)"
    point: tuple[float, float] = (1.2, 0.7)


class ModelTarget(NamedTuple):
    """A model on data, at a moment of a training."""

    kind: str = "network"
    data: str = "digits"
    table: str = ""  # the text of the visitor's own data
    samples: int = 20
    depth: int = 2  # layers of weights
    width: int = 30
    activation: str = "tanh"
    initialization: str = "glorot"
    dropout: float = 0.0
    fixed_mask: bool = True  # the dropout mask is seeded, and so the same in every evaluation
    l2: float = 0.0
    warmup: int = 0  # steps of Adam before the check
    fault: GradientFault = GradientFault.NONE

    @property
    def has_kinks(self) -> bool:
        is_kinked = self.kind == "network" and bool(ACTIVATIONS[self.activation].kinks)
        return is_kinked or self.kind == "svm"


Target = SurfaceTarget | FormulaTarget | ModelTarget

MODEL_WORDS: dict[str, tuple[str, ...]] = {  # the words that a choice of a model may have
    "kind": tuple(MODELS),
    "data": (*DATA_SETS, OWN_DATA),
    "activation": tuple(ACTIVATIONS),
    "initialization": tuple(STANDARD_DEVIATIONS),
    "fault": tuple(GradientFault),
}
NETWORK_ONLY = ("depth", "width", "activation", "dropout", "fixed_mask")
CHECK_RANGES: dict[str, ParameterRange] = {
    "samples": ParameterRange(Translatable("Samples"), 1, 2000, (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
    "depth": DEPTH_RANGE,
    "width": WIDTH_RANGE.with_limits(2, 100)._replace(low=1),  # 1 can be typed, and is no stop of the slider
    "dropout": DROPOUT_RANGE,
    "l2": l2_range(-4, 4),  # 10,000 drowns the gradient of the data, which is a trap
    "warmup": ParameterRange(
        Translatable("Training steps before the check"), 0, 300, (0, 5, 10, 20, 50, 100, 200, 300)
    ),
    "h": ParameterRange(Translatable("Step size h"), STEP_SIZES[0], 1.0, STEP_SIZES),
    "scale": log_range(Translatable("Loss times"), -12, 6, mantissas=(1,)),
    "seed": integer_range(Translatable("Seed of weights and sample"), 0, 99),
}
WHOLE = ("samples", "depth", "width", "warmup", "seed")


DEFAULT_TARGET = ModelTarget()


@dataclass(frozen=True)
class CheckScene:
    target: Target = DEFAULT_TARGET
    method: Method = Method.CENTRED
    precision: Precision = Precision.DOUBLE
    h: float = 1e-5  # one of `STEP_SIZES`
    entries: Entries = Entries.SAMPLE
    scale: float = 1.0  # of the loss
    seed: int = 0
    trap: str = ""  # the trap that the scene shows

    def with_choice(self, name: str, value: Any) -> "CheckScene":
        """Another method, precision, h, ... Raises `UserError`."""
        return replace(self, **{name: check_choice(name, value)})

    def with_model(self, **choices: Any) -> "CheckScene":
        """Other choices of the model. Raises `UserError`."""
        target = self.target if isinstance(self.target, ModelTarget) else ModelTarget()
        return replace(self, target=make_model(target, **choices))


DEFAULT_SCENE = CheckScene()
HOW: dict[str, type[StrEnum]] = {"method": Method, "precision": Precision, "entries": Entries}


def check_choice(name: str, value: Any) -> Any:
    """The value of a choice of how to check, in its type. Raises `UserError`."""
    if name in HOW:
        return check_word(name, value, HOW[name])
    number = check_number(name, value, CHECK_RANGES, WHOLE)
    return find_nearest_step(number) if name == "h" else number


def find_nearest_step(h: float) -> float:
    """The step size of the grid that is nearest to `h` by its ratio."""
    return min(STEP_SIZES, key=lambda step: abs(log10(step) - log10(h)))


def make_model(target: ModelTarget, **choices: Any) -> ModelTarget:
    """The model with other choices; those that do not apply to its kind are at their defaults. Raises `UserError`."""
    made = target._replace(**{name: check_model_choice(name, value) for name, value in choices.items()})
    if made.kind != "network":
        made = made._replace(**{name: ModelTarget._field_defaults[name] for name in NETWORK_ONLY})
    if made.kind != "svm" and made.fault is GradientFault.MARGIN:
        made = made._replace(fault=GradientFault.NONE)
    if not made.dropout:
        made = made._replace(fixed_mask=True)
    return made if made.data == OWN_DATA else made._replace(table="")


def check_model_choice(name: str, value: Any) -> Any:
    if name in MODEL_WORDS:
        return check_word(name, value, GradientFault if name == "fault" else MODEL_WORDS[name])
    if name == "fixed_mask":
        if not isinstance(value, bool):
            raise UserError("{name} is either on or off.", name=name)
        return value
    return value if name == "table" else check_number(name, value, CHECK_RANGES, WHOLE)


def check_word(name: str, value: Any, words: Any) -> Any:
    if value not in tuple(words):
        raise UserError(
            "{name} is one of {words}, and not {word!r}.",
            name=name, words=", ".join(map(str, words)), word=str(value)[:40],
        )  # fmt: skip
    return words(value) if isinstance(words, type) else value
