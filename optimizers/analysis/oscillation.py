"""Tests of whether runs go to and fro: in a cycle of a few steps, or a long way within a small patch."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array

MAX_CYCLE_STEPS, CYCLE_TOLERANCE = 12, 1e-6  # steps of a cycle; of its size its points differ from one time to the next
OSCILLATION_RATIO = 3.0  # times the size of the patch it stays in: a run that travels farther oscillates


def find_cycle_period(points: Array) -> NDArray[np.int64]:
    """In how many steps the last points (d, steps + 1, n) repeat themselves, for each lane; 0 if they do not."""
    found = np.zeros(points.shape[2:], dtype=np.int64)
    longest = min(MAX_CYCLE_STEPS, (points.shape[1] - 1) // 3)
    if longest < 2:
        return found
    # Most periods are ruled out by the last point alone: three cycles are no larger than the longest three.
    apart = np.hypot.reduce(np.abs(points[:, -3 : -longest - 2 : -1] - points[:, -1:]), axis=0)
    impossible = apart > CYCLE_TOLERANCE * measure_size(points[:, -3 * longest :])
    for period in np.flatnonzero(~impossible.reshape(longest - 1, -1).all(axis=1)) + 2:
        last = points[:, -3 * period :]
        size = measure_size(last)
        apart = np.hypot.reduce(np.abs(last[:, period:] - last[:, :-period]), axis=0).max(axis=0)
        found = np.where((found == 0) & (size > 0) & (apart <= CYCLE_TOLERANCE * size), period, found)
    return found


def measure_travel(x: Array, widths: Sequence[float] | Array) -> tuple[Array, Array]:
    """How far points (2, steps + 1, ...) go, and the size of the patch they stay in, both in widths of the view."""
    u = x / np.reshape(widths, (2, *(1,) * (x.ndim - 1)))
    return np.hypot(*np.diff(u, axis=1)).sum(axis=0), measure_size(u)


def measure_size(points: Array) -> Array:
    """The diagonal of the box around points (d, steps, ...)."""
    return np.hypot.reduce(np.ptp(points, axis=1), axis=0)
