"""Where each of many starts leads: to which minimum and how fast, to a saddle, nowhere, or away."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis import endpoint_classification
from optimizers.analysis.endpoint_classification import ARRIVAL_DISTANCE, LossVariation
from optimizers.base import Optimizer
from optimizers.compiler.compiled_batch import Plan
from optimizers.numerics.vector_products import Mask
from optimizers.parallel_batch import BatchResult, run_batch
from surfaces.base import Array, Problem

AT_MINIMUM, AT_SADDLE, STALLED, LOST = range(4)  # what became of a start
NO_MINIMUM = -1  # in the place of a minimum's number
MAX_MINIMA = 60  # minima that are told apart; those found later are one
MERGE_DISTANCE = 5 * ARRIVAL_DISTANCE  # of the view: what lies nearer together is one minimum


class StartOutcomes(NamedTuple):
    """What became of each start; see `classify_starts`."""

    kind: NDArray[np.uint8]  # (n,): MINIMUM, SADDLE, STALLED or LOST
    target: Array  # (2, n): the point it came to rest at, as slope and curvature there have it; else its last point
    step: NDArray[np.int64]  # (n,): from which on it had LOW of its fall left at most


def classify_starts(
    optimizer: Optimizer,
    problem: Problem,
    x0: Array,
    steps: int,
    widths: Sequence[float],
    minima: Sequence[tuple[float, float]] = (),
    plan: Plan | None = None,
) -> StartOutcomes:
    r"""What becomes of each start `x0` (2, n) in so many steps; `widths` (2,) of the view are the yardstick.

    What each has come to is judged by its last point, and since when its loss has been low, as a verdict judges it: see
    `endpoints.place`. It is led to a minimum where the verdict of its run alone would be `global` or `local`, and ends
    at a saddle where it would be `saddle` or `maximum`; it is lost where it would be `diverged`, `diverging`,
    `unbounded` or `outside`. Else it is stalled, or still on its way: `flat`, `stalled`, `oscillating`, `running`.

    Of the steps that were low enough that is meant after which all were: a run with momentum passes a minimum many
    times before it stays. A `plan` as for `run_batch`.
    """
    across = np.array(widths, dtype=np.float64)
    with np.errstate(all="ignore"):
        begun = np.asarray(problem.value(x0))
        losses = None if plan else np.empty((steps + 1, x0.shape[1]))
        last = run_batch(optimizer, problem, x0, steps, plan=plan, losses=losses)
        level = endpoint_classification.arrival_level(
            begun, last.loss
        )  # known only now, so that machine code does it all again
        step = (
            find_settling_step(losses, level)
            if losses is not None
            else run_batch(optimizer, problem, x0, steps, level, plan).settled
        )

        def climbing(lanes: Mask, near_start: LossVariation) -> Mask:
            """By the whole path of their losses; machine code keeps none, and those that end high are run once more."""
            if losses is not None:
                return endpoint_classification.is_climbing(losses[:, lanes], near_start)
            found = last.loss[lanes] > begun[lanes]
            high = np.flatnonzero(lanes)[found]
            again = np.empty((steps + 1, high.size))
            run_batch(optimizer, problem, x0[:, high], steps, losses=again)
            found[found] = endpoint_classification.is_climbing(again, near_start.of(found))
            return found

        kind, target = classify_endpoints(problem, x0, begun, last, steps, across, minima, step, climbing)
    return StartOutcomes(kind, target, step)


def find_settling_step(losses: Array, level: Array) -> NDArray[np.int64]:
    """After which step the losses (steps + 1, n) are at their level (n,) for good; one more than all for never."""
    above = ~(losses <= level)
    return np.where(above.any(axis=0), len(losses) - np.argmax(above[::-1], axis=0), 0)


def classify_endpoints(
    problem: Problem,
    x0: Array,
    begun: Array,
    last: BatchResult,
    steps: int,
    widths: Array,
    minima: Sequence[tuple[float, float]],
    step: NDArray[np.int64],
    climbing: Callable[[Mask, LossVariation], Mask],
) -> tuple[NDArray[np.uint8], Array]:
    """Kind and target of each lane by where it was last, and from which `step` on it was low; see `endpoints`."""
    x, loss = last.x, last.loss
    near_start = endpoint_classification.measure_variation(problem, x0, begun, widths)
    stayed = endpoint_classification.has_stayed(step, steps)
    there = endpoint_classification.examine_endpoints(
        problem, x0, begun, x, loss, last.best, stayed, widths, minima, near_start
    )
    lost = (last.died <= steps) | endpoint_classification.is_lost(
        begun, x0, x, loss, there, endpoint_classification.lowest_minimum_loss(problem, minima), widths, near_start
    )
    settled = (there.form != endpoint_classification.NOT_STATIONARY) | (there.known >= 0) | there.flat
    open_ = ~settled & ~lost
    if open_.any():
        lost[open_] = climbing(open_, near_start.of(open_))

    kind = np.full(loss.shape, STALLED, dtype=np.uint8)
    kind[(there.form == endpoint_classification.SADDLE) | (there.form == endpoint_classification.MAXIMUM)] = AT_SADDLE
    kind[(there.form == endpoint_classification.MINIMUM) | there.lowest | (there.known >= 0)] = AT_MINIMUM
    lost &= ~np.isfinite(begun) | ~endpoint_classification.is_stuck_at_start(problem, x0, x)
    kind[lost] = LOST
    target = there.target.copy()
    for i, m in enumerate(minima):
        target[:, there.known == i] = np.array(m, dtype=np.float64)[:, None]
    return kind, np.where(lost, x, target)


def label_minima(found: StartOutcomes, minima: Array, widths: Sequence[float]) -> tuple[NDArray[np.int16], Array]:
    """The number of the minimum that each start is led to, `NO_MINIMUM` for those led to none; and all minima (2, m).

    The `minima` (2, m) that are known keep their numbers, others follow in the order in which they are met. Of more
    than `MAX_MINIMA` the rest have the last number.
    """
    number = np.full(found.kind.shape, NO_MINIMUM, dtype=np.int16)
    reach = MERGE_DISTANCE * np.array(widths, dtype=np.float64)[:, None]
    left = np.flatnonzero(found.kind == AT_MINIMUM)
    known = 0
    while left.size:
        if known == minima.shape[1]:
            if known == MAX_MINIMA:
                number[left] = MAX_MINIMA
                break
            minima = np.concatenate((minima, found.target[:, left[:1]]), axis=1)
        here = (np.abs(found.target[:, left] - minima[:, known : known + 1]) <= reach).all(axis=0)
        number[left[here]] = known
        left, known = left[~here], known + 1
    return number, minima
