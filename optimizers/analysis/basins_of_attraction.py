"""Where each of many starts leads: to which minimum and how fast, to a saddle, nowhere, or away."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_classification import Ending, classify_endings, is_climbing
from optimizers.analysis.ending_criteria import MERGE_DISTANCE, LossVariation, RunStarts, arrival_level
from optimizers.base import Optimizer
from optimizers.batch_run_outcomes import StepNumbers, find_lasting_step, take_lanes
from optimizers.compiler.compiled_batch import Plan
from optimizers.numerics.vector_products import Mask
from optimizers.parallel_batch import record_losses, run_batch
from surfaces.base import Array, Problem

NO_MINIMUM = -1  # in the place of a minimum's number
MAX_MINIMA = 60  # minima that are told apart; those found later are one


class StartOutcomes(NamedTuple):
    """The outcome of each start; see `classify_starts`."""

    ending: NDArray[np.uint8]  # (n,): an Ending
    rest_point: Array  # (2, n): the stationary point that it came to, by the quadratic model there; else its last point
    settled_step: StepNumbers  # (n,): the step from which on its loss was below the `arrival_level`


def classify_starts(
    optimizer: Optimizer,
    problem: Problem,
    x0: Array,
    steps: int,
    widths: Sequence[float],
    minima: Sequence[tuple[float, float]] = (),
    plan: Plan | None = None,
) -> StartOutcomes:
    r"""Run from each start in `x0` (2, n) and classify its end; lengths are in `widths` (2,) of the view.

    The last point and the step since when the loss has been low decide, by the tests that a verdict uses: see
    `ending_classification`. A start leads to a minimum where the verdict of its run alone would be `global` or `local`,
    to a saddle where it would be `saddle` or `maximum`; it is lost where it would be `diverged`, `diverging`,
    `unbounded` or `outside`. Else it is stalled, or still on its way: `flat`, `stalled`, `oscillating`, `running`.

    The settled step is that from which on the loss stays low, since a run with momentum passes a minimum many times
    before it stays. For `plan` see `run_batch`.
    """
    losses = None if plan else np.empty((steps + 1, x0.shape[1]))
    with np.errstate(all="ignore"):
        initial_loss = np.asarray(problem.value(x0))
        record = None if losses is None else record_losses(losses)
        runs = run_batch(optimizer, problem, x0, steps, plan=plan, record=record)
        level = arrival_level(initial_loss, runs.final_loss)  # known only now, so that machine code runs once more
        settled_step = (
            run_batch(optimizer, problem, x0, steps, level, plan).settled_step
            if losses is None
            else find_lasting_step(losses <= level)
        )

        def is_climbing_lane(lanes: Mask, near_start: LossVariation) -> Mask:
            """By the losses of every step; machine code keeps none, and the lanes that end high are run once more."""
            if losses is not None:
                return is_climbing(losses[:, lanes], near_start)
            found = runs.final_loss[lanes] > initial_loss[lanes]
            high = np.flatnonzero(lanes)[found]
            rerun = np.empty((steps + 1, high.size))
            run_batch(optimizer, problem, x0[:, high], steps, record=record_losses(rerun))
            found[found] = is_climbing(rerun, take_lanes(near_start, found))
            return found

        starts = RunStarts(problem, x0, initial_loss, np.array(widths, dtype=np.float64), minima)
        runs = runs._replace(settled_step=settled_step)
        ending, point = classify_endings(starts, runs, steps, is_climbing_lane)
    return StartOutcomes(ending, point, settled_step)


def label_minima(found: StartOutcomes, minima: Array, widths: Sequence[float]) -> tuple[NDArray[np.int16], Array]:
    """The number of the minimum that each start leads to, `NO_MINIMUM` for those that lead to none; and all minima.

    The `minima` (2, m) that are known keep their numbers, others follow in the order in which they are met. Of more
    than `MAX_MINIMA` the rest have the last number.
    """
    number = np.full(found.ending.shape, NO_MINIMUM, dtype=np.int16)
    reach = MERGE_DISTANCE * np.array(widths, dtype=np.float64)[:, None]
    left = np.flatnonzero(found.ending == Ending.MINIMUM)
    known = 0
    while left.size:
        if known == minima.shape[1]:
            if known == MAX_MINIMA:
                number[left] = MAX_MINIMA
                break
            minima = np.concatenate((minima, found.rest_point[:, left[:1]]), axis=1)
        here = (np.abs(found.rest_point[:, left] - minima[:, known : known + 1]) <= reach).all(axis=0)
        number[left[here]] = known
        left, known = left[~here], known + 1
    return number, minima


def number_jointly(minima: Sequence[Array], widths: Sequence[float]) -> tuple[list[NDArray[np.intp]], Array]:
    """One numbering for the minima (2, m) of several maps: the new numbers of each map's, and all minima (2, n).

    The first map's keep their numbers; those that only later ones have follow.
    """
    reach = MERGE_DISTANCE * np.array(widths, dtype=np.float64)[:, None]
    joint = np.zeros((2, 0))
    numbers = []
    for points in minima:
        number = np.zeros(points.shape[1], dtype=np.intp)
        for i, point in enumerate(points.T[..., None]):
            alike = np.flatnonzero((np.abs(joint - point) <= reach).all(axis=0))
            number[i] = alike[0] if alike.size else joint.shape[1]
            joint = joint if alike.size else np.concatenate((joint, point), axis=1)
        numbers.append(number)
    return numbers, joint
