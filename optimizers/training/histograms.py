"""Histograms with equal bins between the least and the greatest value."""

from math import frexp, isfinite, ldexp, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 40
MAX_VALUES = 2048  # that are counted; of more, every second, third, ... one
SMALLEST, LARGEST = 1e-150, 1e150  # of the largest value: beyond them, squares and bins leave the numbers


class Histogram(NamedTuple):
    """Counts of values from `low` to `high`, and their mean and standard deviation; all 0 if none is finite."""

    low: float
    high: float
    counts: NDArray[np.int32]  # (BINS,)
    mean: float
    deviation: float


def count_values(values: NDArray[Any]) -> Histogram:
    """The histogram of the finite values of an array, evenly thinned where it is large.

    It is taken in double precision: in single precision the squares of values that are nearly the same lose their
    deviation, and the bins of a range of 1e-38 have no finite number to a unit.
    """
    v = values.ravel()
    v = v[:: -(-v.size // MAX_VALUES)].astype(np.float64)
    low, high = find_range(v)
    if not (isfinite(low) and isfinite(high)):
        v = v[np.isfinite(v)]
        if not v.size:
            return Histogram(0.0, 0.0, np.zeros(BINS, dtype=np.int32), 0.0, 0.0)
        low, high = find_range(v)
    largest = max(-low, high)
    if largest and not SMALLEST < largest < LARGEST:
        exponent = frexp(largest)[1]
        scaled = count_values(np.ldexp(v, -exponent))
        mean, deviation = ldexp(scaled.mean, exponent), ldexp(scaled.deviation, exponent)
        return Histogram(low, high, scaled.counts, mean, deviation)
    mean = float(np.add.reduce(v)) / v.size
    distance = v - mean
    deviation = sqrt(float(np.dot(distance, distance)) / v.size)
    if high == low:
        counts = np.zeros(BINS, dtype=np.int32)
        counts[0] = v.size
        return Histogram(low, high, counts, mean, deviation)
    v -= low
    v *= BINS / (high - low)
    counts = np.bincount(v.astype(np.int32), minlength=BINS + 1).astype(np.int32)
    counts[BINS - 1] += counts[BINS]  # the greatest value itself
    return Histogram(low, high, counts[:BINS], mean, deviation)


def find_range(values: NDArray[Any]) -> tuple[float, float]:
    """The least and the greatest value; NaN if there is one."""
    return float(np.minimum.reduce(values)), float(np.maximum.reduce(values))
