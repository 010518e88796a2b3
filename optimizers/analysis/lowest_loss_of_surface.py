"""The lowest known loss of a surface: at its published minima or, without any, the lowest that is found in the view."""

from collections.abc import Sequence

import numpy as np

from optimizers.methods.second_order import trust_region
from optimizers.simulate import endpoint
from surfaces.base import Box, Objective, Point, Problem

GRID_SIDE = 101  # points along each side of the view where the lowest value is looked for, if none is published
POLISH_STEPS = 100  # steps downhill from the lowest of them


def lowest_minimum_loss(problem: Objective, minima: Sequence[Point]) -> float:
    """The loss at the published minima; infinity where there are none."""
    with np.errstate(all="ignore"):
        return min((float(problem.value(np.array(m, dtype=np.float64))) for m in minima), default=np.inf)


def find_lowest_loss(problem: Problem, box: Box, minima: Sequence[Point]) -> float:
    """The loss at the published minima; without any, the lowest of a grid over the view, and downhill from there."""
    with np.errstate(all="ignore"):
        if len(minima):
            return lowest_minimum_loss(problem, minima)
        points = np.array(np.meshgrid(*(np.linspace(*ends, GRID_SIDE) for ends in box))).reshape(2, -1)
        values = np.asarray(problem.value(points))
        values = np.where(np.isfinite(values), values, np.inf)
        end = endpoint(trust_region(), problem, points[:, values.argmin()], POLISH_STEPS).x
        is_inside = all(low <= v <= high for v, (low, high) in zip(end, box, strict=True))
        return float(min(values.min(), problem.value(end) if is_inside else np.inf))
