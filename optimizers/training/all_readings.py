"""All readings of a training by the rules of the CS231n notes and of DL4J; and what is missing for others."""

from collections.abc import Iterator

import numpy as np

from optimizers.training.generalization_readings import read_generalization
from optimizers.training.layer_readings import read_layers
from optimizers.training.learning_rate_and_noise_readings import FEWEST_EPOCHS, read_learning_rate, read_noise
from optimizers.training.reading import Reading, ReadingKind
from optimizers.training.training_curves import TrainingCurves
from surfaces.translatable import Translatable

# Where one of these is read, the learning rate is not: the loss stands still for another reason.
STANDSTILL = {ReadingKind.AT_CHANCE, ReadingKind.SYMMETRIC, ReadingKind.DEAD}


def read_training(curves: TrainingCurves) -> list[Reading]:
    """The readings, faults first, and then what is missing."""
    with np.errstate(all="ignore"):  # losses may be infinite
        return list_readings(curves)


def list_readings(curves: TrainingCurves) -> list[Reading]:
    layers = list(read_layers(curves)) if curves.divergence is None else []
    found = [*layers, *read_learning_rate(curves)]
    if {reading.kind for reading in layers} & STANDSTILL:
        found = layers
    found += [*read_noise(curves), *read_generalization(curves)]
    if any(reading.kind == ReadingKind.RATE_LOW for reading in found):  # a model that still learns is not too small
        found = [reading for reading in found if reading.kind != ReadingKind.TOO_SMALL]
    return [*sorted(found, key=lambda reading: not reading.is_fault), *list_what_is_missing(curves)]


def list_what_is_missing(curves: TrainingCurves) -> Iterator[Reading]:
    known = np.isfinite(curves.training_loss)
    if known.sum() < FEWEST_EPOCHS and curves.divergence is None and known[-1:].all():
        if not len(curves.training_loss):
            yield thin(
                Translatable("There is no training loss: without it nothing can be said about the learning rate.")
            )
        else:
            yield thin(Translatable("Too few points of the loss ({count}): to judge the learning rate, {least} are "
                                    "needed.", count=int(known.sum()), least=FEWEST_EPOCHS))  # fmt: skip
    if not len(curves.validation_loss):
        yield thin(Translatable("There is no validation loss: overfitting cannot be told from learning."))
    if not curves.has("training_accuracy", "validation_accuracy"):
        yield thin(Translatable("The accuracies are missing: they would show whether the model is too small."))
    if not curves.ratios:
        yield thin(
            Translatable("The ratios of updates to weights are missing: they would show whether a layer hardly moves.")
        )
    if not len(curves.step_loss):
        yield thin(Translatable("The losses of single minibatches are missing: they would show the noise."))


def thin(sentence: Translatable) -> Reading:
    return Reading(ReadingKind.THIN_EVIDENCE, sentence)
