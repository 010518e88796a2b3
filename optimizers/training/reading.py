"""A reading of a training: what its curves say, the numbers that say so, and what would mend it."""

from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from optimizers.training.specification import GRADIENT_DESCENT, Maker, Training
from surfaces.translatable import Translatable


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
    rate = arguments.get(
        "lr", dict(GRADIENT_DESCENT.arguments)["lr"] if training.optimizer.name == GRADIENT_DESCENT.name else None
    )
    if rate is None:
        return None
    changes = tuple(
        change._replace(value=change.value * factor) if change.name == "lr" else change for change in training.changes
    )
    optimizer = training.optimizer._replace(arguments=tuple((arguments | {"lr": scale_value(rate, factor)}).items()))
    return replace(training, optimizer=optimizer, changes=changes)


def scale_value(value: float | Maker, factor: float) -> float | Maker:
    """A number, or a schedule whose levels are multiplied."""
    if not isinstance(value, Maker):
        return float(f"{value * factor:.3g}")
    levels = {"value", "start", "end", "peak", "floor", "low", "then"}
    return value._replace(
        arguments=tuple((name, scale_value(part, factor) if name in levels else part) for name, part in value.arguments)
    )
