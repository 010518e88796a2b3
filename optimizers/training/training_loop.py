"""The loop of a training: epoch by epoch, to be paused, changed, rewound and gone on with.

Everything that is drawn depends on the seeds and the number of the epoch or step alone, and a `Checkpoint` has all that
a step depends on: so a training that goes on from one takes the steps of the unbroken one, to the bit.
"""

import sys
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.base import Optimizer, State
from optimizers.compiler.coordinate_steps import make_program
from optimizers.training.first_nonfinite_number import Divergence, find_divergence
from optimizers.training.optimizer_steps import NumpySteps, OptimizerSteps, choose_steps
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.recorder import EpochRecord, Recorder, TrainingRecord
from optimizers.training.specification import Change, Training
from surfaces.base import Array
from surfaces.datasets.minibatches import Minibatches
from surfaces.models.network import Network
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.network_training_pass import add_ones
from surfaces.translatable import UserError

MAX_CHECKPOINT_NUMBERS = 4_000_000  # of all checkpoints of a training: 32 MB


class Checkpoint(NamedTuple):
    """The end of an epoch: all that the next step depends on. Nothing writes into these arrays."""

    epoch: int  # epochs that are complete
    t: int  # steps that were taken
    weights: Array  # (d,)
    state: State  # of the optimizer

    @property
    def numbers(self) -> int:
        return self.weights.size + count_numbers(self.state)


class EpochProgress(NamedTuple):
    """The message when an epoch is complete, or has diverged."""

    epoch: int
    t: int
    record: EpochRecord | None  # None where this epoch was not recorded
    divergence: Divergence | None


class EpochSettings(NamedTuple):
    """The settings during one epoch."""

    network: Network
    batch_size: int
    order: NDArray[np.int64] | None  # of the samples in this epoch; None where each step sees all of them
    steps: int


class TrainingLoop:
    """A training as far as it has come. `training.epochs` says where it ends; `is_recorded=False` only trains."""

    def __init__(self, prepared: PreparedTraining, is_recorded: bool = True) -> None:
        self.prepared = prepared
        self.training: Training = prepared.training
        self.recorder = Recorder(prepared) if is_recorded else None
        self.divergence: Divergence | None = None
        self._inputs, self._classes = add_ones(prepared.split.training.inputs), prepared.split.training.classes
        self._use(self.training.build_optimizer(), prepared.network)
        with np.errstate(all="ignore"):
            state = self._optimizer.init(prepared.start)
        self._steps = self._start_steps(prepared.start, state)
        self.t, self.epoch, self.step_in_epoch = 0, 0, 0
        self._settings: EpochSettings | None = None  # of the epoch that is under way
        self._active: tuple[Change, ...] | None = None  # the changes for which optimizer, network and batches were made
        self._batches = self._make_batches(self.training.batch_size)
        self.checkpoints = {0: self.checkpoint()}
        if self.recorder:
            self.recorder.record_epoch(0, 0, prepared.start, prepared.network, None)

    @property
    def x(self) -> Array:
        """The weights (d,) after the last step."""
        return self._steps.copy_point()

    @property
    def record(self) -> TrainingRecord:
        """The record so far."""
        if self.recorder is None:
            raise ValueError("this training is not recorded")
        return self.recorder.record

    @property
    def is_finished(self) -> bool:
        return self.divergence is not None or self.epoch >= self.training.epochs

    def train(self) -> Iterator[EpochProgress]:
        """Go on to the end; who pauses stops asking."""
        while not self.is_finished:
            yield self.train_epoch()

    def train_epoch(self) -> EpochProgress:
        """Go on to the end of the epoch."""
        progress = None
        while progress is None:
            progress = self.advance(sys.maxsize)
        return progress

    def advance(self, most_steps: int) -> EpochProgress | None:
        """Take some steps, at most to the end of the epoch; None if it is not reached."""
        if self.is_finished:
            raise ValueError("this training is finished")
        if self._settings is None:
            self._settings = self._begin_epoch()
        settings = self._settings
        last = min(self.step_in_epoch + most_steps, settings.steps)
        with np.errstate(all="ignore"):
            while self.step_in_epoch < last and self.divergence is None:
                self._take_step(settings)
            if self.divergence is None and self.step_in_epoch < settings.steps:
                return None
            return self._end_epoch(settings)

    def rewind(self, epoch: int) -> None:
        """Return to the end of an epoch that was reached; what came later is forgotten.

        Where no checkpoint was kept, the epochs from the last one before it are trained again.
        """
        if not 0 <= epoch <= self.epoch:
            raise UserError("This training can be rewound to an epoch from 0 to {last}.", last=self.epoch)
        nearest = max(kept for kept in self.checkpoints if kept <= epoch)
        self.restore(self.checkpoints[nearest])
        while self.epoch < epoch:
            self.train_epoch()

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of this training."""
        self.epoch, self.t = checkpoint.epoch, checkpoint.t
        self._steps = self._start_steps(checkpoint.weights, checkpoint.state)
        self.step_in_epoch, self.divergence, self._settings = 0, None, None
        self.checkpoints = {k: kept for k, kept in self.checkpoints.items() if k <= self.epoch}
        self.checkpoints[self.epoch] = checkpoint
        if self.recorder:
            self.recorder.forget_after(self.epoch, self.t)

    def change(self, name: str, value: float) -> None:
        """Give a hyperparameter another value from the end of this epoch on: `training` has it among its changes."""
        epoch = self.epoch + (self.step_in_epoch > 0)
        self.training = self.training.with_change(epoch, name, value)

    def checkpoint(self) -> Checkpoint:
        """Where the training is, at the end of an epoch."""
        return Checkpoint(self.epoch, self.t, self._steps.copy_point(), self._steps.copy_state())

    def _use(self, optimizer: Optimizer, network: Network) -> None:
        self._optimizer, self._network, self._program = optimizer, network, make_program(optimizer)

    def _start_steps(self, x: Array, state: State) -> OptimizerSteps:
        return NumpySteps(self._optimizer, self._network, x, state)

    def _make_batches(self, batch_size: int) -> Minibatches:
        return Minibatches(len(self.prepared.split.training.classes), batch_size, self.training.seed)

    def _begin_epoch(self) -> EpochSettings:
        active = tuple(change for change in self.training.changes if change.epoch <= self.epoch)
        if active != self._active:
            now = self.training.settings_after(self.epoch)
            network = self.prepared.network_with(now.l2, now.dropout)
            self._use(self.training.build_optimizer_after(self.epoch), network)
            self._steps = self._start_steps(self._steps.copy_point(), self._steps.copy_state())
            self._batches = self._make_batches(now.batch_size)
            self._active = active
        batches = self._batches
        order = batches.find_order(self.epoch) if batches.batch_size < batches.sample_count else None
        if self.recorder:
            self.recorder.begin_epoch(self.epoch + 1, batches.batches_per_epoch)
        self._steps = choose_steps(self._steps, self._program, self._network, batches.batches_per_epoch)
        self._steps.plan(self.t + 1, batches.batches_per_epoch)
        return EpochSettings(self._network, batches.batch_size, order, batches.batches_per_epoch)

    def _take_step(self, settings: EpochSettings) -> None:
        network, size, order, _ = settings
        k, t, steps = self.step_in_epoch, self.t + 1, self._steps
        X, y = self._inputs, self._classes
        if order is not None:
            rows = order[k * size : (k + 1) * size]
            X, y = X.take(rows, axis=0), y.take(rows)
        masks = network.draw_masks(len(y), self.training.seed, t) if network.dropout else ()
        data_loss, regularization = steps.take(X, y, masks, t)
        loss = data_loss + regularization
        if not isfinite(float(np.dot(steps.x, steps.x)) + loss):  # the sum of squares may be too large only
            samples = NetworkLoss(network, X[:, :-1], y, masks)
            self.divergence = find_divergence(samples, steps.gradient, steps.before, steps.x, loss, t, self.epoch + 1)
            if self.divergence is not None:
                steps.undo()
                return
        self.t, self.step_in_epoch = t, k + 1
        if self.recorder:
            self.recorder.record_step(k, t, data_loss, regularization, steps.before, steps.x)

    def _end_epoch(self, settings: EpochSettings) -> EpochProgress:
        """Close the epoch; one that diverged is not complete, and is recorded as far as it came."""
        steps, self.step_in_epoch, self._settings = self.step_in_epoch, 0, None
        if self.divergence is not None:
            if self.recorder:
                self.recorder.end_diverged_epoch(steps)
            return EpochProgress(self.epoch + 1, self.t, None, self.divergence)
        self.epoch += 1
        self.checkpoints[self.epoch] = self.checkpoint()
        self._thin_checkpoints()
        record = None
        if self.recorder:
            record = self.recorder.record_epoch(
                self.epoch, self.t, self._steps.x, settings.network, self._steps.gradient
            )
        return EpochProgress(self.epoch, self.t, record, None)

    def _thin_checkpoints(self) -> None:
        """Keep every second checkpoint, besides first and last, once all of them take too much memory."""
        if self.checkpoints[self.epoch].numbers * len(self.checkpoints) <= MAX_CHECKPOINT_NUMBERS:
            return
        kept = sorted(self.checkpoints)
        for epoch in kept[1:-1:2]:
            del self.checkpoints[epoch]


def count_numbers(state: State) -> int:
    """The numbers in the arrays of an optimizer's state."""
    if isinstance(state, np.ndarray):
        return int(state.size)
    if isinstance(state, dict):
        return sum(map(count_numbers, state.values()))
    return sum(map(count_numbers, state)) if isinstance(state, list | tuple) else 0
