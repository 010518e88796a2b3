"""Verdicts on runs that are neither lost nor at rest: stalled, oscillating, or still on their way."""

import numpy as np

from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, ROUNDING_ERROR
from optimizers.analysis.endpoint_examination import Endpoints
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.oscillation import CYCLE_TOLERANCE, OSCILLATION_RATIO, find_cycle_period, measure_size
from optimizers.analysis.run_record import RunRecord, find_rest_step, format_point, is_settled, measure_tail
from optimizers.analysis.squared_gradient_overflow import LARGEST_FLOAT, find_overflow_stall
from optimizers.analysis.verdict_types import Judgement, VerdictKind
from optimizers.batch_run_outcomes import find_step_after_last
from optimizers.catalogue import TRAITS
from surfaces.base import Array
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

DESCENT_FRACTION = 0.05  # of what is left to fall: a run that gains as much in its tail is on its way down
SPENT_RATE = 1e-2  # of the largest learning rate of a run


def judge_overflow(run: RunRecord) -> Judgement | None:
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
    return Judgement(VerdictKind.STALLED, k, sentence)


def judge_cycle(run: RunRecord) -> Judgement | None:
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
    return Judgement(VerdictKind.OSCILLATING, run.steps, around, has_cause=True)


def judge_domain_edge(run: RunRecord, endpoint: Endpoints) -> Judgement | None:
    """A run that stands where the loss has no value beside it."""
    if not (endpoint.at_domain_edge[0] and is_settled(run)):
        return None
    place = format_point(run.x[:, -1], run.widths)
    stands = Translatable("Stalled at the edge of the domain: beside {place} the loss has no value.", place=place)
    return Judgement(VerdictKind.STALLED, run.steps, stands)


def judge_solver_stop(run: RunRecord) -> Judgement | None:
    """A run that its solver has stopped at a point that is no minimum."""
    k = find_rest_step(run)
    if not run.solver_stopped or k == run.steps:
        return None
    ended = Translatable(
        "Stopped by its own test at {place} from step {k}: the slope is still {slope}.",
        place=format_point(run.x[:, -1], run.widths),
        k=k,
        slope=format_number(run.gradient_norm[-1], 2),
    )
    return Judgement(VerdictKind.STALLED, k, ended)


def judge_tail(run: RunRecord, median_difference: float) -> Judgement:
    """Judge by the tail of the run: oscillating, stalled, or still on its way.

    A descent counts only if it is more than rounding beside the median difference of f around the start.
    """
    steps, n, loss = run.steps, run.tail_length, run.loss
    travelled, moved = measure_tail(run)
    parts = split_in_four(loss[steps - n :])
    changes = np.diff([float(np.mean(part)) for part in parts])
    floor = min(lowest_minimum_loss(run.problem, run.minima), float(loss.min()))
    seen = -float(changes.sum()) >= max(
        DESCENT_FRACTION * (float(np.mean(parts[0])) - floor), ROUNDING_ERROR * median_difference
    )
    falls = (changes < 0).all() and seen
    if not falls and travelled > max(OSCILLATION_RATIO * moved, ARRIVAL_DISTANCE):
        swings = (
            Translatable("Bounces to and fro")  # and gets lower, at the pace of its schedule
            if run.is_slowed
            else Translatable("Bounces to and fro without getting lower")
        )
        return Judgement(VerdictKind.OSCILLATING, steps, swings, has_cause=True)
    if not falls and moved <= ARRIVAL_DISTANCE:
        return judge_stall(run, moved)
    if changes.sum() < 0 and (falls or float(np.mean(parts[-1])) < loss[0]):
        last = format_number(loss[-1])
        descends = Translatable("Still descending at step {steps}: the loss is {loss}.", steps=steps, loss=last)
        return Judgement(VerdictKind.RUNNING, steps, descends)
    if loss[-1] - loss[0] > median_difference:
        climbs = Translatable(
            "Climbs: the loss is {last} at step {steps}, and was {first} at the start.",
            last=format_number(loss[-1]),
            steps=steps,
            first=format_number(loss[0]),
        )
        return Judgement(VerdictKind.RUNNING, steps, climbs)
    moves = Translatable("Still moving at step {steps}, and no gain since step {since}.", steps=steps, since=steps - n)
    return Judgement(VerdictKind.RUNNING, steps, moves)


def judge_stall(run: RunRecord, moved: float) -> Judgement:
    """A run whose last steps stayed in a patch of size `moved`, in widths of the view, though it is not at rest."""
    steps, slope = run.steps, run.gradient_norm
    if not np.isfinite(slope[-1]):
        place = format_point(run.x[:, -1], run.widths)
        blind = Translatable("Stalled at {place}, where the slope is not a finite number.", place=place)
        return Judgement(VerdictKind.STALLED, steps, blind)
    if is_rate_spent(run):
        spent = Translatable(
            "Stopped by its schedule: the learning rate is down to {lr} at step {steps}, while the slope is still "
            "{slope}.",
            lr=format_number(run.lr[-1], 2) if run.lr is not None else "",
            steps=steps,
            slope=format_number(slope[-1], 2),
        )
        return Judgement(VerdictKind.STALLED, steps, spent)
    sentence = Translatable(
        "Stalled: the last {n} steps moved by {share} % of the picture's width, yet the slope is still {slope}.",
        n=run.tail_length,
        share=format_number(100 * moved, 2),
        slope=format_number(slope[-1], 2),
    )
    return Judgement(VerdictKind.STALLED, steps, sentence)


def is_rate_spent(run: RunRecord) -> bool:
    """Whether a schedule has brought the learning rate down to next to nothing."""
    return run.lr is not None and bool(run.lr[-1] <= SPENT_RATE * run.lr.max() and run.lr.max() > 0)


def split_in_four(loss: Array) -> list[Array]:
    """The last losses in four parts, each of an even number if possible, so that both sides of a swing count."""
    length = loss.size // 8 * 2
    return np.array_split(loss[-4 * length :] if length else loss, min(4, loss.size))
