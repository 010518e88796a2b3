"""Readings of the loss and the update ratios: a learning rate too low, good or too high; a batch too small."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.reading import Evidence, Reading, ReadingKind, Remedy, scale_rate
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.update_ratios import RULE_OF_THUMB, TOO_HIGH, TOO_LOW
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

FEWEST_EPOCHS = 4  # for a line and a bend to differ
EXPLODED = 1.5  # times the first loss
STILL_FALLING = 0.35  # the fall of the last third over that of the first: a straight line has 1
LEARNED = 0.35  # of the first loss: below it, most is learned
SHAKING = 0.03
STUCK_FALL = 0.1  # of the first loss: so little the second half falls
NOISE_LIMIT = 1.0  # standard deviation of a minibatch's loss over its mean
NOISE_FLOOR = 0.01  # of the first loss: below it, noise does no harm
FEWEST_STEPS = 20


class LossShape(NamedTuple):
    """How the training loss falls, in parts of the first loss."""

    first: float
    last: float  # the last loss
    early_fall: float  # in the first third after the first epoch, in which wrong first weights are mended
    late_fall: float  # in the last third
    second_half_fall: float
    lowest: float
    wiggle: float  # of the second half: how far it goes up and down between epochs, in parts of its mean


def measure_shape(curves: TrainingCurves) -> LossShape:
    loss = curves.training_loss
    n, first = len(loss), float(loss[0]) or 1.0
    third = max(1, n // 3)
    late = loss[n // 2 :]
    ups_and_downs = float(np.abs(np.diff(late)).mean() - max(late[0] - late[-1], 0.0) / max(1, len(late) - 1))
    return LossShape(
        first,
        float(loss[-1]) / first,
        float(loss[1] - loss[min(1 + third, n - 1)]) / first,
        float(loss[-1 - third] - loss[-1]) / first,
        float(loss[n // 2] - loss[-1]) / first,
        float(loss.min()) / first,
        ups_and_downs / (float(late.mean()) or 1.0),  # a loss may be exactly 0
    )


def read_learning_rate(curves: TrainingCurves) -> Iterator[Reading]:
    """One of exploding, too high, too low and good, if the curves tell."""
    if curves.divergence is not None:
        yield Reading(
            ReadingKind.EXPLODING,
            curves.divergence.sentence,
            (Evidence("step_loss", curves.divergence.epoch - 1, curves.divergence.epoch),),
            lower_rate(curves, 0.1),
        )
        return
    finite = np.isfinite(curves.training_loss)
    if finite.size and not finite[-1]:
        yield read_overflow(curves, finite)
        return
    if not finite.all():  # of a log: what is between its finite losses is not known
        curves = curves._replace(epochs=curves.epochs[finite], training_loss=curves.training_loss[finite])
    if len(curves.training_loss) < FEWEST_EPOCHS or not curves.training_loss[0] > 0:
        return
    shape, (low, high) = measure_shape(curves), (float(curves.epochs[0]), float(curves.epochs[-1]))
    ratio = late_ratio(curves)
    numbers = (("first", shape.first), ("last", shape.last * shape.first))
    values = {"first": format_number(shape.first), "last": format_number(shape.last * shape.first),
              "start": format_number(low), "end": format_number(high)}  # fmt: skip
    loss = Evidence("training_loss", low, high, numbers)
    evidence = (loss,) if np.isnan(ratio) else (loss, Evidence("ratios", low, high, (("ratio", ratio),)))
    if shape.last > EXPLODED:
        yield Reading(
            ReadingKind.EXPLODING,
            Translatable("The learning rate is far too high: from epoch {start} to {end} the loss rose from {first} to "
                         "{last}.", **values),
            evidence, lower_rate(curves, 0.1),
        )  # fmt: skip
    elif is_stuck_high(shape, ratio):
        yield Reading(
            ReadingKind.RATE_HIGH,
            describe_high(values, ratio), evidence, lower_rate(curves, 0.1),
        )  # fmt: skip
    elif is_slow(shape, ratio):
        yield Reading(
            ReadingKind.RATE_LOW, describe_low(values, shape, ratio), evidence, raise_rate(curves),
        )  # fmt: skip
    elif shape.last < LEARNED:
        yield Reading(
            ReadingKind.RATE_GOOD,
            Translatable("The learning rate is good: the loss fell fast at first and then ever more slowly, from "
                         "{first} to {last}.", **values),
            evidence,
        )  # fmt: skip


def read_overflow(curves: TrainingCurves, finite: NDArray[np.bool_]) -> Reading:
    """A log whose loss ends as no finite number; `finite` (epochs,) tells where it is one."""
    before = int(np.flatnonzero(finite)[-1]) if finite.any() else -1
    since, end = float(curves.epochs[before + 1]), float(curves.epochs[-1])
    start = since if before < 0 else float(curves.epochs[before])
    sentence = Translatable("Diverged: from {start} on, the loss is not finite.", start=format_number(since))
    if before >= 0:
        sentence = Translatable(
            "Diverged: from {start} on, the loss is not finite. Before that, at {before}, it was {loss}.",
            start=format_number(since), before=format_number(start),
            loss=format_number(float(curves.training_loss[before])),
        )  # fmt: skip
    return Reading(ReadingKind.EXPLODING, sentence, (Evidence("training_loss", start, end),), lower_rate(curves, 0.1))


def is_stuck_high(shape: LossShape, ratio: float) -> bool:
    """Fast, and then stuck and shaking: a loss at rest is that of a small model.

    The update ratio, where it is known, is above the rule of thumb. Long steps of a loss that goes on falling are none
    too long.
    """
    stands = shape.second_half_fall < STUCK_FALL
    stuck = stands and shape.last > LEARNED and shape.lowest < 1 - STUCK_FALL
    shaking = shape.last > 2 * shape.lowest and shape.last > STUCK_FALL
    found = (stuck and shape.wiggle > SHAKING) or shaking or (stands and ratio > TOO_HIGH)
    return found and not ratio <= RULE_OF_THUMB and shape.last > NOISE_FLOOR


def is_slow(shape: LossShape, ratio: float) -> bool:
    return shape.last > LEARNED and (is_still_falling(shape) or ratio < TOO_LOW) and not ratio > TOO_HIGH


def is_still_falling(shape: LossShape) -> bool:
    """Whether the loss fell, and in the last third not much more slowly than in the first."""
    return shape.last < 1 and shape.late_fall > 0 and shape.late_fall >= STILL_FALLING * shape.early_fall


def describe_low(values: dict[str, str], shape: LossShape, ratio: float) -> Translatable:
    if not is_still_falling(shape):
        return Translatable(
            "The learning rate is too low: the updates are {ratio} of the weights, a tenth of the rule of thumb or "
            "less, and the loss is {first} in epoch {start} and {last} in epoch {end}.",
            **values, ratio=format_number(ratio),
        )  # fmt: skip
    share = min(shape.late_fall / (1 - shape.last), 1.0)  # a loss that rose in between may fall by more than in all
    return Translatable("The learning rate is too low: the loss falls along nearly a straight line, from {first} in "
                        "epoch {start} to {last} in epoch {end}, and {share} % of its fall is in the last third.",
                        **values, share=round(100 * share))  # fmt: skip


def describe_high(values: dict[str, str], ratio: float) -> Translatable:
    if ratio > TOO_HIGH:
        return Translatable(
            "The learning rate is too high: the updates are {ratio} of the weights, ten times the rule of thumb or "
            "more, and the loss stands at {last} in epoch {end}.", **values, ratio=format_number(ratio),
        )  # fmt: skip
    return Translatable("The learning rate is too high: the loss fell fast at first and then got stuck, at {last} in "
                        "epoch {end}.", **values)  # fmt: skip


def late_ratio(curves: TrainingCurves) -> float:
    """The median update ratio of the matrices in the second half; NaN if it is not known."""
    if not curves.ratios:
        return float("nan")
    late = curves.ratio_epochs >= curves.ratio_epochs[-1] / 2
    found = np.concatenate([column[late] for column in curves.ratios.values()])
    found = found[np.isfinite(found)]
    return float(np.median(found)) if found.size else float("nan")


def raise_rate(curves: TrainingCurves) -> Remedy:
    return Remedy(Translatable("Multiply the learning rate by 10."), scale_rate(curves.training, 10))


def lower_rate(curves: TrainingCurves, factor: float) -> Remedy:
    return Remedy(Translatable("Divide the learning rate by {times:g}.", times=1 / factor),
                  scale_rate(curves.training, factor))  # fmt: skip


def read_noise(curves: TrainingCurves) -> Iterator[Reading]:
    """Whether the losses of the minibatches scatter more than they are high: in the last quarter of the epochs."""
    if len(curves.step_loss) < FEWEST_STEPS or curves.divergence is not None:
        return
    end = float(curves.step_epochs[-1])
    late = curves.step_epochs >= 0.75 * end
    losses = curves.step_loss[late]
    first = float(curves.step_loss[: max(1, len(losses) // 10)].mean())
    mean, deviation = float(losses.mean()), float(losses.std())
    size = curves.training.batch_size if curves.training else 0
    if not (np.isfinite(deviation) and deviation > NOISE_LIMIT * mean > NOISE_FLOOR * NOISE_LIMIT * first):
        return
    if curves.training and not size:
        return
    mended = replace(curves.training, batch_size=4 * size) if curves.training else None
    yield Reading(
        ReadingKind.NOISY,
        Translatable("The batch is too small for this noise: from epoch {start} on the minibatches' losses have the "
                     "mean {mean} and the standard deviation {deviation}. Four times as many samples would halve the "
                     "deviation.",
                     start=format_number(0.75 * end), mean=format_number(mean), deviation=format_number(deviation)),
        (Evidence("step_loss", 0.75 * end, end, (("mean", mean), ("deviation", deviation))),),
        Remedy(Translatable("Take four times as many samples in a batch."), mended),
    )  # fmt: skip
