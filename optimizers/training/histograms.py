"""Histograms with equal bins between the least and the greatest value."""

from math import isfinite, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 40
MAX_VALUES = 2048  # that are counted; of more, every second, third, ... one


class Histogram(NamedTuple):
    """Counts of values from `low` to `high`, and their mean and standard deviation; all 0 if none is finite."""

    low: float
    high: float
    counts: NDArray[np.int32]  # (BINS,)
    mean: float
    deviation: float


def count_values(values: NDArray[Any]) -> Histogram:
    """The histogram of the finite values of an array, evenly thinned where it is large."""
    v = values.ravel()
    v = np.ascontiguousarray(v[:: -(-v.size // MAX_VALUES)])
    low, high = find_range(v)
    if not isfinite(high - low):
        v = v[np.isfinite(v)]
        if not v.size:
            return Histogram(0.0, 0.0, np.zeros(BINS, dtype=np.int32), 0.0, 0.0)
        low, high = find_range(v)
    mean = float(np.add.reduce(v)) / v.size
    deviation = sqrt(max(float(np.dot(v, v)) / v.size - mean * mean, 0.0))
    if high - low <= 0:
        counts = np.zeros(BINS, dtype=np.int32)
        counts[0] = v.size
        return Histogram(low, high, counts, mean, deviation)
    bins = ((v - v.dtype.type(low)) * v.dtype.type(BINS / (high - low))).astype(np.int32)
    counts = np.bincount(bins, minlength=BINS + 1).astype(np.int32)
    counts[BINS - 1] += counts[BINS]  # the greatest value itself
    return Histogram(low, high, counts[:BINS], mean, deviation)


def find_range(values: NDArray[Any]) -> tuple[float, float]:
    """The least and the greatest value; NaN if there is one."""
    return float(np.minimum.reduce(values)), float(np.maximum.reduce(values))
