"""A training that goes on from an epoch of another one, where both take the same steps up to there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.recorder import MAX_RECORDED_EPOCHS, EpochRecord, RatioRecord, StepRecord
from optimizers.training.specification import Training
from optimizers.training.training_loop import Checkpoint, TrainingLoop


class TrainingHistory(NamedTuple):
    """How far a training came, with the checkpoints that were kept. Nothing in it changes any more."""

    training: Training
    checkpoints: Mapping[int, Checkpoint]  # by epoch
    epochs: tuple[EpochRecord, ...]
    steps: tuple[StepRecord, ...]
    ratios: tuple[RatioRecord, ...]

    @classmethod
    def from_loop(cls, loop: TrainingLoop) -> "TrainingHistory":
        record = loop.record
        return cls(
            loop.training, dict(loop.checkpoints), tuple(record.epochs), tuple(record.steps), tuple(record.ratios)
        )

    @property
    def numbers(self) -> int:
        """The numbers in all checkpoints, if all are as long as the last."""
        return len(self.checkpoints) * self.checkpoints[max(self.checkpoints)].numbers


def find_common_epochs(a: Training, b: Training) -> int:
    """The epochs in which two trainings take the same steps: up to the first change that only one of them makes.

    They may differ in when they end. 0 if they differ from the start.
    """
    if replace(a, changes=(), epochs=1) != replace(b, changes=(), epochs=1):
        return 0
    common = min(a.epochs, b.epochs)
    differing = set(a.changes) ^ set(b.changes)
    return min([common, *(change.epoch for change in differing)])


def find_kept_epoch(history: TrainingHistory, training: Training) -> int:
    """The last epoch of which a checkpoint is kept, and from which `training` can go on; 0 if there is none.

    Where epochs are thinned (`epoch_stride`), the records of trainings of different lengths differ.
    """
    if (
        history.training.epochs != training.epochs
        and max(history.training.epochs, training.epochs) > MAX_RECORDED_EPOCHS
    ):
        return 0
    common = find_common_epochs(history.training, training)
    return max((epoch for epoch in history.checkpoints if epoch <= common), default=0)


def continue_training(prepared: PreparedTraining, history: TrainingHistory) -> TrainingLoop:
    """The loop of a training as far as another one has taken the same steps, with all that was recorded up to there.

    From there it takes the steps, to the bit, that it would take if it had begun at the start.
    """
    loop = TrainingLoop(prepared)
    epoch = find_kept_epoch(history, prepared.training)
    if epoch:
        loop.checkpoints = dict(history.checkpoints)
        record = loop.record
        record.epochs, record.steps, record.ratios = list(history.epochs), list(history.steps), list(history.ratios)
        loop.restore(history.checkpoints[epoch])
    return loop
