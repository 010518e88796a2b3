"""Why a run is where it is: a minimum, a saddle, stalled, oscillating or gone; with the reason."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.figures import figure
from optimizers.overflow import LARGEST, standing
from optimizers.stability import LIMITS, largest_stable_lr
from surfaces.base import Array, Problem
from surfaces.sentence import Sentence

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


def judge(run: Run) -> Verdict:
    """The first of these that holds: lost, at a global minimum, stopped, oscillating, stalled; else running."""
    if run.loss.size == 1:
        return Verdict("running", 0, Sentence("Has not taken a step."))
    return too_steep(run) or lost(run) or at_a_minimum(run) or growing(run) or unsettled(run)


def too_steep(run: Run) -> Verdict | None:
    """A run that stands where the square of the slope is beyond the largest number; see `overflow`."""
    steps = run.loss.size - 1
    end = run.problem.grad(run.x[:, -1])
    k = standing(run.x, run.alive, end, max(10, int(TAIL * steps)), run.word)
    if k is None or not np.isfinite(run.loss[k]):
        return None
    sentence = Sentence(
        "Stalled at {place} from step {k}: the slope is {slope}, and its square, with which this method computes, is "
        "beyond the largest number, {largest}. Multiply the function by a small number.",
        place=point(run.x[:, k]),
        k=k,
        slope=figure(run.slope[k], 2),
        largest=figure(LARGEST, 2),
    )
    return Verdict("stalled", k, sentence)


def lost(run: Run) -> Verdict | None:
    """A run that left the finite world, or is far outside the view with a loss larger than at its start."""
    x, loss = run.x, run.loss
    if not np.isfinite(loss[0]):
        return Verdict(
            "diverged",
            0,
            Sentence("The loss is not a finite number at the start: there is no way down from here."),
        )
    gone = ~run.alive | ~np.isfinite(loss) | ~np.isfinite(run.slope)
    far = np.hypot(*((x - x[:, :1]) / run.widths[:, None])) > FAR
    if not (gone.any() or far[-1]):
        return None
    k = int(np.argmax(gone | (far & (np.abs(loss) > np.abs(loss[0])))))
    if k == 0:
        return None
    if np.isnan(loss[k]) and not far[k]:
        place = point(x[:, k])
        return Verdict(
            "outside",
            k,
            Sentence("Left the domain: step {k} went to {place}, where the loss has no value.", k=k, place=place),
        )
    if loss[k - 1] < min(loss[0], lowest(run)):
        return Verdict(
            "unbounded",
            k,
            Sentence("Fell without end: at step {k} it has left every scale. No minimum lies there.", k=k),
        )
    return Verdict("diverged", k, because(Sentence("Diverged at step {k}", k=k), cause(run, k)))


def because(what: Sentence, why: Sentence | None) -> Sentence:
    return Sentence("{what}: {why}.", what=what, why=why) if why else Sentence("{what}.", what=what)


def cause(run: Run, k: int) -> Sentence | None:
    """The learning rate against the largest stable one, in the neighbourhood of the minimum (else of the start)."""
    if run.lr is None:
        return None
    start = run.x[:, 0]
    nearest = min((np.array(m) for m in run.minima), key=lambda m: float(np.hypot(*(start - m))), default=start)
    curvature, steepest = (float(np.linalg.eigvalsh(run.problem.hess(p))[-1]) for p in (nearest, start))
    limit = largest_stable_lr(run.word, curvature, 0.0 if run.mu is None else float(run.mu[k]))
    lr = figure(run.lr[k])
    if limit is None:
        return Sentence("the learning rate {lr} is too large here", lr=lr)
    values = {"formula": LIMITS[run.word].formula, "limit": figure(limit), "curvature": figure(curvature)}
    bound = (
        Sentence("the largest stable one at the minimum is {formula} = {limit} (λ = {curvature})", **values)
        if run.minima
        else Sentence("the largest stable one at the start is {formula} = {limit} (λ = {curvature})", **values)
    )
    if run.lr[k] > limit:
        return Sentence("the learning rate is {lr}, but {bound}", lr=lr, bound=bound)
    if steepest > curvature:
        return Sentence(
            "the learning rate is {lr}; {bound}; the start is steeper, λ = {steepest}",
            lr=lr,
            bound=bound,
            steepest=figure(steepest),
        )
    return Sentence("the learning rate is {lr}; {bound}", lr=lr, bound=bound)


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
            sentence = Sentence(
                "Reached the global minimum {minimum} at step {k}, to within 0.1 % of the picture's width.",
                minimum=point(m),
                k=k,
            )
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
    grown = Sentence(
        "Diverging, the loss is {last} at step {steps} and was {first} at the start",
        last=figure(last),
        steps=steps,
        first=figure(run.loss[0]),
    )
    return Verdict("diverging", steps, because(grown, cause(run, steps)))


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
        sentence = Sentence(
            "Oscillates: the last {n} steps cover {times} times the size of the patch "
            "they stay in and the loss hardly falls. Smaller steps would settle.",
            n=n,
            times=figure(travelled / moved, 2),
        )
        return Verdict("oscillating", steps, sentence)
    if not falls and moved <= NEAR:
        sentence = Sentence(
            "Stalled: the last {n} steps moved by {share} % of the picture's width, yet the slope is still {slope}.",
            n=n,
            share=figure(100 * moved, 2),
            slope=figure(slope[-1], 2),
        )
        return Verdict("stalled", steps, sentence)
    if changes.sum() < 0:
        return Verdict(
            "running",
            steps,
            Sentence("Still descending at step {steps}: the loss is {loss}.", steps=steps, loss=figure(loss[-1])),
        )
    return Verdict(
        "running", steps, Sentence("Still moving at step {steps}; its last {n} steps gained nothing.", steps=steps, n=n)
    )


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
    where = Sentence(
        "{end} from step {k}: slope {slope}, curvatures {low} and {high}",
        end=point(end),
        k=k,
        slope=figure(run.slope[-1], 1),
        low=figure(low, 2),
        high=figure(high, 2),
    )
    if low < -least:
        if high > least:
            stopped = Sentence("Stopped at a saddle {where}. Not a minimum: the way down is open.", where=where)
            return Verdict("saddle", k, stopped)
        stopped = Sentence("Stopped at a maximum {where}. Not a minimum: the way down is open.", where=where)
        return Verdict("maximum", k, stopped)
    best = lowest(run)
    if np.isfinite(best) and loss <= best + 1e-9 * max(1.0, abs(best)):
        return Verdict(
            "global",
            k,
            Sentence("Reached the lowest level there is, {loss}, at {where}.", loss=figure(loss, 4), where=where),
        )
    if low <= least:
        return Verdict("flat", k, Sentence("Stopped on flat ground {where}.", where=where))
    if np.isinf(best):
        return Verdict("local", k, Sentence("Reached a local minimum {where}.", where=where))
    lower = figure(loss - best)
    deeper = Sentence("Reached a local minimum {where}. The global minimum is {lower} lower.", where=where, lower=lower)
    return Verdict("local", k, deeper)


def arrived(x: Array, m: Array, tolerance: Array) -> int:
    """The step from which a run stays within `tolerance` (2,) of `m`; past its last one if it does not."""
    away = np.flatnonzero((np.abs(x - m[:, None]) > tolerance[:, None]).any(axis=0))
    return int(away[-1]) + 1 if away.size else 0


def point(p: Array) -> str:
    """(x, y) in four figures."""
    return "(" + ", ".join(figure(v, 4) for v in p) + ")"
