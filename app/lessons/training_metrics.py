"""Measurements of trainings for the lessons: losses, accuracies, update ratios, dead units."""

import numpy as np

from app.compute.training_job import TrainingSnapshot
from app.lessons.lesson import TrainedScene


def find_loss(snapshot: TrainingSnapshot, epoch: int = -1, part: str = "training") -> float:
    """The loss (without regularization) on a part of the data after an epoch; the last one by default."""
    return float(getattr(snapshot.epochs[epoch], part).loss)


def find_least_loss(snapshot: TrainingSnapshot, part: str = "validation") -> float:
    return min(float(getattr(epoch, part).loss) for epoch in snapshot.epochs)


def find_accuracy(snapshot: TrainingSnapshot, part: str = "validation") -> float:
    """The accuracy at the end, in percent."""
    return 100 * float(getattr(snapshot.epochs[-1], part).accuracy)


def find_accuracy_error(snapshot: TrainingSnapshot, part: str = "validation") -> float:
    """Its standard error, in points."""
    return 100 * float(getattr(snapshot.epochs[-1], part).accuracy_error)


def find_ratio(snapshot: TrainingSnapshot, block: int = 0) -> float:
    """The median of ‖update‖ : ‖weights‖ of a block in the second half of the training."""
    ratios = [float(record.ratios[0, block]) for record in snapshot.ratios]
    return float(np.median(ratios[len(ratios) // 2 :]))


def find_dead_share(snapshot: TrainingSnapshot) -> float:
    """The part of the first layer's ReLUs that are 0 for every sample at the end, in percent."""
    return 100 * float(snapshot.epochs[-1].dead[0]) / snapshot.prepared.network.layer_sizes[1]


def find_scatter(snapshot: TrainingSnapshot) -> float:
    """The standard deviation of the minibatches' losses."""
    return float(np.concatenate([steps.data_loss for steps in snapshot.steps]).std())


def count_samples(snapshot: TrainingSnapshot, part: str = "training") -> int:
    return len(getattr(snapshot.prepared.split, part).classes)


def get_rates(trained: TrainedScene) -> list[float]:
    """The learning rate of each training."""
    return [float(chosen.optimizer["lr"]) for chosen in trained.scene.trainings]
