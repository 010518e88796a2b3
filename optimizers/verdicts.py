"""Why a run is where it is: a minimum, a saddle, stalled, oscillating or gone; with the reason."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.figures import figure
from optimizers.stability import LIMITS, largest_stable_lr
from surfaces.base import Array, Problem

NEAR = 1e-3  # of the view's width: within this of a minimum, and as low, a run has reached it
LOW = 1e-4  # of the way down from the start's loss: as low as the minimum
FLAT = 1e-6  # of the steepest slope of the run: below this a slope counts as none
EASED = 1e-2  # of it: below this, the point where slope and curvature say the slope vanishes can be trusted
CURVED = 1e-8  # of the largest curvature at the point: below this a curvature counts as none
FAR = 1e3  # views away from the start, with a loss larger than there: lost, even if still finite
FALLS = 0.05  # of what is left to fall: a run that gains as much in its tail is on its way down
TAIL = 0.1  # of the run, and ten steps at least: what is judged for stalling and oscillation


class Verdict(NamedTuple):
    """How a run ended, from which step on, and a sentence with the reason.

    Kinds: `global` and `local` minima reached; stopped at a `saddle`, a `maximum` or on `flat`
    ground; `stalled`, `oscillating`, `diverged`, `diverging` (still finite), `unbounded` (fell for ever), `running`.
    """

    kind: str
    step: int
    sentence: str


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


def judge(run: Run) -> Verdict:
    """The first of these that holds: lost, at a global minimum, stopped, oscillating, stalled; else running."""
    if run.loss.size == 1:
        return Verdict("running", 0, "Has not taken a step.")
    return lost(run) or at_a_minimum(run) or growing(run) or unsettled(run)


def lost(run: Run) -> Verdict | None:
    """A run that left the finite world, or is far outside the view with a loss larger than at its start."""
    x, loss = run.x, run.loss
    if not np.isfinite(loss[0]):
        return Verdict("diverged", 0, "The loss is not a finite number at the start: there is no way down from here.")
    gone = ~run.alive | ~np.isfinite(loss) | ~np.isfinite(run.slope)
    far = np.hypot(*((x - x[:, :1]) / run.widths[:, None])) > FAR
    if not (gone.any() or far[-1]):
        return None
    k = int(np.argmax(gone | (far & (np.abs(loss) > np.abs(loss[0])))))
    if k == 0:
        return None
    if loss[k - 1] < min(loss[0], lowest(run)):
        return Verdict("unbounded", k, f"Fell without end: at step {k} it has left every scale. No minimum lies there.")
    return Verdict("diverged", k, f"Diverged at step {k}{cause(run, k)}.")


def cause(run: Run, k: int) -> str:
    """The learning rate against the largest stable one, in the neighbourhood of the minimum (else of the start)."""
    if run.lr is None:
        return ""
    start = run.x[:, 0]
    nearest = min((np.array(m) for m in run.minima), key=lambda m: float(np.hypot(*(start - m))), default=start)
    curvature, steepest = (float(np.linalg.eigvalsh(run.problem.hess(p))[-1]) for p in (nearest, start))
    limit = largest_stable_lr(run.word, curvature, 0.0 if run.mu is None else float(run.mu[k]))
    lr = figure(run.lr[k])
    if limit is None:
        return f": the learning rate {lr} is too large here"
    place = "the minimum" if run.minima else "the start"
    bound = (
        f"the largest stable one at {place} is {LIMITS[run.word].formula} = {figure(limit)} (λ = {figure(curvature)})"
    )
    if run.lr[k] > limit:
        return f": the learning rate is {lr}, but {bound}"
    steeper = f"; the start is steeper, λ = {figure(steepest)}" if steepest > curvature else ""
    return f": the learning rate is {lr}; {bound}{steeper}"


def at_a_minimum(run: Run) -> Verdict | None:
    """A run that came near a published global minimum, as low as that, and stayed: its last step is as short."""
    last = np.abs(run.x[:, -1] - run.x[:, -2])
    if (last > NEAR * run.widths).any() and run.slope[-1] > FLAT * run.slope.max():
        return None
    best = lowest(run)
    high = np.flatnonzero(run.loss - best > LOW * (run.loss[0] - best))
    for m in np.array(run.minima, dtype=np.float64).reshape(-1, 2):
        k = max(arrived(run.x, m, NEAR * run.widths), int(high[-1]) + 1 if high.size else 0)
        if k < run.loss.size:
            sentence = f"Reached the global minimum {point(m)} at step {k}, to within 0.1 % of the picture's width."
            return Verdict("global", k, sentence)
    return None


def lowest(run: Run) -> float:
    """The loss at the global minima; infinity where none is known."""
    return min((float(run.problem.value(np.array(m))) for m in run.minima), default=np.inf)


def growing(run: Run) -> Verdict | None:
    """A run above its start: above all that is around it, or growing through each eighth of its second half."""
    steps, last = run.loss.size - 1, run.loss[-1]
    if last <= run.loss[0]:
        return None
    corners = run.x[:, :1] + run.widths[:, None] * np.array(((-1, -1, 1, 1), (-1, 1, -1, 1)))
    eighths = [float(np.median(part)) for part in np.array_split(run.loss[run.loss.size // 2 :], 8) if part.size]
    grows = len(eighths) == 8 and min(np.diff(eighths)) > 0 and eighths[7] > max(1.2 * eighths[0], run.loss[0])
    if not grows and not last > np.max(run.problem.value(corners)):
        return None
    sentence = f"Diverging, the loss is {figure(last)} at step {steps} and was {figure(run.loss[0])} at the start"
    return Verdict("diverging", steps, f"{sentence}{cause(run, steps)}.")


def unsettled(run: Run) -> Verdict:
    """Judged by the tail of the run: stopped, oscillating, stalled, or still on its way."""
    steps, loss, slope = run.loss.size - 1, run.loss, run.slope
    n = min(steps, max(10, int(TAIL * steps)))
    recent = run.x[:, steps - n :] / run.widths[:, None]
    travelled = float(np.hypot(*np.diff(recent)).sum())  # path length, in views
    moved = float(np.hypot(*np.ptp(recent, axis=1)))  # size of the patch it stayed in, in views
    eased = slope[-1] <= EASED * slope.max() and newton_step(run) <= NEAR
    if moved <= NEAR and (slope[-1] <= FLAT * slope.max() or eased):
        return stationary(run)
    parts = np.array_split(loss[steps - n :], min(4, n + 1))
    changes = np.diff([float(np.mean(part)) for part in parts])
    floor = min(lowest(run), float(loss.min()))
    falls = (changes < 0).all() and -changes.sum() >= FALLS * (float(np.mean(parts[0])) - floor)
    if not falls and travelled > max(3 * moved, NEAR):
        sentence = (
            f"Oscillates: the last {n} steps cover {figure(travelled / moved, 2)} times the size of the patch "
            "they stay in and the loss hardly falls. Smaller steps would settle."
        )
        return Verdict("oscillating", steps, sentence)
    if not falls and moved <= NEAR:
        share = figure(100 * moved, 2)
        sentence = (
            f"Stalled: the last {n} steps moved by {share} % of the picture's width, "
            f"yet the slope is still {figure(slope[-1], 2)}."
        )
        return Verdict("stalled", steps, sentence)
    if changes.sum() < 0:
        return Verdict("running", steps, f"Still descending at step {steps}: the loss is {figure(loss[-1])}.")
    return Verdict("running", steps, f"Still moving at step {steps}; its last {n} steps gained nothing.")


def newton_step(run: Run) -> float:
    """How far the last point is from where its slope and curvatures say the slope vanishes, in views."""
    end = run.x[:, -1]
    H, g = run.problem.hess(end), run.problem.grad(end)
    step = np.array((H[1, 1] * g[0] - H[0, 1] * g[1], H[0, 0] * g[1] - H[0, 1] * g[0])) / (
        H[0, 0] * H[1, 1] - H[0, 1] ** 2
    )
    return float(np.nan_to_num(np.hypot(*(step / run.widths)), nan=np.inf))


def stationary(run: Run) -> Verdict:
    """Where the slope has vanished the curvatures decide: a small gradient alone is no minimum."""
    end, loss = run.x[:, -1], float(run.loss[-1])
    k = arrived(run.x, end, NEAR * run.widths)
    low, high = np.linalg.eigvalsh(np.nan_to_num(run.problem.hess(end)))
    least = CURVED * max(abs(low), abs(high))
    curvatures = f"{figure(low, 2)} and {figure(high, 2)}"
    where = f"{point(end)} from step {k}: slope {figure(run.slope[-1], 1)}, curvatures {curvatures}"
    if low < -least:
        kind = "saddle" if high > least else "maximum"
        return Verdict(kind, k, f"Stopped at a {kind} {where}. Not a minimum: the way down is open.")
    best = lowest(run)
    if np.isfinite(best) and loss <= best + 1e-9 * max(1.0, abs(best)):
        return Verdict("global", k, f"Reached the lowest level there is, {figure(loss, 4)}, at {where}.")
    if low <= least:
        return Verdict("flat", k, f"Stopped on flat ground {where}.")
    deeper = "" if np.isinf(best) else f" The global minimum is {figure(loss - best)} lower."
    return Verdict("local", k, f"Reached a local minimum {where}.{deeper}")


def arrived(x: Array, m: Array, tolerance: Array) -> int:
    """The step from which a run stays within `tolerance` (2,) of `m`; past its last one if it does not."""
    away = np.flatnonzero((np.abs(x - m[:, None]) > tolerance[:, None]).any(axis=0))
    return int(away[-1]) + 1 if away.size else 0


def point(p: Array) -> str:
    """(x, y) in four figures."""
    return "(" + ", ".join(figure(v, 4) for v in p) + ")"
