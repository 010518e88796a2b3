"""Samples with a class each: handwritten digits, and points in the plane that are drawn at random."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array
from surfaces.models.classification_losses import Classes
from surfaces.translatable import Translatable

DIGITS_FILE = Path(__file__).parent.parent / "datasets" / "files" / "digits" / "optdigits.csv.gz"
DARKEST_PIXEL = 16
DATA_STREAM = 4  # with the same seed, minibatches in epoch 4 draw the same numbers: see `Minibatches`


@dataclass(frozen=True, eq=False)
class ClassificationData:
    """n samples of m features, and the class of each by its number from 0."""

    inputs: Array  # (n, m)
    classes: Classes  # (n,)
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]

    def subset(self, rows: NDArray[np.int64]) -> "ClassificationData":
        """Some of the samples, in this order."""
        return ClassificationData(self.inputs[rows], self.classes[rows], self.class_names, self.feature_names)


@lru_cache(maxsize=1)
def digits() -> ClassificationData:
    """Handwritten digits: 1,797 images of 8 x 8 pixels from 0 (paper) to 1 (ink), in the order of their 13 writers.

    Alpaydin & Kaynak (1998), [UCI Machine Learning Repository](https://doi.org/10.24432/C50P49), CC BY 4.0.
    """
    lines = gzip.decompress(DIGITS_FILE.read_bytes()).decode("ascii").split()
    table = np.array([line.split(",") for line in lines], dtype=np.int64)
    pixels = tuple(f"pixel {row + 1}, {column + 1}" for row in range(8) for column in range(8))
    return ClassificationData(table[:, :-1] / DARKEST_PIXEL, table[:, -1], tuple("0123456789"), pixels)


def two_moons(sample_count: int = 200, noise: float = 0.15, seed: int = 0) -> ClassificationData:
    r"""Two half circles that reach into each other: no straight line separates them.

    $$ (\cos a, \sin a) \quad\text{and}\quad (1 - \cos a, \tfrac12 - \sin a), \qquad a \in [0, \pi] $$

    Each with normal noise, as in scikit-learn's `make_moons`.
    """
    y, a = _spread_classes(sample_count, 2), np.pi * _spread_within_classes(sample_count, 2)
    upper, lower = (np.cos(a), np.sin(a)), (1 - np.cos(a), 0.5 - np.sin(a))
    return _plane_data(np.where(y == 0, upper, lower), y, noise, seed)


def spirals(sample_count: int = 300, noise: float = 0.05, arms: int = 3, seed: int = 0) -> ClassificationData:
    r"""Arms of a spiral, a class each.

    $$ r\,(\sin a, \cos a), \qquad a = 4 (k + r), \quad r \in [0, 1] $$

    The toy data of CS231n's case study of a network, with normal noise on the point instead of the angle.
    """
    y, r = _spread_classes(sample_count, arms), _spread_within_classes(sample_count, arms)
    a = 2 * np.pi / arms * y + 4 * r
    return _plane_data(r * np.array((np.sin(a), np.cos(a))), y, noise, seed)


def rings(sample_count: int = 200, noise: float = 0.1, seed: int = 0) -> ClassificationData:
    r"""A ring around another: $r\,(\cos a, \sin a)$ with r = 0.5 and r = 1, and normal noise."""
    y, a = _spread_classes(sample_count, 2), 2 * np.pi * _spread_within_classes(sample_count, 2)
    return _plane_data((0.5 + 0.5 * y) * np.array((np.cos(a), np.sin(a))), y, noise, seed)


def xor(sample_count: int = 200, noise: float = 0.3, seed: int = 0) -> ClassificationData:
    r"""Exclusive or: around the corners $(\pm 1, \pm 1)$, with class 1 where the signs differ, and normal noise.

    Without noise and with four samples it is the table of XOR.
    Rumelhart, Hinton & Williams (1986), *Nature* 323, 533-536.
    """
    corners = np.arange(sample_count) % 4
    u, v = 2.0 * (corners // 2) - 1, 2.0 * (corners % 2) - 1
    return _plane_data(np.array((u, v)), (u != v).astype(np.int64), noise, seed)


def _spread_classes(sample_count: int, class_count: int) -> Classes:
    """One class after the other, again and again: so all are about as frequent in any part of the file."""
    return np.arange(sample_count) % class_count


def _spread_within_classes(sample_count: int, class_count: int) -> Array:
    """Evenly from 0 to 1 over the samples of each class."""
    place = np.arange(sample_count) // class_count
    return place / max(1, place[-1])


def _plane_data(points: Array, y: Classes, noise: float, seed: int) -> ClassificationData:
    """Points (2, n) with normal noise, in random order."""
    rng = np.random.default_rng((seed, DATA_STREAM))
    inputs = points.T + noise * rng.standard_normal((len(y), 2))
    order = rng.permutation(len(y))
    names = tuple(Translatable("class {number}", number=k) for k in range(int(y.max()) + 1))
    return ClassificationData(inputs[order], y[order], names, ("x", "y"))
