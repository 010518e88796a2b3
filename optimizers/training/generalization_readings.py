"""Readings of training beside validation: overfitting, too small a model, and what the split or dropout explain."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from optimizers.training.learning_rate_and_noise_readings import FEWEST_EPOCHS
from optimizers.training.reading import Evidence, Reading, ReadingKind, Remedy
from optimizers.training.specification import Training
from optimizers.training.training_curves import TrainingCurves
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

ERRORS = 3.0  # standard errors between two accuracies that differ
LARGE_GAP = 0.05  # between the accuracies
LOSS_RISE = 0.15  # of the validation loss over its lowest: it has turned
LOW_ACCURACY = 0.93  # of training: what a larger model would raise
LEVEL = 0.05  # the fall of the last third over the loss: it has come to rest


def read_generalization(curves: TrainingCurves) -> Iterator[Reading]:
    yield from read_overfitting(curves)
    yield from read_model_size(curves)
    yield from read_better_validation(curves)
    yield from read_split(curves)


def read_overfitting(curves: TrainingCurves) -> Iterator[Reading]:
    """The validation loss has turned while the training loss goes on falling, or the accuracies are far apart."""
    loss = curves.validation_loss
    if len(loss) < FEWEST_EPOCHS or not curves.has("training_loss"):
        return
    lowest = int(np.argmin(loss))
    turn, end = float(curves.epochs[lowest]), float(curves.epochs[-1])
    rise = float(loss[-1] / loss[lowest] - 1) if loss[lowest] > 0 else 0.0
    gap, error = accuracy_gap(curves)
    is_falling = curves.training_loss[-1] < curves.training_loss[lowest]
    has_gap = gap > max(LARGE_GAP, ERRORS * error) and not is_split_by_file(curves)
    is_certain = not curves.has("validation_loss_error") or loss[-1] - loss[lowest] > curves.validation_loss_error[-1]
    has_turned = rise > LOSS_RISE and is_falling and is_certain
    if not (has_turned or has_gap):
        return
    evidence = [Evidence("validation_loss", turn, end, (("lowest", float(loss[lowest])), ("last", float(loss[-1]))))]
    if has_gap:
        evidence.append(Evidence("validation_accuracy", end, end, (("gap", gap), ("error", error))))
        sentence = describe_gap(end, gap, error)
    else:
        sentence = Translatable(
            "Overfitting: the validation loss was lowest in epoch {turn}, {lowest}, and has risen to {last} since, "
            "while the training loss went on falling.", turn=format_number(turn),
            lowest=format_number(float(loss[lowest])), last=format_number(float(loss[-1])),
        )  # fmt: skip
    yield Reading(ReadingKind.OVERFITTING, sentence, tuple(evidence), regularize(curves.training))


def describe_gap(end: float, gap: float, error: float) -> Translatable:
    """A gap between the accuracies; its standard error is 0 where it is not known."""
    words = {"end": format_number(end), "gap": format_number(100 * gap)}
    if not error:
        return Translatable(
            "Overfitting: in epoch {end} the accuracy is {gap} points higher on training than on "
            "validation. How sure that is depends on how many validation samples there are.",
            **words,
        )
    return Translatable(
        "Overfitting: in epoch {end} the accuracy is {gap} points higher on training than on validation, {errors} "
        "standard errors of the difference.", errors=format_number(gap / error, 2), **words,
    )  # fmt: skip


def regularize(training: Training | None) -> Remedy:
    """Dropout for a network that has none, else a stronger penalty."""
    if training is not None and training.model == "network" and training.hidden and not training.dropout:
        return Remedy(Translatable("Drop half of the hidden units in training."), replace(training, dropout=0.5))
    mended = replace(training, l2=10 * training.l2 or 1e-3) if training else None
    return Remedy(Translatable("More regularization: ten times the λ, or 0.001 where it was 0; or more data."), mended)


def read_model_size(curves: TrainingCurves) -> Iterator[Reading]:
    """Training and validation are equal, both low, and the loss has come to rest."""
    n = len(curves.training_loss)
    if n < 2 * FEWEST_EPOCHS or not curves.has("training_accuracy", "validation_accuracy"):
        return
    gap, error = accuracy_gap(curves)
    accuracy, end = float(curves.training_accuracy[-1]), float(curves.epochs[-1])
    since = n - 1 - n // 3
    fall = float(curves.training_loss[since] - curves.training_loss[-1]) / max(float(curves.training_loss[-1]), 1e-12)
    learned = accuracy > curves.chance_accuracy + 0.1 if np.isfinite(curves.chance_accuracy) else True
    if (
        accuracy >= LOW_ACCURACY
        or abs(gap) > max(LARGE_GAP, ERRORS * error)
        or not -LEVEL < fall < LEVEL
        or not learned
    ):
        return
    training = curves.training
    if training is None:
        mended = None
    elif training.model == "network":
        mended = replace(training, hidden=tuple(4 * width for width in training.hidden) or (32,))
    else:
        mended = replace(training, model="network", hidden=(32,), loss=training.model)
    yield Reading(
        ReadingKind.TOO_SMALL,
        Translatable("The model is too small: it is right for {accuracy} % of the training samples and for about as "
                     "many of the validation samples, and since epoch {since} the loss has fallen by only {fall} %.",
                     accuracy=format_number(100 * accuracy), since=format_number(float(curves.epochs[since])),
                     fall=format_number(100 * max(fall, 0.0), 2)),
        (Evidence("training_accuracy", float(curves.epochs[since]), end, (("accuracy", accuracy), ("gap", gap))),),
        Remedy(Translatable("Four times as many hidden units; hidden units at all, if it is linear."), mended),
    )  # fmt: skip


def read_better_validation(curves: TrainingCurves) -> Iterator[Reading]:
    """The validation loss is below the one that is minimised: of the minibatches where these are known."""
    if not curves.has("validation_loss", "training_loss") or len(curves.epochs) < FEWEST_EPOCHS:
        return
    seen = batch_loss_by_epoch(curves)
    training = curves.training_loss if seen is None else seen
    later = slice(1, None)
    below = curves.validation_loss[later] < training[later]
    if below.mean() < 0.8 or not np.isfinite(training[-1]):
        return
    last, end = float(curves.validation_loss[-1]), float(curves.epochs[-1])
    values = {"validation": format_number(last), "training": format_number(float(training[-1])),
              "end": format_number(end)}  # fmt: skip
    evidence = (Evidence("validation_loss", float(curves.epochs[1]), end, (("last", last),)),)
    dropout = curves.training.dropout if curves.training else None
    if dropout:
        sentence = Translatable(
            "Validation is better than training, {validation} against {training} in epoch {end}: the minibatches are "
            "measured with dropout, and validation without. This is not a fault.", **values,
        )  # fmt: skip
    elif dropout is None:
        sentence = Translatable(
            "Validation is better than training, {validation} against {training} in epoch {end}: this happens with "
            "dropout, with a training loss that includes the penalty or is a mean over the epoch, or with an easier "
            "validation part.", **values,
        )  # fmt: skip
    elif last < float(curves.training_loss[-1]) - ERRORS * loss_error(curves):
        sentence = Translatable(
            "Validation is better than training, {validation} against {training} in epoch {end}, and there is no "
            "dropout: the validation samples are easier, or some of them are in the training part.", **values,
        )  # fmt: skip
    else:
        return
    yield Reading(ReadingKind.VALIDATION_BETTER, sentence, evidence)


def read_split(curves: TrainingCurves) -> Iterator[Reading]:
    """A split in the order of the file, which is no random sample."""
    training = curves.training
    if training is None or training.split != "file" or not curves.has("validation_accuracy"):
        return
    gap, error = accuracy_gap(curves)
    end = float(curves.epochs[-1])
    yield Reading(
        ReadingKind.FILE_ORDER,
        Translatable("The split is in the order of the file: the validation samples may come from other people or days "
                     "than the training samples. Validation is {gap} ± {error} points below training here; a random "
                     "split would hide how much of that is due to new people or days.",
                     gap=format_number(100 * gap, 2), error=format_number(100 * error, 2)),
        (Evidence("validation_accuracy", end, end, (("gap", gap), ("error", error))),),
        Remedy(Translatable("Compare with a random split."), replace(training, split="random")),
    )  # fmt: skip


def is_split_by_file(curves: TrainingCurves) -> bool:
    """Whether a gap may be one between people or days."""
    return curves.training is not None and curves.training.split == "file"


def accuracy_gap(curves: TrainingCurves) -> tuple[float, float]:
    """How much higher the accuracy is on training at the end, and the standard error of that; 0 where not known."""
    if not curves.has("training_accuracy", "validation_accuracy"):
        return 0.0, 0.0
    gap = float(curves.training_accuracy[-1] - curves.validation_accuracy[-1])
    if not curves.has("training_accuracy_error", "validation_accuracy_error"):
        return gap, 0.0
    return gap, float(np.hypot(curves.training_accuracy_error[-1], curves.validation_accuracy_error[-1]))


def loss_error(curves: TrainingCurves) -> float:
    if not curves.has("training_loss_error", "validation_loss_error"):
        return 0.0
    return float(np.hypot(curves.training_loss_error[-1], curves.validation_loss_error[-1]))


def batch_loss_by_epoch(curves: TrainingCurves) -> "np.ndarray[tuple[int], np.dtype[np.float64]] | None":
    """The mean loss of the minibatches in the epoch before each; NaN where there are none."""
    if not len(curves.step_loss):
        return None
    order = np.argsort(curves.step_epochs, kind="stable")
    times, losses = curves.step_epochs[order], curves.step_loss[order]
    starts, ends = (np.searchsorted(times, epochs) for epochs in (curves.epochs - 1, curves.epochs))
    return np.array([losses[i:k].mean() if i < k else np.nan for i, k in zip(starts, ends, strict=True)])
