"""Hyperparameters tuned by random search: what is drawn, what a trial costs, and which is best."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.run_diagnostics import reported_evaluations
from optimizers.base import Optimizer
from optimizers.numerics.vector_products import Mask
from optimizers.simulate import iterates
from surfaces.base import Array, Problem
from surfaces.observers.evaluation_counter import CountedProblem

LOG, NEAR_ONE, LINEAR, INTEGER = "log", "near one", "even", "whole"  # on which scale values are drawn evenly
ZERO_PROBABILITY = 0.2  # how often a value is 0 where that means none, and no log scale has it
RANGE_END_FRACTION = 0.05  # of its range: so near an end a value is said to lie there
DONE_FRACTION, WORST_FRACTION = (
    1e-10,
    1e6,
)  # of the fall: with less left a run is over; more left counts as this, and so does divergence
NEVER = -1  # in the place of a step


class SearchRange(NamedTuple):
    """Between which numbers values are drawn, and on which scale evenly."""

    low: float  # on a log scale above 0
    high: float
    scale: str
    zero: bool = False  # may it be 0 as well?


class TrialOutcomes(NamedTuple):
    """What became of each of n runs."""

    loss: Array  # (n,): at the end; inf for a run that left the finite world
    spent: NDArray[np.int64]  # (n,): evaluations up to its end
    step: NDArray[np.int64]  # (n,): the first whose loss is at most the goal, or NEVER
    evaluations: NDArray[np.int64]  # (n,): up to and including that step, or NEVER


def sample_values(limits: SearchRange, u: Array) -> Array:
    r"""Values for numbers `u` that are uniform in [0, 1), with three significant digits.

    $$ \log_{10} v, \qquad -\log_{10}(1 - v), \qquad v $$

    are uniform between the ends, on the three scales; whole numbers are as likely as each other.
    Bergstra & Bengio (2012), *Random Search for Hyper-Parameter Optimization*, J. Mach. Learn. Res. 13, 281-305: where
    few of several hyperparameters matter, random trials try more values of those than a grid of as many.
    """
    low, high, scale, zero = limits
    if scale == INTEGER:
        return np.floor(low + u * (high - low + 1))
    within = np.maximum(u - ZERO_PROBABILITY, 0.0) / (1 - ZERO_PROBABILITY) if zero else u
    begin, end = _to_scale(scale, np.array((low, high)))
    at = begin + within * (end - begin)
    if scale == LOG:
        value = round_to_three_digits(10.0**at)
    elif scale == NEAR_ONE:
        value = np.round(1 - round_to_three_digits(10.0**-at), 12)
    else:
        value = round_to_three_digits(at)
    return np.where(u < ZERO_PROBABILITY, 0.0, value) if zero else value


def is_at_range_end(limits: SearchRange, value: float) -> bool:
    """Does a value lie at an end of its range, so that better ones may lie beyond? Not at those that nothing passes."""
    low, high, scale, zero = limits
    if scale == INTEGER:
        return value == high and high > low
    if zero and value == 0:
        return False
    begin, end = _to_scale(scale, np.array((low, high)))
    share = float((_to_scale(scale, np.array(value)) - begin) / (end - begin))
    return share > 1 - RANGE_END_FRACTION or (share < RANGE_END_FRACTION and scale == LOG)


def _to_scale(scale: str, value: Array) -> Array:
    if scale == LOG:
        return np.log10(value)
    return -np.log10(1 - value) if scale == NEAR_ONE else value


def round_to_three_digits(values: Array) -> Array:
    """Numbers with three significant digits: what a link says is what was tried."""
    return np.vectorize(lambda value: float(f"{value:.3g}"), otypes=[np.float64])(values)


def run_trials(
    optimizer: Optimizer, problem: Problem, x0: Array, steps: int, goal: Array | float, over: Array | float
) -> TrialOutcomes:
    """Run from each of the starts `x0` (d, n) towards the `goal`, until its loss is at most `over`, and count.

    Both are a loss, or one for each start (n,); a run that has come `over` has its loss of then. A value, a gradient
    and a Hessian each count as one evaluation, as in the race. A call is counted for every lane: of several lanes the
    count is right only for what asks as much in each, which line searches do not.
    """
    counted = CountedProblem(problem)
    losses, alive, states = [], [], []
    waiting = np.full(x0.shape[1:], True)
    with np.errstate(all="ignore"):
        for iterate in iterates(optimizer, counted, np.array(x0, dtype=np.float64), steps):
            losses.append(np.asarray(problem.value(iterate.x), dtype=np.float64))
            alive.append(iterate.alive)
            states.append(iterate.state)
            waiting &= iterate.alive & ~(losses[-1] <= over)
            if not waiting.any():
                break
    loss, living = np.array(losses), np.array(alive)  # (steps + 1 or fewer, n)
    own = reported_evaluations(states)
    asked = (counted.cumulative(len(states) - 1) if own is None else own).sum(axis=0)
    step = first_true_step((loss <= goal) & living)
    died, done = first_true_step(~living), first_true_step((loss <= over) & living)
    last = np.where(done != NEVER, done, np.where(died != NEVER, died, len(states) - 1))
    end = np.take_along_axis(loss, last[None], axis=0)[0]
    end = np.where((died != NEVER) & (done == NEVER) | np.isnan(end), np.inf, end)
    return TrialOutcomes(end, asked[last], step, np.where(step == NEVER, NEVER, asked[step]))


def first_true_step(true: Mask) -> NDArray[np.int64]:
    """The first step (steps, n) at which something is true for each lane, or NEVER."""
    return np.where(true.any(axis=0), true.argmax(axis=0), NEVER)


def score_trials(loss: Array, begun: Array, lowest: float) -> Array:
    r"""How far trials get, the lower the better: (trials, starts) losses at the end -> (trials,).

    $$ \operatorname{mean} \log_{10} \frac{f(x_T) - f^*}{f(x_0) - f^*} $$

    over the starts, of which $f$ was `begun` (starts,), with the `lowest` known value $f^*$. So a start counts as much
    as another, however high it lies, and one that is left out in the cold weighs as much as one that shines.
    """
    fall = np.maximum(begun - lowest, np.finfo(float).tiny)
    with np.errstate(over="ignore"):
        left = np.clip((loss - lowest) / fall, DONE_FRACTION, WORST_FRACTION)
    return np.log10(left).mean(axis=-1).round(3)  # a thousandth of a decade is rounding, and no better


def best_trial(score: Array, step: NDArray[np.int64], steps: int) -> int:
    """The trial with the lowest score; of equals the one whose starts reach the goal sooner, `step` (trials, starts).

    A start that never does counts as one step more than there are. Of those equal again, the first.
    """
    sooner = np.where(step == NEVER, steps + 1, step).mean(axis=-1)
    return int(np.lexsort((np.arange(score.size), sooner, score))[0])


def count_affordable_trials(cost: NDArray[np.int64], budget: float) -> int:
    """How many trials, one after the other, are begun before the budget is spent."""
    return min(cost.size, int(np.searchsorted(cost.cumsum(), budget, side="left")) + 1)
