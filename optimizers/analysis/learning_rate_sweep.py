"""A run at each of many learning rates, and its outcome: how low, how soon, and whether it is stable."""

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, LOST_DISTANCE, MERGE_DISTANCE
from optimizers.base import Optimizer
from optimizers.batch_run_outcomes import NEVER, RunOutcomes
from optimizers.numerics.quadratic_model_minimization import eigen
from optimizers.parallel_batch import record_losses, run_batch
from surfaces.base import Array, Problem

MIN_OSCILLATION = 1e-2  # of the descent: a run whose loss rises by less than this in its last quarter is not swinging
UNDAMPED_RATIO = 0.75  # of the rises in the quarter before: a run that keeps less of them settles
MAX_OSCILLATION_STEPS = 8  # steps of an oscillation due to too large a rate; a slower one is that of a heavy ball
DIVERGENCE_GROWTH = 30.0  # times as far above its lowest as in the quarter before: it goes on to infinity
MIN_CURVATURE_RATIO = 1e-8  # of the largest curvature at a minimum: below this a curvature counts as none
MAX_MINIMUM_DISTANCE = 0.1  # of the view: a minimum farther from where a run ended is not its own
LOSS_TOLERANCE = 1e-16  # of the descent: a loss as near to the lowest is as low


class Stability(IntEnum):
    """The stability of a run at a learning rate; the browser is sent the names with the numbers."""

    STABLE = 0
    EDGE = 1
    DIVERGED = 2


class RateOutcomes(NamedTuple):
    """The outcome at each learning rate."""

    runs: RunOutcomes
    stability: NDArray[np.uint8]  # (n,): a Stability, see `classify_stability`


def run_rates(
    optimizer: Optimizer, problem: Problem, x0: Array, steps: int, goal: float, widths: Sequence[float]
) -> RateOutcomes:
    """Run `steps` steps from `x0` (d, n); the optimizer has a rate for each lane, `widths` (d,) are the view's."""
    losses = np.empty((steps + 1, x0.shape[1]))
    with np.errstate(all="ignore"):
        runs = run_batch(optimizer, problem, x0, steps, goal, record=record_losses(losses))
        far = np.hypot(*((runs.x - x0) / np.array(widths, dtype=np.float64)[:, None])) > LOST_DISTANCE
        lost = (runs.nonfinite_step != NEVER) | (far & (losses[-1] > losses[0]))
        return RateOutcomes(runs, classify_stability(losses, lost))


def classify_stability(loss: Array, lost: NDArray[np.bool_]) -> NDArray[np.uint8]:
    r"""Classify each lane by its `loss` (steps + 1, n), and by whether it is `lost` already.

    A run has diverged if it is lost (it is not finite, or far away and higher than at the start), or on its way there:
    above the start's loss, and in the last quarter of the run thirty times as far above its lowest loss as in the
    third.

    A run is at the edge if it neither diverges nor settles: it ends higher than it began, or it keeps oscillating. That
    is, in the last quarter $Q_4$ the loss turns up at least once in eight steps, and the sum of its rises there is
    visible beside the whole descent and does not decay,

    $$ R_q = \sum_{t \in Q_q} \max(0,\ f_t - f_{t-1}), \qquad
    R_4 > 0.01\, (f_0 - \min_t f_t) \quad \text{and} \quad R_4 > \tfrac34 R_3. $$

    All other runs are stable. On a quadratic, gradient descent has no rises below $2 / \lambda_{\max}$, and the rises
    of momentum decay below its limit: there the class changes where theory's convergence factor passes 1, as sharply as
    the number of steps can tell 1 from nearly 1. Elsewhere the edge is where the curvature around the end of a run is
    about $2 / \alpha$: Cohen et al. (2021), [arXiv:2103.00065](https://arxiv.org/abs/2103.00065), section 3.
    """
    steps = len(loss) - 1
    middle, late = steps // 2, steps - steps // 4
    third, last = loss[middle : late + 1], loss[late:]
    lowest = np.fmin.reduce(loss)
    growing = (loss[-1] > loss[0]) & (last.max(axis=0) - lowest > DIVERGENCE_GROWTH * (third.max(axis=0) - lowest))
    before, rises = (np.maximum(np.diff(part, axis=0), 0.0).sum(axis=0) for part in (third, last))
    rising = np.diff(last, axis=0) > 0
    turns = (rising[1:] & ~rising[:-1]).sum(axis=0)
    seen = rises > MIN_OSCILLATION * (loss[0] - lowest)
    swings = seen & (turns >= len(rising) / MAX_OSCILLATION_STEPS) & (rises > UNDAMPED_RATIO * before)
    found = np.where(swings | ~(loss[-1] <= loss[0]), Stability.EDGE, Stability.STABLE)
    return np.where(lost | growing | ~np.isfinite(loss[-1]), Stability.DIVERGED, found).astype(np.uint8)


def find_best_lane(found: RateOutcomes, initial_loss: float, lowest: float | None) -> int | None:
    """The lane whose stable rate ends lowest and, of those that are as low but for rounding, reaches the goal first.

    `lowest` is the lowest known loss.
    """
    stable = np.flatnonzero(found.stability == Stability.STABLE)
    if not stable.size:
        return None
    height = found.runs.final_loss[stable]
    if lowest is not None:
        height = np.fmax(height, lowest + LOSS_TOLERANCE * abs(initial_loss - lowest))
    return int(stable[np.lexsort((found.runs.reached_step[stable], height))[0]])


class Minimum(NamedTuple):
    """A minimum, and the least and the largest curvature there."""

    point: tuple[float, float]
    m: float
    L: float


def find_minimum_near(problem: Problem, x: Array, widths: Sequence[float]) -> Minimum | None:
    """The minimum that Newton's method finds from `x` (2,) without going away; None where the curvature is no bowl's.

    Nor is it where the curvature means little: a Newton step must shrink to rounding, as at a kink none does.
    """
    scale = np.array(widths, dtype=np.float64)
    p = np.array(x, dtype=np.float64)
    with np.errstate(all="ignore"):
        for _ in range(50):
            H, g = problem.hess(p), problem.grad(p)
            (m, L), V = eigen(H)
            if not (np.isfinite(p).all() and m > MIN_CURVATURE_RATIO * L):
                return None
            s = -V @ ((V.T @ g) / np.array((m, L)))
            p = p + s
            if not (np.abs(p - x) <= MAX_MINIMUM_DISTANCE * scale).all():
                return None
            if (np.abs(s) <= ARRIVAL_DISTANCE**3 * scale).all():
                return Minimum((float(p[0]), float(p[1])), float(m), float(L))
    return None


def find_most_frequent_minimum(problem: Problem, ends: Array, widths: Sequence[float]) -> Minimum | None:
    """The minimum near which most of the `ends` (2, n) lie, of equals the one met first; None if none lies near one."""
    found: list[Minimum] = []
    for x in ends.T:
        known = next((minimum for minimum in found if is_alike(minimum.point, x, widths)), None)
        minimum = known or find_minimum_near(problem, x, widths)
        found += [minimum] if minimum else []
    counts = Counter(merge_alike(found, widths))
    return max(counts, key=lambda minimum: counts[minimum], default=None)


def merge_alike(minima: Sequence[Minimum | None], widths: Sequence[float]) -> tuple[Minimum | None, ...]:
    """The same minima, where those that differ by rounding only are equal: to the first of them."""
    return tuple(
        minimum and next(other for other in minima if other and is_alike(other.point, minimum.point, widths))
        for minimum in minima
    )


def is_alike(one: Sequence[float], other: Sequence[float], widths: Sequence[float]) -> bool:
    """Whether two points are one minimum, at the scale of the view."""
    return all(abs(a - b) <= MERGE_DISTANCE * width for a, b, width in zip(one, other, widths, strict=True))
