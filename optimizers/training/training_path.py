"""The weights of a training at the ends of its epochs, as the path that a plane of weights is laid through."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.decision_regions import spread_rows
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.training_loop import TrainingLoop
from surfaces.base import Array
from surfaces.models.network import Network
from surfaces.translatable import UserError

MAX_PATH_POINTS = 101
MAX_PATH_NUMBERS = 1_000_000  # of all its weights: 8 MB
MAX_PATH_PARAMETERS = 25_000  # of a network whose path is kept


class TrainingPath(NamedTuple):
    """The checkpoints of a training that is finished: from the first weights to the end."""

    prepared: PreparedTraining
    network: Network  # with the regularization of the last epoch, and without dropout
    epochs: NDArray[np.int64]  # (k,)
    weights: Array  # (k, d)

    @property
    def end(self) -> Array:
        return self.weights[-1]


def is_kept(loop: TrainingLoop) -> bool:
    """Whether the network is small enough."""
    return loop.prepared.network.layout.size <= MAX_PATH_PARAMETERS


def keep_path(loop: TrainingLoop) -> TrainingPath:
    """The checkpoints of a loop, evenly over them if there are many. Raises `UserError` for a large network."""
    size = loop.prepared.network.layout.size
    check_size(size)
    kept = np.array(sorted(loop.checkpoints))
    epochs = kept[spread_rows(len(kept), min(MAX_PATH_POINTS, MAX_PATH_NUMBERS // size))]
    settings = loop.training.settings_after(loop.training.epochs)
    network = loop.prepared.network_with(settings.l2, 0.0)
    return TrainingPath(loop.prepared, network, epochs, np.array([loop.checkpoints[k].weights for k in epochs]))


def check_size(parameter_count: int) -> None:
    """Raises `UserError` for a network around which no landscape is drawn."""
    if parameter_count > MAX_PATH_PARAMETERS:
        raise UserError(
            "The landscape is drawn around at most {most:,} weights and biases, and this network has {count:,}.",
            most=MAX_PATH_PARAMETERS, count=parameter_count,
        )  # fmt: skip
