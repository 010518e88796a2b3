"""A single run as its verdict needs it, and measures of where its steps went and since when it rests."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, MIN_STAY_STEPS
from optimizers.analysis.oscillation import measure_travel
from optimizers.batch_run_outcomes import find_step_after_last
from surfaces.base import Array, Point, Problem
from surfaces.number_format import format_number

TAIL_FRACTION = 0.1  # of the run, and ten steps at least: what is judged for stalling and oscillation
VISIBLE_FRACTION = 1e-12  # of the view: a coordinate this near to zero is zero in its picture and in every zoom of it


class RunRecord(NamedTuple):
    """A single run; every array has an entry per iterate."""

    x: Array  # (2, steps + 1)
    alive: NDArray[np.bool_]
    loss: Array
    gradient_norm: Array
    problem: Problem
    minima: Sequence[Point]  # global ones
    widths: Array  # (2,) of the view: the unit of lengths
    optimizer_name: str  # in the catalogue
    lr: Array | None
    mu: Array | None
    solver_stopped: bool = False  # the solver would not go on if it had more steps
    beta1: Array | None = None  # the momentum of methods like Adam
    averaged_x: Array | None = None  # (2, steps + 1) the optimizer's own iterates, if `x` are averages of them
    rerun: "Callable[[float], RunRecord] | None" = None  # makes the same run with so many times its learning rate
    rerun_with_momentum: "Callable[[float], RunRecord] | None" = None  # makes it with another constant momentum
    rerun_without_noise: "Callable[[], RunRecord] | None" = None  # None if its gradients have no noise

    @property
    def steps(self) -> int:
        return self.loss.size - 1

    @property
    def tail_length(self) -> int:
        """How many of the last steps are judged for stalling and oscillation."""
        return min(self.steps, max(10, int(TAIL_FRACTION * self.steps)))

    @property
    def is_slowed(self) -> bool:
        """Does a schedule lower the learning rate in these last steps?"""
        return self.lr is not None and bool(self.lr[-1] < self.lr[-1 - self.tail_length])


def measure_tail(run: RunRecord) -> tuple[float, float]:
    """How far the last steps went, and the size of the patch they stayed in, in widths of the view."""
    travelled, patch = measure_travel(run.x[:, run.steps - run.tail_length :], run.widths)
    return float(travelled), float(patch)


def is_settled(run: RunRecord) -> bool:
    """Have the last steps stayed within `ARRIVAL_DISTANCE`, or the very last ones not moved at all?"""
    return measure_tail(run)[1] <= ARRIVAL_DISTANCE or find_rest_step(run) + MIN_STAY_STEPS <= run.steps


def find_rest_step(run: RunRecord) -> int:
    """The step from which on it has not moved at all."""
    return int(find_step_after_last(np.asarray((np.diff(run.x) != 0).any(axis=0))))


def find_arrival_step(x: Array, m: Array, tolerance: Array) -> int:
    """The step from which a run stays within `tolerance` (2,) of `m`; past its last one if it does not."""
    away = np.abs(x - m[:, None]) > tolerance[:, None]
    return int(find_step_after_last(np.asarray(away.any(axis=0))))


def format_point(p: Array, widths: Array | None = None) -> str:
    """(x, y) with four digits; 0 for what no zoom of the picture, whose `widths` (2,) are given, could show."""
    if widths is not None:
        p = np.where(np.abs(p) < VISIBLE_FRACTION * widths, 0.0, p)
    return "(" + ", ".join(format_number(v, 4) for v in p) + ")"
