"""A reading of a training: what its curves say, the numbers that say so, and what would mend it."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from inspect import Parameter, signature
from typing import Any, NamedTuple

from optimizers.catalogue import OPTIMIZERS, SCHEDULES
from optimizers.training.specification import Maker, Training
from surfaces.translatable import Translatable

LEVELS = {"value", "start", "end", "peak", "floor", "low", "then"}  # of schedules: values of what is scheduled


class ReadingKind(StrEnum):
    """The kinds of readings; a page and the translations know these words."""

    RATE_LOW = "rate_low"
    RATE_GOOD = "rate_good"
    RATE_HIGH = "rate_high"
    EXPLODING = "exploding"
    NOISY = "noisy"  # the batch is too small
    OVERFITTING = "overfitting"
    TOO_SMALL = "too_small"  # the model
    SATURATED = "saturated"
    DEAD = "dead"
    AT_CHANCE = "at_chance"
    SYMMETRIC = "symmetric"
    UNMOVED = "unmoved"  # a layer
    VALIDATION_BETTER = "validation_better"
    FILE_ORDER = "file_order"
    THIN_EVIDENCE = "thin_evidence"


class Evidence(NamedTuple):
    """Where it is seen: on which curve, in which epochs, and the numbers."""

    curve: str  # a field of `TrainingCurves`
    first_epoch: float
    last_epoch: float
    numbers: tuple[tuple[str, float], ...] = ()
    block: str = ""


class Remedy(NamedTuple):
    """A change that would mend the training."""

    sentence: Translatable
    mended: Training | None = None


class Reading(NamedTuple):
    kind: ReadingKind
    sentence: Translatable
    evidence: tuple[Evidence, ...] = ()
    remedy: Remedy | None = None

    @property
    def is_fault(self) -> bool:
        return self.kind not in {ReadingKind.RATE_GOOD, ReadingKind.THIN_EVIDENCE, ReadingKind.VALIDATION_BETTER}


def scale_rate(training: Training | None, factor: float) -> Training | None:
    """The training with its learning rate, or all levels of its schedule, multiplied; None if it has none."""
    if training is None:
        return None
    arguments = dict(training.optimizer.arguments)
    rate = arguments.get("lr", read_defaults(OPTIMIZERS[training.optimizer.name]).get("lr"))
    if rate is None:
        return None
    changes = tuple(
        change._replace(value=change.value * factor) if change.name == "lr" else change for change in training.changes
    )
    optimizer = training.optimizer._replace(arguments=tuple((arguments | {"lr": scale_value(rate, factor)}).items()))
    return replace(training, optimizer=optimizer, changes=changes)


def scale_value(value: float | Maker, factor: float) -> float | Maker:
    """A number, or a schedule whose levels are multiplied, those too that have their defaults."""
    if not isinstance(value, Maker):
        return float(f"{value * factor:.3g}")
    arguments = dict(value.arguments)
    for name, level in read_defaults(SCHEDULES[value.name]).items():
        if name in LEVELS and level:  # what is 0 stays 0
            arguments.setdefault(name, level)
    scaled = {name: scale_value(part, factor) if name in LEVELS else part for name, part in arguments.items()}
    return value._replace(arguments=tuple(scaled.items()))


def read_defaults(make: Callable[..., Any]) -> dict[str, Any]:
    """The arguments of a maker that have a default."""
    parameters = signature(make).parameters.values()
    return {parameter.name: parameter.default for parameter in parameters if parameter.default is not Parameter.empty}
