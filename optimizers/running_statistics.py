"""What is kept of many runs while they go on, instead of their paths."""

from typing import NamedTuple

import numpy as np

from optimizers.numerics.vector_products import Mask
from surfaces.base import Array


class RunningStats(NamedTuple):
    """Of each lane, so far; whole numbers as floats. A step that is one more than the last stands for never."""

    best: Array  # (n,) the least loss of all its iterates
    reached: Array  # (n,) the step after which its loss was at most the goal for the first time
    settled: Array  # (n,) the step after which its loss has been at most the goal ever since
    died: Array  # (n,) the step in which it left the finite world: that after the last in which it was alive


def empty_stats(lanes: int, steps: int) -> RunningStats:
    none = np.zeros(lanes)
    return RunningStats(best=np.full(lanes, np.inf), reached=np.full(lanes, steps + 1.0), settled=none, died=none)


def update_stats(before: RunningStats, loss: Array, alive: Mask, t: int, goal: Array | float) -> RunningStats:
    """And of the iterate after step t."""
    there = loss <= goal
    return RunningStats(
        best=np.where(loss < before.best, loss, before.best),
        reached=np.where(there & (before.reached > t), t, before.reached),
        settled=np.where(there, before.settled, t + 1),
        died=np.where(alive, t + 1, before.died),
    )
