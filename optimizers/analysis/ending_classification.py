"""How runs have ended, for many lanes at once: at what kind of point, stalled, or lost.

The map of starts, the map of hyperparameters and the verdict of a single run all use these tests. What is compared with
what is said in `ending_criteria`.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_criteria import (
    LOST_DISTANCE,
    MIN_STAY_STEPS,
    UNBOUNDED_DEPTH,
    LossVariation,
    RunStarts,
    compute_median,
    measure_variation,
)
from optimizers.analysis.endpoint_examination import Endpoints, examine_endpoints
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.oscillation import find_cycle_period
from optimizers.analysis.point_types import PointType
from optimizers.batch_run_outcomes import NEVER, RunOutcomes, take_lanes
from optimizers.numerics.vector_products import Mask, norm
from surfaces.base import Array

STAY_DIVISOR = 10  # a run has stayed if its last tenth, and its last `MIN_STAY_STEPS`, were low
VISIBLE_RISE = 1e-2  # of the median difference of f around the start: a smaller rise is no divergence
MIN_HIGH_STEPS, GROWTH_RATIO = 5, 2.0  # steps at least, for which a run is high up; and how many times as high it grows


class Ending(IntEnum):
    """How a run has ended; the browser is told the names with the numbers."""

    MINIMUM = 0
    SADDLE = 1
    STALLED = 2  # or still on its way
    LOST = 3


class EndingTests(NamedTuple):
    """The tests of `examine_runs`."""

    endpoint: Endpoints
    near_start: LossVariation
    is_lost: Mask  # lost, though every point was finite
    is_stuck: Mask  # has not moved from a start at which the slope is not finite


def examine_runs(starts: RunStarts, runs: RunOutcomes, steps: int) -> EndingTests:
    """Test how the runs have ended; their `settled_step` is with respect to `arrival_level`.

    A run has stayed low if it has been low for longer than it takes to pass. It is lost if its loss is not finite, or
    if it is `LOST_DISTANCE` away and higher than at its start, or unbounded: that is below its start and all known
    minima, by `LOST_DISTANCE` or `UNBOUNDED_DEPTH`, and not in a bowl. On a ridge that descends for ever the slope
    vanishes as it does at a maximum: so far away it is no maximum.
    """
    problem, x0, initial_loss, widths, minima = starts
    near_start, loss = measure_variation(starts), runs.final_loss
    stayed: Mask = runs.settled_step <= steps - max(MIN_STAY_STEPS, steps // STAY_DIVISOR)
    endpoint = examine_endpoints(starts, runs, stayed, near_start)
    far = norm((runs.x - x0) / widths[:, None]) > LOST_DISTANCE
    ridge = far & ((endpoint.point_type == PointType.SADDLE) | (endpoint.point_type == PointType.MAXIMUM))
    is_low = loss < np.minimum(initial_loss, lowest_minimum_loss(problem, minima))
    fell = is_low & ~endpoint.is_convex & (far | (initial_loss - loss > UNBOUNDED_DEPTH * near_start.spread))
    above = loss - initial_loss > near_start.spread  # there flat ground is no point to have come to rest at
    plain = above & (endpoint.on_flat_ground | (endpoint.point_type == PointType.PLATEAU))
    thrown = (~endpoint.settled | plain) & far & (loss > initial_loss)
    lost: Mask = ~np.isfinite(initial_loss) | ~np.isfinite(loss) | thrown | ((ridge | ~endpoint.settled) & fell)
    stuck: Mask = (runs.x == x0).all(axis=0) & ~np.isfinite(problem.grad(x0)).all(axis=0)
    return EndingTests(endpoint, near_start, lost, stuck)


def classify_endings(
    starts: RunStarts, runs: RunOutcomes, steps: int, climbs: Callable[[Mask, LossVariation], Mask]
) -> tuple[NDArray[np.uint8], Array]:
    """The `Ending` of each lane, and the point (2, n) that it has come to.

    `climbs(lanes, near_start)` applies `is_climbing` to the losses of some lanes: of those where it decides.
    """
    tests = examine_runs(starts, runs, steps)
    endpoint, lost = tests.endpoint, (runs.nonfinite_step != NEVER) | tests.is_lost
    open_ = ~endpoint.settled & ~lost
    if open_.any():
        lost[open_] = climbs(open_, take_lanes(tests.near_start, open_))

    kind, known = endpoint.point_type, endpoint.known_minimum
    ending = np.full(runs.final_loss.shape, Ending.STALLED, dtype=np.uint8)
    ending[(kind == PointType.SADDLE) | (kind == PointType.MAXIMUM)] = Ending.SADDLE
    ending[(kind == PointType.MINIMUM) | endpoint.at_lowest_level | (known >= 0)] = Ending.MINIMUM
    lost &= ~np.isfinite(starts.initial_loss) | ~tests.is_stuck
    ending[lost] = Ending.LOST
    point = endpoint.rest_point.copy()
    for i, m in enumerate(starts.minima):
        point[:, known == i] = np.array(m, dtype=np.float64)[:, None]
    return ending, np.where(lost, runs.x, point)


def is_climbing(losses: Array, near_start: LossVariation) -> Mask:
    """Do runs with these losses (steps + 1, n) diverge, though they are still finite?

    In their last tenth, and at their end, they are higher above their start than anything around it differs from it;
    or they have grown through each eighth of their second half, faster and faster, by what can be seen. A cycle does
    neither.
    """
    initial, last, lowest = losses[0], losses[-1], np.fmin.reduce(losses)
    above: Mask = last - initial > 0
    if not above.any():
        return above
    found = compute_median(losses[-max(MIN_HIGH_STEPS, len(losses) // 10) :]) - initial > near_start.spread
    found &= last - initial > near_start.spread
    parts = [compute_median(part) for part in np.array_split(losses[len(losses) // 2 :], 8) if part.size]
    if len(parts) == 8:
        grows = (np.diff(parts, axis=0) > 0).all(axis=0) & (parts[7] - lowest > GROWTH_RATIO * (parts[0] - lowest))
        faster = parts[7] - parts[4] > parts[3] - parts[0]
        found |= grows & faster & (np.minimum(parts[7], last) - initial > VISIBLE_RISE * near_start.median)
    return found & (find_cycle_period(losses[None]) == 0)
