"""What became of each of many runs from one start, whose hyperparameters differ: how low, how soon, how fast."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizers.analysis import endpoint_classification
from optimizers.analysis.basins_of_attraction import classify_endpoints, find_settling_step
from optimizers.analysis.grid_refinement import Indices
from optimizers.base import Optimizer
from optimizers.numerics.vector_products import Mask
from optimizers.parallel_batch import finalize_stats
from optimizers.running_statistics import empty_stats, update_stats
from optimizers.schedules import Schedule
from optimizers.simulate import iterates
from surfaces.base import Array, Problem

MIN_LENGTH = 1e-290  # lengths below this have too few digits left
ROUNDING_FRACTION = 1e-12  # of the minimum's own size: nearer than this it is rounding that moves a point
LOG_OF_ZERO = -700.0  # logarithm of a length that is 0


class GridOutcomes(NamedTuple):
    """See `run_grid`; every array (n,)."""

    kind: NDArray[np.uint8]  # MINIMUM, SADDLE, STALLED or LOST, as in `basins`
    loss: Array  # at the last finite point
    reached: NDArray[np.int64]  # the step from which on the loss is at most the goal; steps + 1 for never
    rate: Array  # what a step multiplies the distance from `target` by; NaN where there is no target


def run_grid(
    optimizer: Optimizer,
    problem: Problem,
    x0: ArrayLike,
    steps: int,
    widths: Sequence[float],
    *,
    lanes: int,
    minima: Sequence[tuple[float, float]] = (),
    goal: float = -np.inf,
    target: Array | None = None,
) -> GridOutcomes:
    """What becomes of the `lanes` runs from `x0` (2,), whose hyperparameters the optimizer has as arrays (lanes,).

    `target` (2,) is the minimum of a quadratic, where its rate is to be measured; `widths` and `minima` are those of
    `fates`.
    """
    start = np.repeat(np.array(x0, dtype=np.float64)[:, None], lanes, axis=1)
    so_far = empty_stats(lanes, steps)
    lengths = None if target is None else np.empty((steps + 1, lanes))
    losses = np.empty((steps + 1, lanes))
    with np.errstate(all="ignore"):
        for x, t, alive, _ in iterates(optimizer, problem, start, steps):
            losses[t] = loss = np.broadcast_to(np.asarray(problem.value(x)), (lanes,))
            so_far = update_stats(so_far, loss, alive, t, goal)
            if lengths is not None and target is not None:
                lengths[t] = np.hypot(*(x - target[:, None]))
        losses[t + 1 :] = loss
        last = finalize_stats(x, np.array(loss), alive, so_far, steps, goal)
        step = find_settling_step(losses, endpoint_classification.arrival_level(losses[0], last.loss))
        across = np.array(widths, dtype=np.float64)

        def climbing(which: Mask, near_start: endpoint_classification.LossVariation) -> Mask:
            return endpoint_classification.is_climbing(losses[:, which], near_start)

        kind, _ = classify_endpoints(problem, start, losses[0], last, steps, across, minima, step, climbing)
    if lengths is None or target is None:
        return GridOutcomes(kind, last.loss, last.settled, np.full(lanes, np.nan))
    lengths[t + 1 :] = lengths[t]
    return GridOutcomes(
        kind,
        last.loss,
        last.settled,
        measure_convergence_factor(lengths, last.died, ROUNDING_FRACTION * float(np.hypot(*target))),
    )


def measure_convergence_factor(lengths: Array, died: NDArray[Any], least: float) -> Array:
    r"""The factor by which a length (steps + 1, n) is multiplied in a step, over the last half of its run.

    $$ \hat\rho = \Big( \prod_{i=1}^{q} \frac{e_{T - q + i}}{e_{T - 2q + i}} \Big)^{1 / q^2},
    \qquad q = \lfloor T/4 \rfloor $$

    the geometric mean of the last quarter by that of the quarter before, so that a length which swings about its
    envelope is seen over many swings; for runs of fewer than four steps the first and last length alone. $T$ is the
    last step that is told from rounding: longer than `least`, and before the one in which the run `died`. 0 where that
    is the start.
    """
    steps = lengths.shape[0] - 1
    t = np.arange(steps + 1)[:, None]
    told = (lengths > max(least, MIN_LENGTH)) & np.isfinite(lengths) & (t < died)
    T = np.where(told.any(axis=0), steps - np.argmax(told[::-1], axis=0), 0)
    with np.errstate(all="ignore"):
        logarithm = np.maximum(np.nan_to_num(np.log(lengths), neginf=LOG_OF_ZERO, posinf=-LOG_OF_ZERO), LOG_OF_ZERO)
    total = np.concatenate((np.zeros((1, lengths.shape[1])), np.cumsum(logarithm, axis=0)))
    q = np.maximum(T // 4, 1)

    def before(n: NDArray[np.intp]) -> Array:
        """The sum of the logarithms of the lengths before step n + 1."""
        return np.take_along_axis(total, np.maximum(n + 1, 0)[None], axis=0)[0]

    slope = (before(T) - 2 * before(T - q) + before(T - 2 * q)) / q**2
    ends = (np.take_along_axis(logarithm, T[None], axis=0)[0] - logarithm[0]) / np.maximum(T, 1)
    return np.where(T >= 4, np.exp(slope), np.where(T > 0, np.exp(ends), 0.0))


def combine_schedules(schedules: Sequence[Schedule], which: Indices) -> Schedule:
    """A schedule whose value is an array: in each lane that of the schedule with the number `which` (n,)."""
    each = tuple(schedules)

    def schedule(t: int) -> Any:
        return np.array([one(t) for one in each])[which]

    return schedule


def group_indices(keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], Indices]:
    """The places of each key, in the order in which they are met: what cannot be a lane is run apart."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return {key: np.array(places) for key, places in found.items()}
