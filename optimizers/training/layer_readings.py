"""Readings of the layers: stuck at chance, symmetric units, saturated ones, dead ones, a layer that does not move."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from optimizers.training.learning_rate_and_noise_readings import FEWEST_EPOCHS, raise_rate
from optimizers.training.reading import Evidence, Reading, ReadingKind, Remedy, scale_rate
from optimizers.training.training_curves import TrainingCurves
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

NEAR_CHANCE = 0.05  # of the loss at chance
SAME_UNITS = 1e-9  # relative spread of the units' weights
MANY_SATURATED = 0.5  # of a layer's activations
MANY_DEAD = 0.4  # of a layer's units
UNMOVED_RATIO = 1e-6
MOVED_RATIO = 1e-4
SUITED = {"relu": "he", "leaky_relu": "he", "tanh": "glorot", "sigmoid": "glorot"}


def read_layers(curves: TrainingCurves) -> Iterator[Reading]:
    if len(curves.epochs) < 2:
        return
    symmetric = list(read_symmetry(curves))
    yield from symmetric
    yield from read_chance(curves)
    yield from read_saturation(curves)
    if not symmetric:  # units of zeros are 0 too
        yield from read_dead_units(curves)
    yield from read_unmoved_layers(curves)


def read_symmetry(curves: TrainingCurves) -> Iterator[Reading]:
    if not curves.unit_spread <= SAME_UNITS:
        return
    end = float(curves.epochs[-1])
    yield Reading(
        ReadingKind.SYMMETRIC,
        Translatable("All hidden units are the same: in epoch {end} their weights differ by {spread} % of their size. "
                     "Equal units have equal gradients, and zeros give none, so they stay equal forever.",
                     end=format_number(end), spread=format_number(100 * curves.unit_spread, 2)),
        (Evidence("first_weights", float(curves.epochs[0]), end, (("spread", curves.unit_spread),)),),
        draw_weights(curves),
    )  # fmt: skip


def read_chance(curves: TrainingCurves) -> Iterator[Reading]:
    """The loss is where guessing is, from beginning to end."""
    loss, chance = curves.training_loss, curves.chance_loss
    if len(loss) < FEWEST_EPOCHS or not np.isfinite(chance):
        return
    late = loss[len(loss) // 2 :]
    if not (np.abs(late / chance - 1) < NEAR_CHANCE).all():
        return
    start, end = float(curves.epochs[len(loss) // 2]), float(curves.epochs[-1])
    yield Reading(
        ReadingKind.AT_CHANCE,
        Translatable("Stuck at chance: the loss is {loss} in epoch {end}, and guessing gives {chance}.",
                     loss=format_number(float(loss[-1]), 4), end=format_number(end), chance=format_number(chance, 4)),
        (Evidence("training_loss", start, end, (("last", float(loss[-1])), ("chance", chance))),),
        mend_standstill(curves),
    )  # fmt: skip


def mend_standstill(curves: TrainingCurves) -> Remedy:
    """Choose a remedy for a training that is stuck at chance: a lower learning rate if units died, other first weights
    if these do not suit the network, else a higher learning rate, provided that the loss falls at all."""
    if any(share > MANY_DEAD for share in last_row(curves.dead)) and not curves.unit_spread <= SAME_UNITS:
        return lower(curves)
    redrawn = draw_weights(curves)
    is_falling = curves.training_loss[-1] < curves.training_loss[0]
    if curves.training is None or redrawn.mended or not is_falling:
        return redrawn
    return raise_rate(curves)


def read_saturation(curves: TrainingCurves) -> Iterator[Reading]:
    for layer, share in enumerate(last_row(curves.saturated), 1):
        if share <= MANY_SATURATED:
            continue
        first = float(curves.saturated[0, layer - 1])
        begins_so = first > MANY_SATURATED
        remedy = draw_weights(curves) if begins_so else lower(curves)
        yield Reading(
            ReadingKind.SATURATED,
            Translatable("Layer {layer} is saturated: {share} % of its activations are near the ends of their range in "
                         "epoch {end}, {first} % at the start. There the slope is nearly 0.",
                         layer=layer, share=round(100 * share), first=round(100 * first),
                         end=format_number(float(curves.epochs[-1]))),
            (Evidence("saturated", float(curves.epochs[0]), float(curves.epochs[-1]),
                      (("first", first), ("last", float(share))), f"W{layer}"),),
            remedy,
        )  # fmt: skip


def read_dead_units(curves: TrainingCurves) -> Iterator[Reading]:
    for layer, share in enumerate(last_row(curves.dead), 1):
        if share <= MANY_DEAD:
            continue
        column, end = curves.dead[:, layer - 1], float(curves.epochs[-1])
        since = float(curves.epochs[int(np.argmax(column > MANY_DEAD))])
        begins_so = column[0] > MANY_DEAD
        values = {"since": format_number(since), "share": round(100 * share), "layer": layer}
        sentence = (
            Translatable("Dead ReLUs: from the start, {share} % of the units of layer {layer} are 0 for every sample. "
                         "No gradient reaches them, so they stay dead.", **values)
            if begins_so else
            Translatable("Dead ReLUs: the learning rate is too high. Steps that were too long took {share} % of the "
                         "units of layer {layer} to where they are 0 for every sample, from epoch {since} on. No "
                         "gradient reaches them, so they stay dead.", **values)
        )  # fmt: skip
        evidence = (Evidence("dead", since, end, (("last", float(share)),), f"W{layer}"),)
        yield Reading(ReadingKind.DEAD, sentence, evidence, draw_weights(curves) if begins_so else lower(curves))


def read_unmoved_layers(curves: TrainingCurves) -> Iterator[Reading]:
    """Matrices whose updates are next to nothing while those of another are not."""
    medians = {}
    for name, column in curves.ratios.items():
        finite = column[np.isfinite(column)]
        if finite.size:
            medians[name] = float(np.median(finite))
    if not medians or max(medians.values()) < MOVED_RATIO:
        return
    for name, ratio in medians.items():
        if ratio < UNMOVED_RATIO:
            yield Reading(
                ReadingKind.UNMOVED,
                Translatable("{block} does not move: its updates are {ratio} of its weights, those of another layer "
                             "{other}.", block=name, ratio=format_number(ratio, 2),
                             other=format_number(max(medians.values()), 2)),
                (Evidence("ratios", float(curves.ratio_epochs[0]), float(curves.ratio_epochs[-1]),
                          (("ratio", ratio),), name),),
                draw_weights(curves),
            )  # fmt: skip


def last_row(table: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> list[float]:
    return [float(share) for share in table[-1]] if len(table) else []


def draw_weights(curves: TrainingCurves) -> Remedy:
    """First weights that suit the activation function."""
    training = curves.training
    mended = None if training is None else replace(training, initialization=SUITED[training.activation])
    return Remedy(
        Translatable("Draw the first weights at random, with a variance of about 1/n for n inputs (He's for ReLU, "
                     "Glorot's for tanh)."),
        None if mended == training else mended,
    )  # fmt: skip


def lower(curves: TrainingCurves) -> Remedy:
    return Remedy(Translatable("Divide the learning rate by {times:g}.", times=10.0),
                  scale_rate(curves.training, 0.1))  # fmt: skip
