"""The predictions of a classifier of two features over the plane, by epoch: class and probability at every point.

On a grid, a byte a place: the class with the highest score, and its softmax probability in as many levels as the byte
has left. So an epoch takes 4 kB however many weights there are; the weights themselves would be smaller for small
networks alone, and the browser would compute for milliseconds in each frame.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.prepared_training import PreparedTraining
from surfaces.base import Array
from surfaces.models.classification_losses import softmax
from surfaces.models.network import Network
from surfaces.models.network_training_pass import count_rows_at_once

GRID_SIDE = 64  # places along each side of the picture
MARGIN = 0.1  # of the picture beyond the samples, in their widths
MAX_TRAINING_POINTS = 300  # that are shown, evenly over the part
MAX_VALIDATION_POINTS = 150
MAX_SHOWN_EPOCHS = 60
MAX_REGION_PRODUCTS = 5e9  # of a weight and a place, over all epochs: some seconds

Bytes = NDArray[np.uint8]


class EpochRegions(NamedTuple):
    """The end of an epoch."""

    epoch: int
    cells: Bytes  # (GRID_SIDE²,) class · levels + level, row by row from the lowest y
    point_classes: Bytes  # (n,) what each shown point is taken for


class ClassifiedPlane:
    """The grid over the samples of a training with two features, and the points that are shown on it."""

    def __init__(self, prepared: PreparedTraining) -> None:
        training, validation = (
            part.subset(spread_rows(len(part.classes), most))
            for part, most in zip(prepared.split, (MAX_TRAINING_POINTS, MAX_VALIDATION_POINTS), strict=True)
        )
        self.training_count = len(training.classes)
        self.points = np.concatenate((training.inputs, validation.inputs))  # (n, 2)
        self.classes = np.concatenate((training.classes, validation.classes)).astype(np.uint8)
        self.low, self.high = find_frame(np.concatenate([part.inputs for part in prepared.split]))
        x, y = np.linspace(self.low, self.high, GRID_SIDE).T
        grid = np.array(np.meshgrid(x, y)).reshape(2, -1).T
        self.inputs: Any = np.concatenate((grid, self.points)).astype(np.float32)
        self.levels = count_levels(prepared.class_count)
        self.stride = find_stride(prepared.training.epochs, prepared.network.layout.size * len(self.inputs))
        self.last_epoch = prepared.training.epochs

    @staticmethod
    def fits(prepared: PreparedTraining) -> bool:
        """Whether the samples lie in a plane."""
        return prepared.network.layer_sizes[0] == 2

    def is_shown(self, epoch: int) -> bool:
        return epoch % self.stride == 0 or epoch == self.last_epoch

    def classify(self, epoch: int, network: Network, p: Array) -> EpochRegions:
        """The regions of a network with the weights p (d,), in single precision."""
        rows = count_rows_at_once(network)
        coded: list[Bytes] = []
        named: list[Bytes] = []
        with np.errstate(all="ignore"):
            weights: Any = p.astype(np.float32)
            for start in range(0, len(self.inputs), rows):
                P = softmax(network.forward(weights, self.inputs[start : start + rows]).scores)
                classes = P.argmax(axis=-1)
                coded.append(encode_cells(classes, P.max(axis=-1), P.shape[-1]))
                named.append(classes.astype(np.uint8))
        cells = np.concatenate(coded)[: GRID_SIDE**2]
        return EpochRegions(epoch, cells, np.concatenate(named)[GRID_SIDE**2 :])


def count_levels(class_count: int) -> int:
    """The levels of probability that a byte can tell apart beside the class."""
    return 256 // class_count


def encode_cells(classes: NDArray[np.int64], probability: Array, class_count: int) -> Bytes:
    r"""Class and probability in a byte: $c L + \lfloor L\, (p - 1/C) / (1 - 1/C) \rfloor$ with L levels.

    p = 1 is in the last level. A probability that is no number has the lowest level.
    """
    levels = count_levels(class_count)
    share = np.nan_to_num((probability - 1 / class_count) / (1 - 1 / class_count))
    level = np.clip(levels * share, 0, levels - 1).astype(np.int64)
    return (classes * levels + level).astype(np.uint8)


def spread_rows(count: int, most: int) -> NDArray[np.int64]:
    """At most so many of the rows, evenly over them."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def find_frame(inputs: Array) -> tuple[Array, Array]:
    """The lower left and the upper right corner of a picture of points (n, 2): (2,) each."""
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    return low - MARGIN * width, high + MARGIN * width


def find_stride(epochs: int, products: int) -> int:
    """Every how many epochs the plane is classified, if that takes so many products each time."""
    shown = max(1, min(MAX_SHOWN_EPOCHS, int(MAX_REGION_PRODUCTS / products)))
    return -(-epochs // shown)
