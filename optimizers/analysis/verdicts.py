"""Verdicts: how a run ended (at a minimum, stalled, oscillating, lost ...), in a sentence with the reason."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.ending_classification import (
    ARRIVAL_DISTANCE,
    ARRIVAL_LOSS_FRACTION,
    LOST_DISTANCE,
    MIN_STAY_STEPS,
    ROUNDING_ERROR,
    UNBOUNDED_DEPTH,
    EndingTests,
    Endpoints,
    LossVariation,
    PointType,
    RunStarts,
    arrival_level,
    examine_runs,
    is_climbing,
)
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.oscillation import (
    CYCLE_TOLERANCE,
    OSCILLATION_RATIO,
    find_cycle_period,
    measure_size,
    measure_travel,
)
from optimizers.analysis.quadratic_theory import QUADRATIC_THEORY, largest_stable_lr
from optimizers.analysis.squared_gradient_overflow import LARGEST_FLOAT, find_overflow_stall
from optimizers.batch_run_outcomes import NEVER, RunOutcomes, find_lasting_step, find_step_after_last
from optimizers.catalogue import TRAITS
from surfaces.base import Array, Point, Problem
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

TAIL_FRACTION = 0.1  # of the run, and ten steps at least: what is judged for stalling and oscillation
DESCENT_FRACTION = 0.05  # of what is left to fall: a run that gains as much in its tail is on its way down
SPENT_RATE = 1e-2  # of the largest learning rate of a run
RATE_FACTORS = (2**-1, 2**-3, 2**-6, 2**-10, 2**-20)  # of the learning rate, tried before it is blamed
SHORT_STEP = 1e-2  # of the view: the longest first step with the smallest of them
LIMIT_TOLERANCE = 0.1  # of the stable limit: learning rates that are called at the edge
OVERFLOW_HALVINGS = 1100  # from the largest number to the smallest


class VerdictKind(StrEnum):
    """How a run ended; the page, the files and the translations know these words."""

    GLOBAL = "global"  # reached a global minimum
    LOCAL = "local"
    SADDLE = "saddle"  # stopped there
    MAXIMUM = "maximum"
    FLAT = "flat"
    STALLED = "stalled"
    OSCILLATING = "oscillating"
    DIVERGED = "diverged"
    DIVERGING = "diverging"  # still finite
    UNBOUNDED = "unbounded"  # fell for ever
    OUTSIDE = "outside"  # where the loss has no value
    RUNNING = "running"


LOST_VERDICTS = (VerdictKind.DIVERGED, VerdictKind.DIVERGING, VerdictKind.UNBOUNDED, VerdictKind.OUTSIDE)


class Verdict(NamedTuple):
    """How a run ended, from which step on, and a sentence with the reason."""

    kind: VerdictKind
    step: int
    sentence: Translatable


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
    rerun: "Callable[[float], RunRecord] | None" = None  # makes the same run with so many times its learning rate

    @property
    def steps(self) -> int:
        return self.loss.size - 1

    @property
    def tail_length(self) -> int:
        """How many of the last steps are judged for stalling and oscillation."""
        return min(self.steps, max(10, int(TAIL_FRACTION * self.steps)))


def judge_run(run: RunRecord) -> Verdict:
    """The first of these that holds: lost, at rest, on flat ground, diverging, in a cycle; else judged by its tail.

    The tests of where it ended are those of the maps; see `ending_classification`.
    """
    if not run.steps:
        return Verdict(VerdictKind.RUNNING, 0, Translatable("Has not taken a step."))
    if not np.isfinite(run.loss[0]):
        nowhere = Translatable("The loss is not a finite number at the start: there is no way down from here.")
        return Verdict(VerdictKind.DIVERGED, 0, nowhere)
    tests = examine_run(run)
    endpoint, near_start = tests.endpoint, tests.near_start
    if tests.is_stuck[0]:
        blind = Translatable(
            "No slope to follow: at the start {place} the gradient is not a finite number.",
            place=format_point(run.x[:, 0]),
        )
        return Verdict(VerdictKind.STALLED, 0, blind)
    spread = float(near_start.spread[0])
    if run.alive[-1] and tests.is_lost[0]:
        return judge_lost(run, spread)
    if (steep := judge_overflow(run)) is not None:
        return steep
    if not run.alive[-1]:
        return judge_lost(run, spread)
    return (
        judge_rest(run, endpoint)
        or judge_divergence(run, endpoint, near_start)
        or judge_cycle(run)
        or judge_domain_edge(run, endpoint)
        or judge_solver_stop(run)
        or judge_tail(run, float(near_start.median[0]))
    )


def examine_run(run: RunRecord) -> EndingTests:
    """The tests of the maps, for this run alone."""
    loss = run.loss[:, None]
    settled_step = find_lasting_step(loss <= arrival_level(loss[0], loss[-1]))
    never = np.array([NEVER])
    outcomes = RunOutcomes(run.x[:, -1:], loss[-1], np.fmin.reduce(loss), never, settled_step, never)
    return examine_runs(RunStarts(run.problem, run.x[:, :1], loss[0], run.widths, run.minima), outcomes, run.steps)


def judge_overflow(run: RunRecord) -> Verdict | None:
    """A run that stands where the square of the slope overflows; see `squared_gradient_overflow`."""
    if run.optimizer_name in TRAITS and not TRAITS[run.optimizer_name].squares_gradient:
        return None
    end = run.problem.grad(run.x[:, -1])
    k = find_overflow_stall(run.x, run.alive, end, run.tail_length)
    if k is None or not np.isfinite(run.loss[k]):
        return None
    sentence = Translatable(
        "Stalled: it does not move in {axis} from step {k} on. The slope is {slope}, and its square, with which this "
        "method computes, is beyond the largest number, {largest}. Multiply the function by a small number.",
        axis="xy"[int(np.argmax(np.abs(end)))],
        k=k,
        slope=format_number(run.gradient_norm[k], 2),
        largest=format_number(LARGEST_FLOAT, 2),
    )
    return Verdict(VerdictKind.STALLED, k, sentence)


def judge_lost(run: RunRecord, spread: float) -> Verdict:
    """A run that became non-finite, left the domain or is lost far away; for the spread see `LossVariation`."""
    x, loss = run.x, run.loss
    far = np.hypot(*((x - x[:, :1]) / run.widths[:, None])) > LOST_DISTANCE
    deep = loss[0] - loss > UNBOUNDED_DEPTH * spread
    inside = run.alive & np.isfinite(loss) & ~((far & far[-1]) | (deep & deep[-1]))
    k = int(np.flatnonzero(inside)[-1]) + 1
    if np.isnan(loss[k]) and run.alive[k] and not far[k]:
        place = format_point(x[:, k])
        left = Translatable("Left the domain: step {k} went to {place}, where the loss has no value.", k=k, place=place)
        return Verdict(VerdictKind.OUTSIDE, k, left)
    if fell_without_end(run, k, bool(far[k]), spread):
        fell = Translatable("Fell without end: at step {k} it has left every scale. There is no minimum that way.", k=k)
        return Verdict(VerdictKind.UNBOUNDED, k, fell)
    return Verdict(VerdictKind.DIVERGED, k, append_cause(run, k, Translatable("Diverged at step {k}", k=k)))


def fell_without_end(run: RunRecord, k: int, far: bool, spread: float) -> bool:
    """Did a run that is lost from step `k` on fall below all minima, and stay there?

    Where the loss overflows to NaN, as infinity less infinity, it is evaluated along the step: is the run far away or
    deep at the last point that has a loss? If not, that point is the end of the domain.
    """
    deep = min(float(run.loss[0]), lowest_minimum_loss(run.problem, run.minima))
    finite = run.loss[k:][np.isfinite(run.loss[k:]) & run.alive[k:]]
    if run.loss[k] == np.inf:
        return False
    if finite.size or run.loss[k] == -np.inf:
        return bool(run.loss[k] < deep and (not finite.size or finite[-1] < deep))
    if not run.alive[k]:  # how far it went in that step is not known
        went = np.hypot(*((run.x[:, k - 1] - run.x[:, 0]) / run.widths))
        return bool(far and run.loss[k - 1] < deep and went > LOST_DISTANCE)
    parts = 0.5 ** np.arange(OVERFLOW_HALVINGS)
    way = run.x[:, k - 1 : k] + (run.x[:, k] - run.x[:, k - 1])[:, None] * parts
    values = np.asarray(run.problem.value(way))
    known = np.flatnonzero(~np.isnan(values))
    if not known.size or not values[known[0]] < deep:
        return False
    went = np.hypot(*((way[:, known[0]] - run.x[:, 0]) / run.widths))
    return bool(went > LOST_DISTANCE or run.loss[0] - values[known[0]] > UNBOUNDED_DEPTH * spread)


def append_cause(run: RunRecord, k: int, what: Translatable) -> Translatable:
    why = explain_divergence(run, k)
    return Translatable("{what}: {why}.", what=what, why=why) if why else Translatable("{what}.", what=what)


class StabilityLimit(NamedTuple):
    """The largest learning rate that is stable at a point, by theory."""

    lr: float
    curvature: float  # λ there, the largest
    formula: str
    at_minimum: bool  # else at the start

    def describe(self) -> Translatable:
        values = {
            "formula": self.formula, "limit": format_number(self.lr), "curvature": format_number(self.curvature)
        }  # fmt: skip
        if self.at_minimum:
            return Translatable(
                "the largest stable one at the minimum is {formula} = {limit} (λ = {curvature})", **values
            )
        return Translatable("the largest stable one at the start is {formula} = {limit} (λ = {curvature})", **values)


def find_stability_limit(run: RunRecord, k: int) -> StabilityLimit | None:
    """The limit at the minimum that is nearest to the start, else at the start; None where theory has none."""
    start = run.x[:, 0]
    nearest = min((np.array(m) for m in run.minima), key=lambda m: float(np.hypot(*(start - m))), default=start)
    curvature = largest_curvature(run.problem, nearest)
    limit = largest_stable_lr(run.optimizer_name, curvature, 0.0 if run.mu is None else float(run.mu[k]))
    if limit is None:
        return None
    return StabilityLimit(limit, curvature, QUADRATIC_THEORY[run.optimizer_name].stability_formula, bool(run.minima))


def largest_curvature(problem: Problem, x: Array) -> float:
    return float(np.linalg.eigvalsh(problem.hess(x))[-1])


def explain_divergence(run: RunRecord, k: int) -> Translatable | None:
    """Blame the learning rate if it is beyond the stable limit, or if a smaller one descends.

    Where the run can be made again, a rate is not blamed if the smaller ones end the same.
    """
    if run.lr is None or not run.lr[k] > 0:
        return None
    limit = find_stability_limit(run, k)
    factors = list_rate_factors(run, None if limit is None else limit.lr / float(run.lr[k]))
    smaller = find_helpful_factor(run, factors)
    lr, least, falls = (format_number(run.lr[k] * (factor or 1.0)) for factor in (1.0, factors[-1], smaller))
    if run.rerun and smaller is None:
        return Translatable("learning rates down to {least} end no better", least=least)
    if limit is None:
        if not smaller:
            return None
        return Translatable(
            "the learning rate {lr} is too large here; with {smaller} the loss falls", lr=lr, smaller=falls
        )
    bound = limit.describe()
    if run.lr[k] > limit.lr:
        return Translatable("the learning rate is {lr}, but {bound}", lr=lr, bound=bound)
    told = Translatable("the learning rate is {lr}; {bound}", lr=lr, bound=bound)
    steepest = largest_curvature(run.problem, run.x[:, 0])
    if steepest > limit.curvature:
        told = Translatable(
            "the learning rate is {lr}; {bound}; the start is steeper, λ = {steepest}",
            lr=lr,
            bound=bound,
            steepest=format_number(steepest),
        )
    return Translatable("{told}; with {smaller} the loss falls", told=told, smaller=falls) if smaller else told


def list_rate_factors(run: RunRecord, limit: float | None) -> list[float]:
    """The factors of the learning rate that are tried, in turn, before it is blamed.

    Among them are one below the stable `limit`, and one with which the first step is no longer than `SHORT_STEP`.
    """
    first = float(np.hypot(*((run.x[:, 1] - run.x[:, 0]) / run.widths)))
    short = SHORT_STEP / first if np.isfinite(first) and first > 0 else 1.0
    return sorted((factor for factor in {*RATE_FACTORS, short, (limit or 0.0) / 2} if 0 < factor < 1), reverse=True)


def find_helpful_factor(run: RunRecord, factors: list[float]) -> float | None:
    """The largest factor of its learning rate with which a run is not lost and ends no higher than it began."""
    if run.rerun is None:
        return None
    for factor in factors:
        other = run.rerun(factor)._replace(rerun=None)
        if other.loss[-1] <= other.loss[0] and judge_run(other).kind not in LOST_VERDICTS:
            return factor
    return None


def judge_rest(run: RunRecord, endpoint: Endpoints) -> Verdict | None:
    """At a known minimum, or where the slope has vanished: there the curvatures decide."""
    if not endpoint.settled[0]:
        return None
    if endpoint.known_minimum[0] >= 0:
        return judge_minimum(run, np.array(run.minima[int(endpoint.known_minimum[0])], dtype=np.float64))
    kind, end = int(endpoint.point_type[0]), run.x[:, -1]
    k = find_arrival_step(run.x, end, ARRIVAL_DISTANCE * run.widths)
    if endpoint.at_kink[0]:
        where = Translatable("{end} from step {k}", end=format_point(end), k=k)
        kink = Translatable(
            "Reached a kink {where}: the loss rises to all sides, a local minimum without a flat spot.", where=where
        )
        return Verdict(VerdictKind.LOCAL, k, kink)
    low, high = np.linalg.eigvalsh(np.nan_to_num(run.problem.hess(endpoint.rest_point[:, 0])))
    where = Translatable(
        "{end} from step {k}: slope {slope}, curvatures {low} and {high}",
        end=format_point(end),
        k=k,
        slope=format_number(run.gradient_norm[-1], 1),
        low=format_number(low, 2),
        high=format_number(high, 2),
    )
    if endpoint.at_lowest_level[0]:
        reached = Translatable(
            "Reached the lowest level there is, {loss}, at {where}.", loss=format_number(run.loss[-1], 4), where=where
        )
        return Verdict(VerdictKind.GLOBAL, k, reached)
    if kind == PointType.SADDLE:
        stopped = Translatable("Stopped at a saddle {where}. It is no minimum: there is still a way down.", where=where)
        return Verdict(VerdictKind.SADDLE, k, stopped)
    if kind == PointType.MAXIMUM:
        stopped = Translatable(
            "Stopped at a maximum {where}. It is no minimum: there is still a way down.", where=where
        )
        return Verdict(VerdictKind.MAXIMUM, k, stopped)
    if endpoint.on_flat_ground[0] and is_settled(run):
        return Verdict(VerdictKind.FLAT, k, Translatable("Stopped on flat ground {where}.", where=where))
    if kind != PointType.MINIMUM:
        return None
    best = lowest_minimum_loss(run.problem, run.minima)
    if np.isinf(best):
        return Verdict(VerdictKind.LOCAL, k, Translatable("Reached a local minimum {where}.", where=where))
    lower = format_number(run.loss[-1] - best)
    deeper = Translatable(
        "Reached a local minimum {where}. The global minimum is {lower} lower.", where=where, lower=lower
    )
    return Verdict(VerdictKind.LOCAL, k, deeper)


def judge_minimum(run: RunRecord, m: Array) -> Verdict:
    """A run that came near a published global minimum, as low as that, and stayed."""
    best = float(run.problem.value(m))
    level = max(ARRIVAL_LOSS_FRACTION * (run.loss[0] - best), run.loss[-1] - best)
    low_from = int(find_step_after_last(run.loss - best > level))
    near = np.maximum(ARRIVAL_DISTANCE * run.widths, np.abs(run.x[:, -1] - m))
    k = min(max(find_arrival_step(run.x, m, near), low_from), run.steps)
    sentence = Translatable("Reached the global minimum {minimum} at step {k}.", minimum=format_point(m), k=k)
    return Verdict(VerdictKind.GLOBAL, k, sentence)


def judge_divergence(run: RunRecord, endpoint: Endpoints, near_start: LossVariation) -> Verdict | None:
    """A run that is still finite, but goes up and away."""
    if endpoint.on_flat_ground[0] or not is_climbing(run.loss[:, None], near_start)[0]:
        return None
    values = {"last": format_number(run.loss[-1]), "steps": run.steps, "first": format_number(run.loss[0])}
    grown = (
        Translatable("Thrown far up: the loss is {last} at step {steps}, and was {first} at the start", **values)
        if run.loss[-1] < run.loss[-1 - run.tail_length]
        else Translatable("Diverging: the loss is {last} at step {steps}, and was {first} at the start", **values)
    )
    return Verdict(VerdictKind.DIVERGING, run.steps, append_cause(run, run.steps, grown))


def judge_cycle(run: RunRecord) -> Verdict | None:
    """A run that repeats a cycle: after a few steps it is back where it was, again and again."""
    u = run.x / run.widths[:, None]
    period = int(find_cycle_period(u))
    if not period:
        return None
    apart = np.hypot(*(u[:, period:] - u[:, :-period]))
    k = int(find_step_after_last(apart > CYCLE_TOLERANCE * measure_size(u[:, -3 * period :])))
    around = (
        Translatable("Bounces between two points from step {k} on and gets no lower", k=k)
        if period == 2
        else Translatable("Repeats a cycle of {period} steps from step {k} on and gets no lower", period=period, k=k)
    )
    return Verdict(VerdictKind.OSCILLATING, run.steps, append_swing_cause(run, around))


def judge_domain_edge(run: RunRecord, endpoint: Endpoints) -> Verdict | None:
    """A run that stands where the loss has no value beside it."""
    if not (endpoint.at_domain_edge[0] and is_settled(run)):
        return None
    place = format_point(run.x[:, -1])
    stands = Translatable("Stalled at the edge of the domain: beside {place} the loss has no value.", place=place)
    return Verdict(VerdictKind.STALLED, run.steps, stands)


def judge_solver_stop(run: RunRecord) -> Verdict | None:
    """A run that its solver has stopped at a point that is no minimum."""
    k = find_rest_step(run)
    if not run.solver_stopped or k == run.steps:
        return None
    ended = Translatable(
        "Stopped by its own test at {place} from step {k}: the slope is still {slope}.",
        place=format_point(run.x[:, -1]),
        k=k,
        slope=format_number(run.gradient_norm[-1], 2),
    )
    return Verdict(VerdictKind.STALLED, k, ended)


def judge_tail(run: RunRecord, median_difference: float) -> Verdict:
    """Judge by the tail of the run: oscillating, stalled, or still on its way.

    A descent counts only if it is more than rounding beside the median difference of f around the start.
    """
    steps, n, loss, slope = run.steps, run.tail_length, run.loss, run.gradient_norm
    travelled, moved = measure_tail(run)
    parts = split_in_four(loss[steps - n :])
    changes = np.diff([float(np.mean(part)) for part in parts])
    floor = min(lowest_minimum_loss(run.problem, run.minima), float(loss.min()))
    seen = -float(changes.sum()) >= max(
        DESCENT_FRACTION * (float(np.mean(parts[0])) - floor), ROUNDING_ERROR * median_difference
    )
    falls = (changes < 0).all() and seen
    if not falls and travelled > max(OSCILLATION_RATIO * moved, ARRIVAL_DISTANCE):
        swings = Translatable("Bounces to and fro without getting lower")
        return Verdict(VerdictKind.OSCILLATING, steps, append_swing_cause(run, swings))
    if not falls and moved <= ARRIVAL_DISTANCE:
        if not np.isfinite(slope[-1]):
            place = format_point(run.x[:, -1])
            blind = Translatable("Stalled at {place}, where the slope is not a finite number.", place=place)
            return Verdict(VerdictKind.STALLED, steps, blind)
        if is_rate_spent(run):
            spent = Translatable(
                "Stopped by its schedule: the learning rate is down to {lr} at step {steps}, while the slope is still "
                "{slope}.",
                lr=format_number(run.lr[-1], 2) if run.lr is not None else "",
                steps=steps,
                slope=format_number(slope[-1], 2),
            )
            return Verdict(VerdictKind.STALLED, steps, spent)
        sentence = Translatable(
            "Stalled: the last {n} steps moved by {share} % of the picture's width, yet the slope is still {slope}.",
            n=n,
            share=format_number(100 * moved, 2),
            slope=format_number(slope[-1], 2),
        )
        return Verdict(VerdictKind.STALLED, steps, sentence)
    if changes.sum() < 0 and (falls or float(np.mean(parts[-1])) < loss[0]):
        last = format_number(loss[-1])
        descends = Translatable("Still descending at step {steps}: the loss is {loss}.", steps=steps, loss=last)
        return Verdict(VerdictKind.RUNNING, steps, descends)
    if loss[-1] - loss[0] > median_difference:
        climbs = Translatable(
            "Climbs: the loss is {last} at step {steps}, and was {first} at the start.",
            last=format_number(loss[-1]),
            steps=steps,
            first=format_number(loss[0]),
        )
        return Verdict(VerdictKind.RUNNING, steps, climbs)
    moves = Translatable("Still moving at step {steps}, and no gain since step {since}.", steps=steps, since=steps - n)
    return Verdict(VerdictKind.RUNNING, steps, moves)


def is_rate_spent(run: RunRecord) -> bool:
    """Whether a schedule has brought the learning rate down to next to nothing."""
    return run.lr is not None and bool(run.lr[-1] <= SPENT_RATE * run.lr.max() and run.lr.max() > 0)


def split_in_four(loss: Array) -> list[Array]:
    """The last losses in four parts, each of an even number if possible, so that both sides of a swing count."""
    length = loss.size // 8 * 2
    return np.array_split(loss[-4 * length :] if length else loss, min(4, loss.size))


def append_swing_cause(run: RunRecord, what: Translatable) -> Translatable:
    """Append that the learning rate is at the stable limit or beyond it, and that a smaller one ends lower, if so.

    It does if a run with a smaller rate ends below all of this run's tail: a run that swings is low in one step and
    high in the next, and its last loss alone says little.
    """
    if run.lr is None or not run.lr[-1] > 0:
        return Translatable("{what}.", what=what)
    limit, lr = find_stability_limit(run, run.steps), format_number(run.lr[-1])
    if limit is None or run.lr[-1] < (1 - LIMIT_TOLERANCE) * limit.lr:
        what = Translatable("{what}.", what=what)
    elif run.lr[-1] > (1 + LIMIT_TOLERANCE) * limit.lr:
        what = Translatable("{what}: the learning rate is {lr}, but {bound}.", what=what, lr=lr, bound=limit.describe())
    else:
        what = Translatable(
            "{what}: the learning rate {lr} is at the edge, {formula} = {limit}.",
            what=what,
            lr=lr,
            formula=limit.formula,
            limit=format_number(limit.lr),
        )
    other = run.rerun(RATE_FACTORS[1])._replace(rerun=None) if run.rerun else None
    if (
        other is None
        or judge_run(other).kind in LOST_VERDICTS
        or not other.loss[-1] < run.loss[-run.tail_length :].min()
    ):
        return what
    return Translatable(
        "{what} A smaller learning rate gets lower: with {smaller} it ends at a loss of {loss}.",
        what=what,
        smaller=format_number(run.lr[-1] * RATE_FACTORS[1]),
        loss=format_number(other.loss[-1]),
    )


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


def format_point(p: Array) -> str:
    """(x, y) with four digits."""
    return "(" + ", ".join(format_number(v, 4) for v in p) + ")"
