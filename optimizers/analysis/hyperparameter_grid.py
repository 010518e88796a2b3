"""Many runs from one start with different hyperparameters, and the outcome of each: how low, how soon, how fast."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizers.analysis.ending_classification import classify_endings, is_climbing
from optimizers.analysis.ending_criteria import RunStarts, arrival_level
from optimizers.analysis.grid_refinement import Indices
from optimizers.base import Optimizer
from optimizers.batch_run_outcomes import StepNumbers, find_lasting_step
from optimizers.parallel_batch import run_batch
from optimizers.schedules import Schedule
from surfaces.base import Array, Problem

MIN_LENGTH = 1e-290  # lengths below this have too few digits left
ROUNDING_FRACTION = 1e-12  # of the minimum's own size: nearer than this it is rounding that moves a point
LOG_OF_ZERO = -700.0  # logarithm of a length that is 0


class GridOutcomes(NamedTuple):
    """See `run_grid`; every array (n,)."""

    ending: NDArray[np.uint8]  # an Ending
    final_loss: Array  # at the last finite point
    settled_step: StepNumbers  # the step from which on the loss is at most the goal
    convergence_factor: Array  # by which a step multiplies the distance from `minimum`; NaN where there is none


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
    minimum: Array | None = None,
) -> GridOutcomes:
    """Run `lanes` times from `x0` (2,), with the hyperparameters that the optimizer has as arrays (lanes,).

    `minimum` (2,) is that of a quadratic, where the convergence factor is to be measured; `widths` and `minima` are
    those of `classify_starts`.
    """
    start = np.repeat(np.array(x0, dtype=np.float64)[:, None], lanes, axis=1)
    losses = np.empty((steps + 1, lanes))
    lengths = None if minimum is None else np.empty((steps + 1, lanes))

    def record(t: int, x: Array, loss: Array) -> None:
        losses[t] = loss
        if lengths is not None and minimum is not None:
            lengths[t] = np.hypot(*(x - minimum[:, None]))

    with np.errstate(all="ignore"):
        runs = run_batch(optimizer, problem, start, steps, goal, record=record)
        settled_step = find_lasting_step(losses <= arrival_level(losses[0], runs.final_loss))
        starts = RunStarts(problem, start, losses[0], np.array(widths, dtype=np.float64), minima)
        judged = runs._replace(settled_step=settled_step)
        ending, _ = classify_endings(starts, judged, steps, lambda lanes, near: is_climbing(losses[:, lanes], near))
    factor = np.full(lanes, np.nan)
    if lengths is not None and minimum is not None:
        rounding = ROUNDING_FRACTION * float(np.hypot(*minimum))
        factor = measure_convergence_factor(lengths, runs.nonfinite_step, rounding)
    return GridOutcomes(ending, runs.final_loss, runs.settled_step, factor)


def measure_convergence_factor(lengths: Array, nonfinite_step: StepNumbers, min_length: float) -> Array:
    r"""The factor by which a length (steps + 1, n) is multiplied in a step, over the last half of its run.

    $$ \hat\rho = \Big( \prod_{i=1}^{q} \frac{e_{T - q + i}}{e_{T - 2q + i}} \Big)^{1 / q^2},
    \qquad q = \lfloor T/4 \rfloor $$

    the geometric mean of the last quarter by that of the quarter before, so that a length which swings about its
    envelope is measured over many swings; for runs of fewer than four steps the first and last length alone. $T$ is
    the last step whose length is more than rounding, `min_length`, and before the `nonfinite_step`. 0 where that is
    the start.
    """
    steps = lengths.shape[0] - 1
    t = np.arange(steps + 1)[:, None]
    measurable = (lengths > max(min_length, MIN_LENGTH)) & np.isfinite(lengths) & (t < nonfinite_step)
    T = np.where(measurable.any(axis=0), steps - np.argmax(measurable[::-1], axis=0), 0)
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
    """The indices of each key, in the order in which they are met: runs of different keys need batches of their own."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for index, key in enumerate(keys):
        found.setdefault(key, []).append(index)
    return {key: np.array(indices) for key, indices in found.items()}
