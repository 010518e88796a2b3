"""Verdicts on runs that are lost: outside the domain, fallen without end, diverged, or diverging."""

import numpy as np

from optimizers.analysis.ending_classification import is_climbing
from optimizers.analysis.ending_criteria import LOST_DISTANCE, UNBOUNDED_DEPTH, LossVariation
from optimizers.analysis.endpoint_examination import Endpoints
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.run_record import RunRecord, format_point
from optimizers.analysis.verdict_types import Judgement, VerdictKind
from optimizers.numerics.vector_products import Mask
from surfaces.base import Array
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

OVERFLOW_HALVINGS = 1100  # from the largest number to the smallest


def judge_lost(run: RunRecord, spread: float) -> Judgement:
    """A run that became non-finite, left the domain or is lost far away; for the spread see `LossVariation`."""
    x, loss = run.x, run.loss
    far = np.hypot(*((x - x[:, :1]) / run.widths[:, None])) > LOST_DISTANCE
    deep = loss[0] - loss > UNBOUNDED_DEPTH * spread
    inside = run.alive & np.isfinite(loss) & ~((far & far[-1]) | (deep & deep[-1]))
    k = int(np.flatnonzero(inside)[-1]) + 1
    if (average_lost := judge_averaged_exit(run, k, far)) is not None:
        return average_lost
    if np.isnan(loss[k]) and run.alive[k] and not far[k]:
        place = format_point(x[:, k])
        left = Translatable("Left the domain: step {k} went to {place}, where the loss has no value.", k=k, place=place)
        return Judgement(VerdictKind.OUTSIDE, k, left)
    if fell_without_end(run, k, bool(far[k]), spread):
        fell = Translatable(
            "Falls without end: from step {k} on the loss is beyond all bounds. There is no minimum in this direction.",
            k=k,
        )
        return Judgement(VerdictKind.UNBOUNDED, k, fell)
    return Judgement(VerdictKind.DIVERGED, k, Translatable("Diverged at step {k}", k=k), has_cause=True)


def judge_averaged_exit(run: RunRecord, k: int, far: Mask) -> Judgement | None:
    """An average that is lost in step k because what is averaged, or the average itself, has left the domain.

    What is averaged leaves first where the domain is convex: then the next gradient is no number, and the average is
    lost though it never was outside.
    """
    if run.averaged_x is None:
        return None
    own = run.averaged_x[:, : k + 1]
    own_loss = np.asarray(run.problem.value(own))
    j = int(np.flatnonzero(np.isfinite(own_loss))[-1]) + 1  # that of the start is finite
    if j <= k and np.isnan(own_loss[j]) and np.isfinite(own[:, j]).all() and not is_far(run, own[:, j]):
        left = Translatable(
            "Left the domain: before averaging, step {k} went to {place}, where the loss has no value.",
            k=j,
            place=format_point(own[:, j]),
        )
        return Judgement(VerdictKind.OUTSIDE, j, left)
    if np.isnan(run.loss[k]) and run.alive[k] and not far[k]:
        left = Translatable(
            "Left the domain: the average after step {k} is at {place}, where the loss has no value; the points that "
            "it averages are inside.",
            k=k,
            place=format_point(run.x[:, k]),
        )
        return Judgement(VerdictKind.OUTSIDE, k, left)
    return None


def is_far(run: RunRecord, p: Array) -> bool:
    return bool(np.hypot(*((p - run.x[:, 0]) / run.widths)) > LOST_DISTANCE)


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


def judge_divergence(run: RunRecord, endpoint: Endpoints, near_start: LossVariation) -> Judgement | None:
    """A run that is still finite, but goes up and away."""
    if endpoint.on_flat_ground[0] or not is_climbing(run.loss[:, None], near_start)[0]:
        return None
    values = {"last": format_number(run.loss[-1]), "steps": run.steps, "first": format_number(run.loss[0])}
    grown = (
        Translatable("Thrown far up: the loss is {last} at step {steps}, and was {first} at the start", **values)
        if run.loss[-1] < run.loss[-1 - run.tail_length]
        else Translatable("Diverging: the loss is {last} at step {steps}, and was {first} at the start", **values)
    )
    return Judgement(VerdictKind.DIVERGING, run.steps, grown, has_cause=True)
