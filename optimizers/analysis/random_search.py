"""Random search over hyperparameters: sampling values, running trials, and choosing the best."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.run_curves_and_verdict import reported_evaluations
from optimizers.base import Optimizer
from optimizers.batch_run_outcomes import NEVER, StepNumbers, find_first_step
from optimizers.simulate import iterates
from surfaces.base import Array, Problem
from surfaces.observers.evaluation_counter import CountedProblem

LOG, NEAR_ONE, LINEAR, INTEGER = "log", "near one", "even", "whole"  # on which scale values are drawn evenly
ZERO_PROBABILITY = 0.2  # of a hyperparameter whose 0 means "none", which no log scale has
RANGE_END_FRACTION = 0.05  # of its range: a value so near an end is reported to lie there
DONE_FRACTION = 1e-10  # of the descent from the start to the lowest known loss: with less left a run is done
WORST_FRACTION = 1e6  # of it: more left counts as this, and so does divergence


class SearchRange(NamedTuple):
    """Between which numbers values are drawn, and on which scale evenly."""

    low: float  # on a log scale above 0
    high: float
    scale: str
    includes_zero: bool = False  # may it be 0 as well?


class TrialOutcomes(NamedTuple):
    """The outcome of each of n runs."""

    final_loss: Array  # (n,): inf for a run that has become non-finite
    total_evaluations: NDArray[np.int64]  # (n,): up to its end
    reached_step: StepNumbers  # (n,): the first step whose loss is at most the goal, or NEVER
    reached_evaluations: NDArray[np.int64]  # (n,): up to and including that step, or NEVER


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
    optimizer: Optimizer, problem: Problem, x0: Array, steps: int, goal: Array | float, done_loss: Array | float
) -> TrialOutcomes:
    """Run from each of the starts `x0` (d, n) towards the `goal`, until its loss is at most `done_loss`, and count.

    Both are a loss, or one for each start (n,); the final loss of a run that is done is that of the first such step. A
    value, a gradient and a Hessian each count as one evaluation, as in the race. A call is counted for every lane: with
    several lanes the count is right only for optimizers that evaluate as often in each, which line searches do not.
    """
    counted = CountedProblem(problem)
    losses, alive, states = [], [], []
    waiting = np.full(x0.shape[1:], True)
    with np.errstate(all="ignore"):
        for iterate in iterates(optimizer, counted, np.array(x0, dtype=np.float64), steps):
            losses.append(np.asarray(problem.value(iterate.x), dtype=np.float64))
            alive.append(iterate.alive)
            states.append(iterate.state)
            waiting &= iterate.alive & ~(losses[-1] <= done_loss)
            if not waiting.any():
                break
    loss, living = np.array(losses), np.array(alive)  # (steps + 1 or fewer, n)
    own = reported_evaluations(states)
    asked = (counted.cumulative_calls(len(states) - 1) if own is None else own).sum(axis=0)
    reached_step = find_first_step((loss <= goal) & living)
    nonfinite, done = find_first_step(~living), find_first_step((loss <= done_loss) & living)
    last = np.minimum(np.minimum(done, nonfinite), len(states) - 1)
    final = np.take_along_axis(loss, last[None], axis=0)[0]
    final = np.where((nonfinite < done) | np.isnan(final), np.inf, final)
    reached_evaluations = np.where(reached_step == NEVER, NEVER, asked[np.minimum(reached_step, len(states) - 1)])
    return TrialOutcomes(final, asked[last], reached_step, reached_evaluations)


def score_trials(loss: Array, initial_loss: Array, lowest: float) -> Array:
    r"""How far trials get, the lower the better: (trials, starts) losses at the end -> (trials,).

    $$ \operatorname{mean} \log_{10} \frac{f(x_T) - f^*}{f(x_0) - f^*} $$

    over the starts (starts,), with the `lowest` known value $f^*$. Each start has the same weight, however high it lies
    and however good or bad its run is.
    """
    descent = np.maximum(initial_loss - lowest, np.finfo(float).tiny)
    with np.errstate(over="ignore"):
        left = np.clip((loss - lowest) / descent, DONE_FRACTION, WORST_FRACTION)
    return np.log10(left).mean(axis=-1).round(3)  # differences below a thousandth of a decade are taken for rounding


def best_trial(score: Array, reached_step: StepNumbers, steps: int) -> int:
    """The trial with the lowest score; of equals the one whose starts reach the goal sooner, (trials, starts).

    A start that never does counts as one step more than there are. Of those equal again, the first.
    """
    sooner = np.minimum(reached_step, steps + 1).mean(axis=-1)
    return int(np.lexsort((np.arange(score.size), sooner, score))[0])


def count_affordable_trials(cost: NDArray[np.int64], budget: float) -> int:
    """How many trials, one after the other, are begun before the budget is spent."""
    return min(cost.size, int(np.searchsorted(cost.cumsum(), budget, side="left")) + 1)
