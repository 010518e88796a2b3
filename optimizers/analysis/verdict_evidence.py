"""What a verdict is reached on, and what it is: a run with its losses, and how much of it is its tail."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.endpoint_classification import FEW, NEAR
from optimizers.analysis.number_format import figure
from surfaces.base import Array, Problem
from surfaces.translatable import Sentence

LOST = ("diverged", "diverging", "unbounded", "outside")
TAIL = 0.1  # of the run, and ten steps at least: what is judged for stalling and oscillation


class Verdict(NamedTuple):
    """How a run ended, from which step on, and a sentence with the reason.

    Kinds: `global` and `local` minima reached; stopped at a `saddle`, a `maximum` or on `flat`
    ground; `stalled`, `oscillating`, `diverged`, `diverging` (still finite), `unbounded` (fell for ever),
    `outside` (where the loss has no value), `running`.
    """

    kind: str
    step: int
    sentence: Sentence


class Run(NamedTuple):
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
    again: "Callable[[float], Run] | None" = None  # the same run with a learning rate so many times as large


def tail(run: Run) -> int:
    """How many of the last steps are judged for stalling and oscillation."""
    steps = run.loss.size - 1
    return min(steps, max(10, int(TAIL * steps)))


def patch(run: Run) -> tuple[float, float]:
    """How far the last steps went, and the size of the patch they stayed in, in views."""
    recent = run.x[:, run.loss.size - 1 - tail(run) :] / run.widths[:, None]
    return float(np.hypot(*np.diff(recent)).sum()), float(np.hypot(*np.ptp(recent, axis=1)))


def settled(run: Run) -> bool:
    """Does it hardly move any more, or has not at all of late?"""
    return patch(run)[1] <= NEAR or (since(run) + FEW <= run.loss.size - 1)


def since(run: Run) -> int:
    """The step from which on it has not moved at all."""
    moves = np.flatnonzero((np.diff(run.x) != 0).any(axis=0))
    return int(moves[-1]) + 1 if moves.size else 0


def arrived(x: Array, m: Array, tolerance: Array) -> int:
    """The step from which a run stays within `tolerance` (2,) of `m`; past its last one if it does not."""
    away = np.flatnonzero((np.abs(x - m[:, None]) > tolerance[:, None]).any(axis=0))
    return int(away[-1]) + 1 if away.size else 0


def point(p: Array) -> str:
    """(x, y) in four figures."""
    return "(" + ", ".join(figure(v, 4) for v in p) + ")"
