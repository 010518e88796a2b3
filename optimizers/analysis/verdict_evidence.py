"""What a verdict is reached on, and what it is: a run with its losses, and how much of it is its tail."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.endpoint_classification import ARRIVAL_DISTANCE, MIN_STAY_STEPS
from optimizers.analysis.number_format import format_number
from surfaces.base import Array, Problem
from surfaces.translatable import Translatable

LOST_VERDICTS = ("diverged", "diverging", "unbounded", "outside")
TAIL_FRACTION = 0.1  # of the run, and ten steps at least: what is judged for stalling and oscillation


class Verdict(NamedTuple):
    """How a run ended, from which step on, and a sentence with the reason.

    Kinds: `global` and `local` minima reached; stopped at a `saddle`, a `maximum` or on `flat`
    ground; `stalled`, `oscillating`, `diverged`, `diverging` (still finite), `unbounded` (fell for ever),
    `outside` (where the loss has no value), `running`.
    """

    kind: str
    step: int
    sentence: Translatable


class RunRecord(NamedTuple):
    """What a verdict is reached on; every array has an entry per iterate."""

    x: Array  # (2, steps + 1)
    alive: NDArray[np.bool_]
    loss: Array
    slope: Array  # gradient norm
    problem: Problem
    minima: Sequence[tuple[float, float]]  # global ones
    widths: Array  # (2,) of the view, the yardstick of "near"
    word: str  # the optimizer's name in the catalogue
    lr: Array | None
    mu: Array | None
    stopped: bool = False  # by the solver itself: it would not go on if it had more steps
    again: "Callable[[float], RunRecord] | None" = None  # the same run with a learning rate so many times as large


def tail_length(run: RunRecord) -> int:
    """How many of the last steps are judged for stalling and oscillation."""
    steps = run.loss.size - 1
    return min(steps, max(10, int(TAIL_FRACTION * steps)))


def measure_tail(run: RunRecord) -> tuple[float, float]:
    """How far the last steps went, and the size of the patch they stayed in, in views."""
    recent = run.x[:, run.loss.size - 1 - tail_length(run) :] / run.widths[:, None]
    return float(np.hypot(*np.diff(recent)).sum()), float(np.hypot(*np.ptp(recent, axis=1)))


def is_settled(run: RunRecord) -> bool:
    """Does it hardly move any more, or has not at all of late?"""
    return measure_tail(run)[1] <= ARRIVAL_DISTANCE or (find_rest_step(run) + MIN_STAY_STEPS <= run.loss.size - 1)


def find_rest_step(run: RunRecord) -> int:
    """The step from which on it has not moved at all."""
    moves = np.flatnonzero((np.diff(run.x) != 0).any(axis=0))
    return int(moves[-1]) + 1 if moves.size else 0


def find_arrival_step(x: Array, m: Array, tolerance: Array) -> int:
    """The step from which a run stays within `tolerance` (2,) of `m`; past its last one if it does not."""
    away = np.flatnonzero((np.abs(x - m[:, None]) > tolerance[:, None]).any(axis=0))
    return int(away[-1]) + 1 if away.size else 0


def format_point(p: Array) -> str:
    """(x, y) in four figures."""
    return "(" + ", ".join(format_number(v, 4) for v in p) + ")"
