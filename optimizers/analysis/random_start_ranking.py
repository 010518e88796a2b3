"""Ranking runs from many random starts: goals, ranks, and the spread of their costs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_criteria import ARRIVAL_LOSS_FRACTION
from optimizers.batch_run_outcomes import NEVER
from surfaces.base import Array, Box, Problem

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # quantiles of a spread


class MeanRanks(NamedTuple):
    """The mean rank of each run over the starts, and the standard error of that mean."""

    mean: Array  # (runs,)
    standard_error: Array  # (runs,)


def random_starts(problem: Problem, box: Box, count: int, key: tuple[int, ...]) -> Array:
    """Starts drawn evenly from the view where f is finite, (2, count), always the same for a `key` of whole numbers.

    Where f is finite almost nowhere they are whatever was drawn first.
    """
    low, high = np.array(box, dtype=np.float64).T
    points = low[:, None] + (high - low)[:, None] * np.random.default_rng(key).random((32 * count, 2)).T
    with np.errstate(all="ignore"):
        finite = np.flatnonzero(np.isfinite(problem.value(points)))
    return points[:, finite[:count] if finite.size >= count else slice(count)]


def goal_losses(initial_loss: Array, lowest: float, fraction: float = ARRIVAL_LOSS_FRACTION) -> Array:
    """The losses (n,) at which this fraction of the way from the initial loss (n,) to the lowest is left."""
    return lowest + fraction * (initial_loss - lowest)


def rank_costs(cost: NDArray[np.int64]) -> Array:
    """The rank of each run from each start, 1 for the cheapest: (runs, starts) -> (runs, starts).

    Equals share the mean of their ranks; those that never arrive are equals, behind all that do.
    """
    cheaper = (cost[None] < cost[:, None]).sum(axis=1)
    equal = (cost[None] == cost[:, None]).sum(axis=1)
    return cheaper + (equal + 1) / 2


def average_ranks(cost: NDArray[np.int64]) -> MeanRanks:
    r"""The mean rank over n starts and its standard error, $s / \sqrt n$."""
    each = rank_costs(cost)
    n = each.shape[1]
    error = each.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.zeros(len(each))
    return MeanRanks(each.mean(axis=1), error)


def cost_quantiles(cost: NDArray[np.int64]) -> list[int | None]:
    """The `QUANTILES` quantiles of (starts,) costs, each one that occurs; None where that start never arrives."""
    ordered = np.sort(cost)
    at = np.ceil(np.array(QUANTILES) * ordered.size).astype(int) - 1
    return [None if value == NEVER else int(value) for value in ordered[np.maximum(at, 0)]]
