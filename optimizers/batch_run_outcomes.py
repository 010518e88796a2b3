"""The outcomes of many runs, lane by lane: the record, and how it is gathered while they go on."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from optimizers.numerics.vector_products import Mask
from surfaces.base import Array

StepNumbers = NDArray[np.int64]
NEVER = int(np.iinfo(np.int64).max)  # the number of a step, or of evaluations, that did not come: later than any other

T = TypeVar("T", bound=tuple[Any, ...])  # a NamedTuple of arrays


class RunOutcomes(NamedTuple):
    """The outcome of each lane. The goal is a loss that the caller chose; a step may be `NEVER`."""

    x: Array  # (d, n): its last finite point
    final_loss: Array  # (n,): the loss there
    best_loss: Array  # (n,): the least loss of all its iterates
    reached_step: StepNumbers  # (n,): the step after which its loss was at most the goal for the first time
    settled_step: StepNumbers  # (n,): the step from which on its loss was at most the goal to the end
    nonfinite_step: StepNumbers  # (n,): the step that led to a point which is not finite


class RunningStats(NamedTuple):
    """The statistics of each lane so far, steps as floats, so that machine code can update them; infinite for never."""

    best_loss: Array  # (n,)
    reached_step: Array  # (n,)
    settled_step: Array  # (n,) the step after the last whose loss was above the goal
    nonfinite_step: Array  # (n,) the step after the last in which the lane was alive


def empty_stats(lanes: int) -> RunningStats:
    none, never = np.zeros(lanes), np.full(lanes, np.inf)
    return RunningStats(best_loss=never, reached_step=never, settled_step=none, nonfinite_step=none)


def update_stats(stats: RunningStats, loss: Array, alive: Mask, t: int, goal: Array | float) -> RunningStats:
    """Update the statistics with the iterate after step t."""
    low = loss <= goal
    return RunningStats(
        best_loss=np.where(loss < stats.best_loss, loss, stats.best_loss),
        reached_step=np.where(low & (stats.reached_step > t), t, stats.reached_step),
        settled_step=np.where(low, stats.settled_step, t + 1),
        nonfinite_step=np.where(alive, t + 1, stats.nonfinite_step),
    )


def finalize_stats(x: Array, loss: Array, alive: Mask, stats: RunningStats, goal: Array | float) -> RunOutcomes:
    """The record of runs that have ended at `x`: a lane that is alive, or at its goal, stays so."""
    return RunOutcomes(
        x,
        loss,
        stats.best_loss,
        to_step_numbers(stats.reached_step),
        to_step_numbers(np.where(loss <= goal, stats.settled_step, np.inf)),
        to_step_numbers(np.where(alive, np.inf, stats.nonfinite_step)),
    )


def to_step_numbers(steps: Array) -> StepNumbers:
    known = np.isfinite(steps)
    return np.where(known, np.where(known, steps, 0.0).astype(np.int64), NEVER)


def find_first_step(true: Mask) -> StepNumbers:
    """The first step at which something is true for each lane: (steps, n) -> (n,), `NEVER` if it never is."""
    return np.where(true.any(axis=0), true.argmax(axis=0), NEVER)


def find_lasting_step(true: Mask) -> StepNumbers:
    """The step from which on something is true to the end: (steps, n) -> (n,), `NEVER` if it is false at the end."""
    return np.where(true[-1], find_step_after_last(~true), NEVER)


def find_step_after_last(true: Mask) -> StepNumbers:
    """The step after the last at which something is true: (steps, n) -> (n,), 0 if it never is."""
    return np.where(true.any(axis=0), len(true) - np.argmax(true[::-1], axis=0), 0)


def replace_never(steps: StepNumbers, last: int) -> NDArray[np.uint16]:
    """The numbers of steps as they are sent to the browser, where one more than the `last` step stands for never."""
    return np.minimum(steps, last + 1).astype(np.uint16)


def join_lanes(parts: Sequence[T]) -> T:
    """The records of several batches as one: their arrays, and those of the records in them, one after the other."""
    columns = zip(*parts, strict=True)
    return type(parts[0])._make(  # type: ignore[attr-defined]
        join_lanes(column) if isinstance(column[0], tuple) else np.concatenate(column, axis=-1) for column in columns
    )


def take_lanes(record: T, lanes: NDArray[np.intp] | Mask) -> T:
    """The record of some lanes."""
    return type(record)._make(  # type: ignore[attr-defined]
        take_lanes(part, lanes) if isinstance(part, tuple) else part[..., lanes] for part in record
    )
