"""What becomes of a run at each of many learning rates: how low, how soon, and whether it is stable."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.endpoint_classification import ARRIVAL_DISTANCE, LOST_DISTANCE, MIN_CURVATURE_RATIO
from optimizers.base import Optimizer
from optimizers.numerics.quadratic_model import eigen
from optimizers.simulate import iterates
from surfaces.base import Array, Problem

STABLE, EDGE_OF_STABILITY, DIVERGED = range(3)  # what a rate is
MIN_OSCILLATION = 1e-2  # of the fall: a run whose loss rises by less than this in its last quarter does not swing
UNDAMPED_RATIO = 0.75  # of the rises in the quarter before: a run that keeps less of them settles
MAX_OSCILLATION_STEPS = 8  # steps: a swing that takes longer is not one of too long steps but of a heavy ball
DIVERGENCE_GROWTH = 30.0  # times as far above its lowest as in the quarter before: it goes on to infinity
MAX_MINIMUM_DISTANCE = 0.1  # of the view: a minimum farther from where a run ended is not its own
LOSS_TOLERANCE = 1e-16  # of the way down: what is as near to the lowest is there


class RateOutcomes(NamedTuple):
    """What became of each rate."""

    x: Array  # (d, n): the last finite point
    final: Array  # (n,): the loss there
    best: Array  # (n,): the least loss of all iterates
    reached: NDArray[np.int64]  # (n,): the first step with a loss of at most the goal; `steps + 1` for never
    died: NDArray[np.int64]  # (n,): the step in which it left the finite world; `steps + 1` for never
    zone: NDArray[np.uint8]  # (n,): STABLE, EDGE or DIVERGED, see `classify_stability`


def run_rates(
    optimizer: Optimizer, problem: Problem, x0: Array, steps: int, goal: float, widths: Sequence[float]
) -> RateOutcomes:
    """Run `steps` steps from `x0` (d, n); the optimizer has a rate for each lane, `widths` (d,) are the view's."""
    count = x0.shape[1]
    loss = np.empty((steps + 1, count))
    died = np.full(count, steps + 1)
    with np.errstate(all="ignore"):
        for x, t, alive, _ in iterates(optimizer, problem, x0, steps):
            loss[t] = problem.value(x)
            died = np.where(~alive & (t < died), t, died)
        loss[t + 1 :] = loss[t]  # nothing changes any more
        low = loss <= goal
        far = np.hypot(*((x - x0) / np.array(widths, dtype=np.float64)[:, None])) > LOST_DISTANCE
        zone = classify_stability(loss, (died <= steps) | (far & (loss[-1] > loss[0])))
        best = np.fmin.reduce(loss)
    reached = np.where(low.any(axis=0), low.argmax(axis=0), steps + 1)
    return RateOutcomes(x, loss[-1], best, reached, died, zone)


def classify_stability(loss: Array, lost: NDArray[np.bool_]) -> NDArray[np.uint8]:
    r"""Stable, edge or diverged, by the `loss` (steps + 1, n) of each lane and whether it is `lost` already.

    Diverged is what is lost (it left the finite world, or is far away and higher than at the start), and what is on its
    way there: above the start's loss, and in the last quarter of the run thirty times as far above its lowest as in
    the third.

    At the edge is what neither diverges nor settles: it ends higher than it began, or it swings on. It swings on if
    in the last quarter $Q_4$ it turns up again at least once in eight steps, and the rises there, summed up, are seen
    beside the whole fall and are not dying away,

    $$ R_q = \sum_{t \in Q_q} \max(0,\ f_t - f_{t-1}), \qquad
    R_4 > 0.01\, (f_0 - \min_t f_t) \quad \text{and} \quad R_4 > \tfrac34 R_3. $$

    Stable is the rest. On a quadratic gradient descent has no rises below $2 / \lambda_{\max}$, and momentum has rises
    that die away below its limit: there the zones change where theory's factor of a step passes 1, to within how many
    steps it takes to tell 1 from nearly 1. Elsewhere the edge is where the curvature of the place that a run has come
    to is about $2 / \alpha$: Cohen et al. (2021), [arXiv:2103.00065](https://arxiv.org/abs/2103.00065), section 3.
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
    zone = np.where(swings | ~(loss[-1] <= loss[0]), EDGE_OF_STABILITY, STABLE)
    return np.where(lost | growing | ~np.isfinite(loss[-1]), DIVERGED, zone).astype(np.uint8)


def find_best_lane(found: RateOutcomes, begun: float, lowest: float | None) -> int | None:
    """Which lane's stable rate ends lowest, and of those that end as low as rounding lets them the soonest there.

    `begun` is the loss at the start, `lowest` the lowest known.
    """
    stable = np.flatnonzero(found.zone == STABLE)
    if not stable.size:
        return None
    height = found.final[stable]
    if lowest is not None:
        height = np.fmax(height, lowest + LOSS_TOLERANCE * abs(begun - lowest))
    return int(stable[np.lexsort((found.reached[stable], height))[0]])


class Minimum(NamedTuple):
    """A minimum, and the least and the largest curvature there."""

    place: tuple[float, float]
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
