"""The type of a point of f: a minimum, saddle, maximum or plateau, a kink, or the edge of its domain.

The curvatures decide, and the values of f on rings and lines around the point where they are not to be trusted.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, ROUNDING_ERROR, LossVariation
from optimizers.analysis.endpoint_quadratic_model import QuadraticModel
from optimizers.numerics.vector_products import Mask
from surfaces.base import Array, Problem

DOUBTFUL_CURVATURE = 1e-10  # of how far f differs around the start: a smaller one is looked for in the values of f
KINK_DISTANCE = 1e-6  # of the view: from so near a kink is told from a smooth minimum
KINK_NONLINEARITY = 0.75  # by which twice the distance may miss twice the rise, at a kink; roots have 1.4
KINK_PROBES = np.geomspace(ARRIVAL_DISTANCE, KINK_DISTANCE, 4)  # of the view: distances at which f is compared
RING_OFFSETS = np.round(np.array((np.cos(np.pi / 4 * np.arange(8)), np.sin(np.pi / 4 * np.arange(8)))), 15)  # (2, 8)


class PointType(IntEnum):
    """The type of a point of f."""

    NOT_STATIONARY = 0
    MINIMUM = 1
    SADDLE = 2
    MAXIMUM = 3
    PLATEAU = 4


def classify_points(
    problem: Problem, x: Array, model: QuadraticModel, widths: Array, near_start: LossVariation, slow: Mask
) -> NDArray[np.int64]:
    """The `PointType` of stationary points (2, n); NOT_STATIONARY if the values of f contradict the curvatures.

    Where Newton's steps were `slow` the curvatures vanish too, as in x³: the values of f decide.
    """
    low, high = model.curvature
    found = np.where(low > 0, PointType.MINIMUM, np.where(high < 0, PointType.MAXIMUM, PointType.SADDLE))
    found[contradicts_curvature(problem, x, model, widths)] = PointType.NOT_STATIONARY
    doubt = slow | ~(model.is_curved & (np.abs(model.curvature) > DOUBTFUL_CURVATURE * near_start.spread)).all(axis=0)
    if doubt.any():
        p, slope = x[:, doubt], np.hypot(*model.slope[:, doubt])  # squares of the slopes of a plain are 0
        up, down = compare_with_ring(problem, p, ARRIVAL_DISTANCE * widths, 2 * ARRIVAL_DISTANCE * slope)
        seen = np.where(
            up.all(axis=0), PointType.MINIMUM, np.where(up.any(axis=0), PointType.SADDLE, PointType.MAXIMUM)
        )
        found[doubt] = np.where(~down.any(axis=0) & ~up.all(axis=0), PointType.PLATEAU, seen)
    return found


def contradicts_curvature(problem: Problem, x: Array, model: QuadraticModel, widths: Array) -> Mask:
    """Does f along an axis, from `KINK_DISTANCE` to `ARRIVAL_DISTANCE` of the view, contradict the curvature there?

    Beside the crease of the root of |x| its curvature goes to minus infinity, and yet it rises to both sides.
    """
    found = np.zeros(x.shape[1:], dtype=np.bool_)
    here = np.asarray(problem.value(x))
    for j, curvature in enumerate(model.curvature):
        left = np.arange(here.size)
        for h in (*KINK_PROBES, *-KINK_PROBES):
            rise = problem.value(x[:, left] + h * widths[:, None] * model.axes[:, j, left]) - here[left]
            left = left[np.sign(curvature[left]) * rise < -ROUNDING_ERROR * np.abs(here[left])]
            if not left.size:
                break
        found[left] = True
    return found


def find_kinks_and_edges(problem: Problem, x: Array, widths: Array) -> tuple[Mask, Mask]:
    """Does f rise to all sides of points (2, n), about linearly, as above a kink? And has it no value at some side?

    From twice as far it is above a kink about twice as high, above a smooth minimum four times, above a pole hardly
    more.
    """
    rise, error = ring_differences(problem, x, KINK_DISTANCE * widths)
    farther, _ = ring_differences(problem, x, 2 * KINK_DISTANCE * widths)
    bend = np.abs(farther.sum(axis=0) / rise.sum(axis=0) - 2)
    kink: Mask = np.asarray((rise > error).all(axis=0) & (bend < KINK_NONLINEARITY))
    if kink.any():
        kink[kink] = is_clarke_stationary(problem, x[:, kink], KINK_DISTANCE * widths)
    return kink, np.asarray(~np.isfinite(rise).all(axis=0))


def compare_with_ring(problem: Problem, x: Array, radii: Array, least: Array | float = 0.0) -> tuple[Mask, Mask]:
    """Where f on a ring around points (2, n) is higher than there, and lower, by more than `least`: (8, n) each."""
    rise, error = ring_differences(problem, x, radii)
    return rise > error + least, rise < -error - least


def ring_differences(problem: Problem, x: Array, radii: Array) -> tuple[Array, Array]:
    """f on a ring less f in its middle (8, n), and the rounding error of that."""
    ring = x[:, None] + (radii[:, None] * RING_OFFSETS)[..., None]
    there = np.asarray(problem.value(ring.reshape(2, -1))).reshape(RING_OFFSETS.shape[1], -1)
    here = np.asarray(problem.value(x))
    return there - here, ROUNDING_ERROR * np.abs(here)


def is_clarke_stationary(problem: Problem, x: Array, radii: Array) -> Mask:
    """Do the slopes around points (2, n) leave no direction that goes down along all of them?

    Zero is then a mean of them, as it must be at a minimum (Clarke, 1983, *Optimization and Nonsmooth Analysis*,
    2.3.2). The values of f on a ring of eight miss a gorge that is narrow.
    """
    ring = x[:, None] + (radii[:, None] * RING_OFFSETS)[..., None]
    G = problem.grad(ring.reshape(2, -1)).reshape(2, RING_OFFSETS.shape[1], -1) * radii[:, None, None]
    angles = np.sort(np.arctan2(G[1], G[0]), axis=0)
    gaps = np.diff(np.concatenate((angles, angles[:1] + 2 * np.pi)), axis=0)
    return np.asarray((gaps <= np.pi + ROUNDING_ERROR).all(axis=0))
