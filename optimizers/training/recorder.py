"""Record a training: the loss of each minibatch, and by epoch everything else, in float32.

Samples are evaluated in single precision, in half the time, and of the training part at most 300. Update ratios are
taken in a few steps of each epoch, and epochs of a very long training are thinned. For 64-100-10 in batches of 32
recording takes about a fifth of the training.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.epoch_evaluation import Evaluator
from optimizers.training.histograms import Histogram, count_values
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.update_ratios import UpdateRatios
from surfaces.base import Array
from surfaces.models.classification_losses import Classes
from surfaces.models.network import Network

MAX_RECORDED_EPOCHS = 250
RATIOS_PER_EPOCH = 3
FIRST_GRADIENT_SAMPLES = 64  # over which the gradient at the start is taken

Single = NDArray[np.float32]


class PartRecord(NamedTuple):
    """Loss (without the penalty) and accuracy on a part of the data, with standard errors."""

    loss: float
    loss_error: float
    accuracy: float
    accuracy_error: float


class EpochRecord(NamedTuple):
    """The state at the end of an epoch; 0 is the start. Without dropout, and no sample is left out."""

    epoch: int
    t: int
    training: PartRecord
    validation: PartRecord
    regularization: float
    predictions: NDArray[np.uint8]  # (n,) the class with the highest score of each validation sample
    sureness: Single  # (n,) its softmax probability
    first_weights: Single  # (m, width of the first layer)
    activations: tuple[Histogram, ...]  # of each hidden layer, for some of the samples
    gradients: tuple[Histogram, ...]  # of each matrix of weights, in the last step; at the start of some samples
    saturated: (
        Single  # (hidden layers,) the fraction of activations of the evaluated samples; 0 where units do not saturate
    )
    dead: NDArray[np.int32]  # (hidden layers,) ReLUs that are 0 for all evaluated samples


class StepRecord(NamedTuple):
    """The steps of one epoch."""

    epoch: int  # from 1
    data_loss: Single  # (steps,) at the start of each step, over its minibatch and with its dropout
    regularization: Single  # (steps,)


class RatioRecord(NamedTuple):
    t: int
    ratios: Single  # (3, blocks): by the definitions of `UpdateRatios`


class TrainingRecord:
    """The record of a training as far as it came."""

    def __init__(self) -> None:
        self.epochs: list[EpochRecord] = []
        self.steps: list[StepRecord] = []
        self.ratios: list[RatioRecord] = []

    def column(self, part: str, name: str) -> Single:
        """A number of a `PartRecord` ("training" or "validation") over the recorded epochs."""
        with np.errstate(over="ignore"):  # a loss of 1e39 is infinite here
            return np.array([getattr(getattr(epoch, part), name) for epoch in self.epochs], dtype=np.float32)

    @property
    def epoch_numbers(self) -> NDArray[np.int32]:
        return np.array([epoch.epoch for epoch in self.epochs], dtype=np.int32)

    @property
    def step_losses(self) -> Single:
        """Data loss and regularization of every step: (2, steps)."""
        if not self.steps:
            return np.zeros((2, 0), dtype=np.float32)
        return np.concatenate([np.stack((e.data_loss, e.regularization)) for e in self.steps], axis=1)

    @property
    def step_epochs(self) -> NDArray[np.float64]:
        """The time of every step in epochs: step k = 0, 1, ... of K in epoch e begins at e - 1 + k / K."""
        parts = [e.epoch - 1 + np.arange(len(e.data_loss)) / max(1, len(e.data_loss)) for e in self.steps]
        return np.concatenate([np.zeros(0), *parts])

    @property
    def update_ratios(self) -> Single:
        """(samples, 3, blocks) at the times `ratio_epochs`."""
        return np.array([record.ratios for record in self.ratios], dtype=np.float32)

    @property
    def ratio_epochs(self) -> NDArray[np.float64]:
        """When the steps of `update_ratios` are complete, in epochs."""
        return find_epochs_of_steps([record.t for record in self.ratios], self.steps)

    def confusion(self, index: int, classes: Classes, class_count: int) -> NDArray[np.int64]:
        """How often a validation sample of class i was taken for class j in the recorded epoch `index`: (C, C)."""
        cells = classes * class_count + self.epochs[index].predictions
        return np.bincount(cells, minlength=class_count**2).reshape(class_count, class_count)


def find_epochs_of_steps(steps: Sequence[int], records: Sequence[StepRecord]) -> NDArray[np.float64]:
    """When steps t = 1, 2, ... are complete, in epochs: step k = 1, ..., K of K in epoch e is at e - 1 + k / K.

    `records` are those of all epochs from the first, each with steps of its own number.
    """
    counts = np.array([len(record.data_loss) for record in records], dtype=np.int64)
    ends = np.cumsum([0, *counts])
    t = np.array(steps, dtype=np.int64)
    k = np.searchsorted(ends, t, side="left") - 1  # complete epochs before the step
    return k + (t - ends[k]) / counts[k]


class Recorder:
    """Fills the record of one training."""

    def __init__(self, prepared: PreparedTraining) -> None:
        self.record = TrainingRecord()
        self.evaluator = Evaluator(prepared.split)
        first = prepared.split.training.subset(
            np.arange(min(FIRST_GRADIENT_SAMPLES, len(prepared.split.training.classes)))
        )
        self.first_inputs, self.first_classes = first.inputs, first.classes
        self.last_epoch = prepared.training.epochs
        self.epoch_stride = -(-self.last_epoch // MAX_RECORDED_EPOCHS)
        self.ratio_stride = 1
        self.ratios = UpdateRatios(prepared.network.layout)
        self.losses = np.zeros((2, 0), dtype=np.float32)  # of the epoch under way
        self.steps: list[int] = []  # of it, of which ratios are taken
        self.points = np.empty(
            (2, RATIOS_PER_EPOCH, prepared.network.layout.size)
        )  # where they begin, and their updates

    def is_recorded(self, epoch: int) -> bool:
        return epoch % self.epoch_stride == 0 or epoch == self.last_epoch

    def begin_epoch(self, epoch: int, steps: int) -> None:
        """Make room for the steps of an epoch, from 1."""
        self.losses = np.empty((2, steps), dtype=np.float32)
        self.ratio_stride = -(-steps // RATIOS_PER_EPOCH) if self.is_recorded(epoch) else steps + 1

    def record_step(self, k: int, t: int, data_loss: float, regularization: float, before: Array, after: Array) -> None:
        """Step k = 0, 1, ... of its epoch, which led from one point to another."""
        losses = self.losses
        losses[0, k], losses[1, k] = data_loss, regularization
        if (k + 1) % self.ratio_stride == 0:
            weights, updates = self.points
            weights[len(self.steps)] = before
            np.subtract(after, before, out=updates[len(self.steps)])
            self.steps.append(t)

    def record_epoch(
        self, epoch: int, t: int, p: Array, network: Network, gradient: Array | None
    ) -> EpochRecord | None:
        """The end of an epoch, with the last gradient that a step took; epoch 0 has no steps."""
        if epoch:
            self.record.steps.append(StepRecord(epoch, *self.losses))
            self._record_ratios()
        if not self.is_recorded(epoch):
            return None
        with np.errstate(all="ignore"):
            if gradient is None:
                gradient = network.evaluate(p, self.first_inputs, self.first_classes).gradient
            found = self._evaluate(epoch, t, p, network, gradient)
        self.record.epochs.append(found)
        return found

    def end_diverged_epoch(self, steps: int) -> None:
        """Keep the steps of an epoch that was not completed."""
        epoch = self.record.steps[-1].epoch + 1 if self.record.steps else 1
        self.record.steps.append(StepRecord(epoch, *self.losses[:, :steps].copy()))
        self._record_ratios()

    def forget_after(self, epoch: int, t: int) -> None:
        """Forget what came after the end of an epoch, which is step t."""
        record = self.record
        record.epochs = [kept for kept in record.epochs if kept.epoch <= epoch]
        record.steps = [kept for kept in record.steps if kept.epoch <= epoch]
        record.ratios = [kept for kept in record.ratios if kept.t <= t]
        self.steps = []

    def _record_ratios(self) -> None:
        """Those of the epoch, all at once."""
        found = self.ratios.measure(*self.points[:, : len(self.steps)])
        self.record.ratios += [RatioRecord(t, found[:, k].copy()) for k, t in enumerate(self.steps)]
        self.steps = []

    def _evaluate(self, epoch: int, t: int, p: Array, network: Network, gradient: Array) -> EpochRecord:
        blocks, gradients = network.layout.unpack(p), network.layout.unpack(gradient)
        found, n = self.evaluator.evaluate(network, p), self.evaluator.training_count
        right = found.predictions == self.evaluator.classes
        return EpochRecord(
            epoch,
            t,
            summarize(found.losses[:n], right[:n]),
            summarize(found.losses[n:], right[n:]),
            float(network.regularization(blocks)) if network.l2 else 0.0,
            found.predictions[n:].astype(np.uint8),
            found.sureness[n:].astype(np.float32),
            blocks["W1"].astype(np.float32),
            found.activations,
            tuple(count_values(gradients[f"W{k}"]) for k in range(1, network.depth + 1)),
            found.saturated,
            found.dead,
        )


def summarize(losses: NDArray[Any], right: NDArray[np.bool_]) -> PartRecord:
    """Mean loss and accuracy, with their standard errors.

    That of an accuracy a of n samples is √(a (1 - a) / n); with (k + 1) / (n + 2) for a = k / n, so that it is not 0
    where all are right.
    """
    n, count = len(losses), int(np.count_nonzero(right))
    mean = float(np.add.reduce(losses, dtype=np.float64)) / n
    distance = losses.astype(np.float64) - mean  # in single precision a difference of squares is lost to rounding
    deviation = float(np.dot(distance, distance) / n) ** 0.5
    share = (count + 1) / (n + 2)
    return PartRecord(mean, deviation / n**0.5, count / n, (share * (1 - share) / n) ** 0.5)
