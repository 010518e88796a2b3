"""The criteria for the ends of runs: starts, the variation of f around them, and the tolerances of all tests.

f is never compared with zero, since an added constant must change nothing: differences of f are compared with
differences of f. Lengths are in widths of the view: in $u_i = x_i / w_i$ the slope $G_i = w_i g_i$ and the curvatures
$M_{ij} = w_i w_j H_{ij}$ have the unit of f, whatever the units of the axes. Whether a number is zero but for rounding
follows from the size of the terms it was summed from: see `ROUNDING_ERROR`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from surfaces.base import Array, Point, Problem

LOST_DISTANCE = 1e3  # views away from the start, with a loss larger than there: lost, even if still finite
UNBOUNDED_DEPTH = 1e6  # times as far below the start as anything around it: a fall without end, even if it is near
MIN_STAY_STEPS = 3  # a run has stayed if it was low, or has not moved, for so many steps at least
ARRIVAL_DISTANCE = 1e-3  # of the view's width: within this of a minimum, and as low, a run has reached it
MERGE_DISTANCE = 5 * ARRIVAL_DISTANCE  # of the view: what lies nearer together is one minimum
ARRIVAL_LOSS_FRACTION = 1e-4  # of the way down from the start's loss: as low as the minimum
EPS = float(np.finfo(np.float64).eps)
ROUNDING_ERROR = 32 * EPS  # rounding errors of a sum of a few terms, relative to the terms
GRID_OFFSETS = np.array(np.meshgrid(*2 * (np.linspace(-1, 1, 5),))).reshape(2, -1)  # (2, 25)


class RunStarts(NamedTuple):
    """Where runs of a problem begin, one in each lane, and by what their ends are judged."""

    problem: Problem
    x0: Array  # (2, n)
    initial_loss: Array  # (n,)
    widths: Array  # (2,) of the view, the unit of lengths
    minima: Sequence[Point]  # the known global ones


class LossVariation(NamedTuple):
    """How much f differs from its value at each start, over a grid that reaches one view to each side."""

    differences: Array  # (25, n)
    spread: Array  # (n,) the largest difference
    largest_drop: Array  # (n,) the largest by which f is lower

    @property
    def median(self) -> Array:
        """The median of the differences (n,)."""
        return compute_median(self.differences)


def measure_variation(starts: RunStarts) -> LossVariation:
    points = starts.x0[:, None] + (starts.widths[:, None] * GRID_OFFSETS)[..., None]
    values = np.asarray(starts.problem.value(points.reshape(2, -1))).reshape(GRID_OFFSETS.shape[1], -1)
    rise = np.where(np.isfinite(values), values - starts.initial_loss, 0.0)
    differences = np.abs(rise)
    return LossVariation(differences, differences.max(axis=0), -rise.min(axis=0, initial=0.0))


def compute_median(values: Array) -> Array:
    """The median over the first axis, as NumPy's, without its overhead; NaN where there is one."""
    middle = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, (*middle, -1), axis=0)
    low, high, last = (ordered[i] for i in (*middle, -1))
    with np.errstate(all="ignore"):
        return np.where(np.isnan(last), np.nan, low if middle[0] == middle[1] else (low + high) / 2)


def arrival_level(initial_loss: Array, loss: Array) -> Array:
    """The loss below which a run that ends at `loss` has stayed."""
    return loss + ARRIVAL_LOSS_FRACTION * (initial_loss - loss) + ROUNDING_ERROR * np.abs(loss)
