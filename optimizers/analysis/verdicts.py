"""Why a run is where it is: a minimum, a saddle, stalled, oscillating or gone; with the reason."""

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis import endpoint_classification
from optimizers.analysis.endpoint_classification import (
    ARRIVAL_DISTANCE,
    ARRIVAL_LOSS_FRACTION,
    CYCLE_TOLERANCE,
    LOST_DISTANCE,
    MAX_CYCLE_STEPS,
    UNBOUNDED_DEPTH,
    Endpoints,
    LossVariation,
    lowest_minimum_loss,
)
from optimizers.analysis.number_format import format_number
from optimizers.analysis.stability_limit import STABILITY_LIMITS, largest_stable_lr
from optimizers.analysis.verdict_evidence import (
    LOST_VERDICTS,
    TAIL_FRACTION,
    RunRecord,
    Verdict,
    find_arrival_step,
    find_rest_step,
    format_point,
    is_settled,
    measure_tail,
    tail_length,
)
from optimizers.numerics.gradient_overflow import LARGEST_FLOAT, find_overflow_stall
from surfaces.base import Array
from surfaces.translatable import Translatable

DESCENT_FRACTION = 0.05  # of what is left to fall: a run that gains as much in its tail is on its way down
RATE_FACTORS = (2**-1, 2**-3, 2**-6, 2**-10, 2**-20)  # of the learning rate, tried before it is blamed;
SHORT_STEP = 1e-2  # of the view: and one whose first step is no longer than that
OVERFLOW_HALVINGS = 1100  # from the largest number to the smallest


def judge_run(run: RunRecord) -> Verdict:
    """The first of these that holds: lost, at rest, on flat ground, diverging, in a cycle; else by its tail.

    Where it ended is judged as in `basins`; see `endpoints`.
    """
    if run.loss.size == 1:
        return Verdict("running", 0, Translatable("Has not taken a step."))
    if not np.isfinite(run.loss[0]):
        nowhere = Translatable("The loss is not a finite number at the start: there is no way down from here.")
        return Verdict("diverged", 0, nowhere)
    if endpoint_classification.is_stuck_at_start(run.problem, run.x[:, :1], run.x[:, -1:])[0]:
        blind = Translatable(
            "Has no slope to follow: at the start {place} the gradient is not a finite number.",
            place=format_point(run.x[:, 0]),
        )
        return Verdict("stalled", 0, blind)
    x0, begun, x, loss = run.x[:, :1], run.loss[:1], run.x[:, -1:], run.loss[-1:]
    near_start = endpoint_classification.measure_variation(run.problem, x0, begun, run.widths)
    least = np.fmin.reduce(run.loss)[None]
    there = endpoint_classification.examine_endpoints(
        run.problem, x0, begun, x, loss, least, run_has_stayed(run), run.widths, run.minima, near_start
    )
    deepest = lowest_minimum_loss(run.problem, run.minima)
    gone = endpoint_classification.is_lost(begun, x0, x, loss, there, deepest, run.widths, near_start)
    if run.alive[-1] and gone[0]:
        return judge_lost(run)
    if (steep := judge_overflow(run)) is not None:
        return steep
    if not run.alive[-1]:
        return judge_lost(run)
    return (
        judge_rest(run, there)
        or judge_divergence(run, there, near_start)
        or judge_cycle(run)
        or judge_domain_edge(run, there)
        or judge_solver_stop(run)
        or judge_tail(run, float(near_start.usual[0]))
    )


def judge_overflow(run: RunRecord) -> Verdict | None:
    """A run that stands where the square of the slope is beyond the largest number; see `overflow`."""
    steps = run.loss.size - 1
    end = run.problem.grad(run.x[:, -1])
    k = find_overflow_stall(run.x, run.alive, end, max(10, int(TAIL_FRACTION * steps)), run.word)
    if k is None or not np.isfinite(run.loss[k]):
        return None
    sentence = Translatable(
        "Stalled: it does not move in {axis} from step {k} on. The slope is {slope}, and its square, with which this "
        "method computes, is beyond the largest number, {largest}. Multiply the function by a small number.",
        axis="xy"[int(np.argmax(np.abs(end)))],
        k=k,
        slope=format_number(run.slope[k], 2),
        largest=format_number(LARGEST_FLOAT, 2),
    )
    return Verdict("stalled", k, sentence)


def run_has_stayed(run: RunRecord) -> NDArray[np.bool_]:
    begun, loss = run.loss[:1], run.loss[-1:]
    above = np.flatnonzero(~(run.loss <= endpoint_classification.arrival_level(begun, loss)))
    step = int(above[-1]) + 1 if above.size else 0
    return endpoint_classification.has_stayed(np.array([step]), run.loss.size - 1)


def judge_lost(run: RunRecord) -> Verdict:
    """A run that left the finite world or the domain, or is far outside the view where it cannot have meant to go."""
    x, loss = run.x, run.loss
    far = np.hypot(*((x - x[:, :1]) / run.widths[:, None])) > LOST_DISTANCE
    deep = loss[0] - loss > UNBOUNDED_DEPTH * spread_at_start(run)
    inside = run.alive & np.isfinite(loss) & ~((far & far[-1]) | (deep & deep[-1]))
    k = int(np.flatnonzero(inside)[-1]) + 1
    if np.isnan(loss[k]) and run.alive[k] and not far[k]:
        place = format_point(x[:, k])
        return Verdict(
            "outside",
            k,
            Translatable("Left the domain: step {k} went to {place}, where the loss has no value.", k=k, place=place),
        )
    if fell_without_end(run, k, bool(far[k])):
        return Verdict(
            "unbounded",
            k,
            Translatable("Fell without end: at step {k} it has left every scale. No minimum lies there.", k=k),
        )
    return Verdict("diverged", k, append_cause(Translatable("Diverged at step {k}", k=k), explain_divergence(run, k)))


def fell_without_end(run: RunRecord, k: int, far: bool) -> bool:
    """Did a run that is lost from step `k` on fall below all minima, and not only in a part of its way?

    Where the loss overflows to no number, as infinity less infinity, it is asked for on the way there: is it far or
    deep at the last place that has a loss? Else that is where the domain ends.
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
    return bool(went > LOST_DISTANCE or run.loss[0] - values[known[0]] > UNBOUNDED_DEPTH * spread_at_start(run))


def spread_at_start(run: RunRecord) -> float:
    return float(
        endpoint_classification.measure_variation(run.problem, run.x[:, :1], run.loss[:1], run.widths).spread[0]
    )


def append_cause(what: Translatable, why: Translatable | None) -> Translatable:
    return Translatable("{what}: {why}.", what=what, why=why) if why else Translatable("{what}.", what=what)


def explain_divergence(run: RunRecord, k: int) -> Translatable | None:
    """The learning rate, where it is to blame: beyond what theory allows, or where a smaller one goes down.

    The largest stable one is that of the neighbourhood of the minimum, else of the start. Where the run can be had
    again, no rate is blamed whose smaller ones end the same.
    """
    if run.lr is None or not run.lr[k] > 0:
        return None
    start = run.x[:, 0]
    nearest = min((np.array(m) for m in run.minima), key=lambda m: float(np.hypot(*(start - m))), default=start)
    curvature, steepest = (float(np.linalg.eigvalsh(run.problem.hess(p))[-1]) for p in (nearest, start))
    limit = largest_stable_lr(run.word, curvature, 0.0 if run.mu is None else float(run.mu[k]))
    factors = list_rate_factors(run, None if limit is None else limit / float(run.lr[k]))
    smaller = find_helpful_factor(run, factors)
    if run.again and smaller is None:
        return Translatable(
            "learning rates down to {least} end no better", least=format_number(run.lr[k] * factors[-1])
        )
    lr = format_number(run.lr[k])
    falls = format_number(run.lr[k] * smaller) if smaller else ""
    if limit is None:
        too_large = Translatable(
            "the learning rate {lr} is too large here; with {smaller} the loss falls", lr=lr, smaller=falls
        )
        return too_large if smaller else None
    values = {
        "formula": STABILITY_LIMITS[run.word].formula,
        "limit": format_number(limit),
        "curvature": format_number(curvature),
    }
    bound = (
        Translatable("the largest stable one at the minimum is {formula} = {limit} (λ = {curvature})", **values)
        if run.minima
        else Translatable("the largest stable one at the start is {formula} = {limit} (λ = {curvature})", **values)
    )
    if run.lr[k] > limit:
        return Translatable("the learning rate is {lr}, but {bound}", lr=lr, bound=bound)
    told = Translatable("the learning rate is {lr}; {bound}", lr=lr, bound=bound)
    if steepest > curvature:
        told = Translatable(
            "the learning rate is {lr}; {bound}; the start is steeper, λ = {steepest}",
            lr=lr,
            bound=bound,
            steepest=format_number(steepest),
        )
    return Translatable("{told}; with {smaller} the loss falls", told=told, smaller=falls) if smaller else told


def list_rate_factors(run: RunRecord, limit: float | None) -> list[float]:
    """By what the learning rate is multiplied in turn, before it is blamed.

    Below the `limit` that theory knows, and so that the first step moves by `SHORT_STEP` at most, too.
    """
    first = float(np.hypot(*((run.x[:, 1] - run.x[:, 0]) / run.widths)))
    short = SHORT_STEP / first if np.isfinite(first) and first > 0 else 1.0
    known = () if limit is None else (limit / 2,)
    return sorted((factor for factor in {*RATE_FACTORS, short, *known} if 0 < factor < 1), reverse=True)


def find_helpful_factor(run: RunRecord, factors: list[float]) -> float | None:
    """The largest part of its learning rate with which a run goes down, or stays, and is not lost; else None."""
    if run.again is None:
        return None
    for factor in factors:
        other = run.again(factor)._replace(again=None)
        if other.loss[-1] <= other.loss[0] and judge_run(other).kind not in LOST_VERDICTS:
            return factor
    return None


def judge_rest(run: RunRecord, there: Endpoints) -> Verdict | None:
    """At a known minimum, or where the slope has vanished: there the curvatures decide."""
    if there.known[0] >= 0:
        return judge_minimum(run, np.array(run.minima[int(there.known[0])], dtype=np.float64))
    form, end = int(there.form[0]), run.x[:, -1]
    k = find_arrival_step(run.x, end, ARRIVAL_DISTANCE * run.widths)
    if there.kink[0]:
        where = Translatable("{end} from step {k}", end=format_point(end), k=k)
        return Verdict(
            "local",
            k,
            Translatable(
                "Reached a kink {where}: the loss rises to all sides, a local minimum without a flat spot.", where=where
            ),
        )
    low, high = np.linalg.eigvalsh(np.nan_to_num(run.problem.hess(there.target[:, 0])))
    where = Translatable(
        "{end} from step {k}: slope {slope}, curvatures {low} and {high}",
        end=format_point(end),
        k=k,
        slope=format_number(run.slope[-1], 1),
        low=format_number(low, 2),
        high=format_number(high, 2),
    )
    if there.lowest[0]:
        reached = Translatable(
            "Reached the lowest level there is, {loss}, at {where}.", loss=format_number(run.loss[-1], 4), where=where
        )
        return Verdict("global", k, reached)
    if form == endpoint_classification.SADDLE:
        stopped = Translatable("Stopped at a saddle {where}. Not a minimum: the way down is open.", where=where)
        return Verdict("saddle", k, stopped)
    if form == endpoint_classification.MAXIMUM:
        stopped = Translatable("Stopped at a maximum {where}. Not a minimum: the way down is open.", where=where)
        return Verdict("maximum", k, stopped)
    if there.flat[0] and is_settled(run):
        return Verdict("flat", k, Translatable("Stopped on flat ground {where}.", where=where))
    if form != endpoint_classification.MINIMUM:
        return None
    best = lowest_minimum_loss(run.problem, run.minima)
    if np.isinf(best):
        return Verdict("local", k, Translatable("Reached a local minimum {where}.", where=where))
    lower = format_number(run.loss[-1] - best)
    deeper = Translatable(
        "Reached a local minimum {where}. The global minimum is {lower} lower.", where=where, lower=lower
    )
    return Verdict("local", k, deeper)


def judge_minimum(run: RunRecord, m: Array) -> Verdict:
    """A run that came near a published global minimum, as low as that, and stayed."""
    best = float(run.problem.value(m))
    level = max(ARRIVAL_LOSS_FRACTION * (run.loss[0] - best), run.loss[-1] - best)
    high = np.flatnonzero(run.loss - best > level)
    near = np.maximum(ARRIVAL_DISTANCE * run.widths, np.abs(run.x[:, -1] - m))
    k = min(max(find_arrival_step(run.x, m, near), int(high[-1]) + 1 if high.size else 0), run.loss.size - 1)
    sentence = Translatable(
        "Reached the global minimum {minimum} at step {k}: to within 0.1 % of the picture's width, and 0.01 % of the "
        "way down is left at most.",
        minimum=format_point(m),
        k=k,
    )
    return Verdict("global", k, sentence)


def judge_divergence(run: RunRecord, there: Endpoints, near_start: LossVariation) -> Verdict | None:
    """A run that is still finite, but goes up and away."""
    if there.flat[0] or not endpoint_classification.is_climbing(run.loss[:, None], near_start)[0]:
        return None
    steps = run.loss.size - 1
    values = {"last": format_number(run.loss[-1]), "steps": steps, "first": format_number(run.loss[0])}
    grown = (
        Translatable("Thrown far up, the loss is {last} at step {steps} and was {first} at the start", **values)
        if run.loss[-1] < run.loss[-1 - tail_length(run)]
        else Translatable("Diverging, the loss is {last} at step {steps} and was {first} at the start", **values)
    )
    return Verdict("diverging", steps, append_cause(grown, explain_divergence(run, steps)))


def judge_cycle(run: RunRecord) -> Verdict | None:
    """A run that goes round and round: after a few steps it is back where it was, again and again."""
    u, steps = run.x / run.widths[:, None], run.loss.size - 1
    for period in range(2, min(MAX_CYCLE_STEPS, steps // 3) + 1):
        last = u[:, -3 * period :]
        size = float(np.hypot(*np.ptp(last, axis=1)))
        apart = np.hypot(*(u[:, period:] - u[:, :-period]))
        if size > 0 and apart[-2 * period :].max() <= CYCLE_TOLERANCE * size:
            away = np.flatnonzero(apart > CYCLE_TOLERANCE * size)
            k = int(away[-1]) + 1 if away.size else 0
            around = Translatable(
                "Oscillates: from step {k} on it repeats a cycle of {period} steps, and the loss falls no more.",
                k=k,
                period=period,
            )
            return Verdict("oscillating", steps, append_smaller_steps_hint(run, around))
    return None


def judge_domain_edge(run: RunRecord, there: Endpoints) -> Verdict | None:
    """A run that stands where the loss has no value beside it."""
    if not (there.edge[0] and is_settled(run)):
        return None
    place = format_point(run.x[:, -1])
    stands = Translatable("Stalled at the edge of the domain: beside {place} the loss has no value.", place=place)
    return Verdict("stalled", run.loss.size - 1, stands)


def judge_solver_stop(run: RunRecord) -> Verdict | None:
    """A run that its solver has ended, and not at a place that would be its end."""
    k = find_rest_step(run)
    if not run.stopped or k == run.loss.size - 1:
        return None
    ended = Translatable(
        "Stopped by its own test at {place} from step {k}: the slope is still {slope}.",
        place=format_point(run.x[:, -1]),
        k=k,
        slope=format_number(run.slope[-1], 2),
    )
    return Verdict("stalled", k, ended)


def judge_tail(run: RunRecord, usual: float) -> Verdict:
    """Judged by the tail of the run: oscillating, stalled, or still on its way.

    A fall that rounding would hide beside the `usual` differences of f around the start is none.
    """
    steps, loss, slope = run.loss.size - 1, run.loss, run.slope
    n = tail_length(run)
    travelled, moved = measure_tail(run)
    parts = split_in_four(loss[steps - n :])
    changes = np.diff([float(np.mean(part)) for part in parts])
    floor = min(lowest_minimum_loss(run.problem, run.minima), float(loss.min()))
    seen = -float(changes.sum()) >= max(
        DESCENT_FRACTION * (float(np.mean(parts[0])) - floor), endpoint_classification.ROUNDING_ERROR * usual
    )
    falls = (changes < 0).all() and seen
    if not falls and travelled > max(3 * moved, ARRIVAL_DISTANCE):
        swings = Translatable(
            "Oscillates: the last {n} steps cover {times} times the size of the patch "
            "they stay in and the loss hardly falls.",
            n=n,
            times=format_number(travelled / moved, 2),
        )
        return Verdict("oscillating", steps, append_smaller_steps_hint(run, swings))
    if not falls and moved <= ARRIVAL_DISTANCE:
        if not np.isfinite(slope[-1]):
            blind = Translatable(
                "Stalled at {place}, where the slope is not a finite number.", place=format_point(run.x[:, -1])
            )
            return Verdict("stalled", steps, blind)
        sentence = Translatable(
            "Stalled: the last {n} steps moved by {share} % of the picture's width, yet the slope is still {slope}.",
            n=n,
            share=format_number(100 * moved, 2),
            slope=format_number(slope[-1], 2),
        )
        return Verdict("stalled", steps, sentence)
    if changes.sum() < 0 and (falls or float(np.mean(parts[-1])) < loss[0]):
        return Verdict(
            "running",
            steps,
            Translatable(
                "Still descending at step {steps}: the loss is {loss}.", steps=steps, loss=format_number(loss[-1])
            ),
        )
    if loss[-1] - loss[0] > usual:
        climbs = Translatable(
            "Climbs: the loss is {last} at step {steps} and was {first} at the start.",
            last=format_number(loss[-1]),
            steps=steps,
            first=format_number(loss[0]),
        )
        return Verdict("running", steps, climbs)
    return Verdict(
        "running",
        steps,
        Translatable("Still moving at step {steps}, and no gain since step {since}.", steps=steps, since=steps - n),
    )


def split_in_four(loss: Array) -> list[Array]:
    """The last losses in four parts, of an even number where there are enough: a swing to and fro is seen whole."""
    length = loss.size // 8 * 2
    return np.array_split(loss[-4 * length :] if length else loss, min(4, loss.size))


def append_smaller_steps_hint(run: RunRecord, what: Translatable) -> Translatable:
    """And that smaller steps get lower, if a run with a smaller learning rate ends below all of this run's last steps.

    A run that swings is low in one step and high in the next: its last loss alone says little.
    """
    if run.again is None or run.lr is None or not run.lr[-1] > 0:
        return what
    other = run.again(RATE_FACTORS[1])._replace(again=None)
    if judge_run(other).kind in LOST_VERDICTS or not other.loss[-1] < run.loss[-tail_length(run) :].min():
        return what
    return Translatable(
        "{what} Smaller steps get lower: with a learning rate of {smaller} it ends at {loss}.",
        what=what,
        smaller=format_number(run.lr[-1] * RATE_FACTORS[1]),
        loss=format_number(other.loss[-1]),
    )
