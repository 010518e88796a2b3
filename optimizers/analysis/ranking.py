"""Who is first from many starts: goals to reach, ranks, and how far they spread."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.random_search import NEVER
from optimizers.methods.second_order import trust_region
from optimizers.simulate import endpoint
from surfaces.base import Array, Box, Point, Problem

GOAL_FRACTION = (
    1e-4  # of the way from the start's loss down to the lowest known value: a run that is as near has arrived
)
GRID_SIDE = 101  # points along each side of the view where the lowest value is looked for, if none is published
POLISH_STEPS = 100  # steps downhill from the lowest of them
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # quantiles of a spread


class MeanRanks(NamedTuple):
    """The mean rank of each run over the starts, and the standard error of that mean."""

    mean: Array  # (runs,)
    error: Array  # (runs,)


def random_starts(problem: Problem, box: Box, count: int, key: tuple[int, ...]) -> Array:
    """Starts drawn evenly from the view where f is finite, (2, count), always the same for a `key` of whole numbers.

    Where f is finite almost nowhere they are whatever was drawn first.
    """
    low, high = np.array(box, dtype=np.float64).T
    points = low[:, None] + (high - low)[:, None] * np.random.default_rng(key).random((32 * count, 2)).T
    with np.errstate(all="ignore"):
        finite = np.flatnonzero(np.isfinite(problem.value(points)))
    return points[:, finite[:count] if finite.size >= count else slice(count)]


def lowest_known_loss(problem: Problem, box: Box, minima: tuple[Point, ...]) -> float:
    """The value at the published minima; without any, the lowest of a grid over the view, and downhill from there."""
    with np.errstate(all="ignore"):
        if len(minima):
            return min(float(problem.value(np.array(m, dtype=np.float64))) for m in minima)
        points = np.array(np.meshgrid(*(np.linspace(*ends, GRID_SIDE) for ends in box))).reshape(2, -1)
        values = np.asarray(problem.value(points))
        values = np.where(np.isfinite(values), values, np.inf)
        start = points[:, values.argmin()]
        end = endpoint(trust_region(), problem, start, POLISH_STEPS).x
        inside = all(low <= v <= high for v, (low, high) in zip(end, box, strict=True))
        return float(min(values.min(), problem.value(end) if inside else np.inf))


def goal_losses(begun: Array, lowest: float, left: float = GOAL_FRACTION) -> Array:
    """The loss from each start (n,), of which f was `begun` (n,), with so much of the way `left` to go."""
    return lowest + left * (begun - lowest)


def rank_costs(cost: NDArray[np.int64]) -> Array:
    """The rank of each run from each start, 1 for the cheapest: (runs, starts) -> (runs, starts).

    Equals share the mean of their ranks; those that never arrive are equals, behind all that do.
    """
    paid = np.where(cost == NEVER, np.inf, cost.astype(np.float64))
    cheaper = (paid[None] < paid[:, None]).sum(axis=1)
    equal = (paid[None] == paid[:, None]).sum(axis=1)
    return cheaper + (equal + 1) / 2


def average_ranks(cost: NDArray[np.int64]) -> MeanRanks:
    r"""The mean rank over n starts and its standard error, $s / \sqrt n$."""
    each = rank_costs(cost)
    n = each.shape[1]
    error = each.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.zeros(len(each))
    return MeanRanks(each.mean(axis=1), error)


def cost_quantiles(cost: NDArray[np.int64]) -> list[int | None]:
    """The `QUANTILES` quantiles of (starts,) costs, each one that occurs; None where that start never arrives."""
    paid = np.sort(np.where(cost == NEVER, np.iinfo(np.int64).max, cost))
    at = np.ceil(np.array(QUANTILES) * paid.size).astype(int) - 1
    return [None if value == np.iinfo(np.int64).max else int(value) for value in paid[np.maximum(at, 0)]]
