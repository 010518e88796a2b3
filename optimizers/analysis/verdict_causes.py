"""Why runs diverge or oscillate: whether the learning rate is to blame, by theory and by running with smaller ones."""

from typing import NamedTuple

import numpy as np

from optimizers.analysis.quadratic_theory import QUADRATIC_THEORY, largest_stable_lr
from optimizers.analysis.run_judgement import judge_run
from optimizers.analysis.run_record import RunRecord
from optimizers.analysis.verdict_kinds import LOST_VERDICTS, Judgement, Verdict, VerdictKind
from surfaces.base import Array, Problem
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

RATE_FACTORS = (2**-1, 2**-3, 2**-6, 2**-10, 2**-20)  # of the learning rate, tried before it is blamed
SWING_FACTORS = (0.9, 0.75, *(2.0**-n for n in range(1, 7)))  # of the learning rate of a run that swings
SHORT_STEP = 1e-2  # of the view: the longest first step with the smallest of them
LIMIT_TOLERANCE = 0.1  # of the stable limit: learning rates that are called at the edge


def explain_judgement(run: RunRecord, judgement: Judgement) -> Verdict:
    """The verdict on a run, with its cause."""
    kind, step, sentence, has_cause = judgement
    if has_cause and kind == VerdictKind.OSCILLATING:
        sentence = append_swing_cause(run, sentence)
    elif has_cause:
        sentence = append_divergence_cause(run, step, sentence)
    return Verdict(kind, step, sentence)


def append_divergence_cause(run: RunRecord, k: int, what: Translatable) -> Translatable:
    why = explain_divergence(run, k)
    return Translatable("{what}: {why}.", what=what, why=why) if why else Translatable("{what}.", what=what)


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


def append_swing_cause(run: RunRecord, what: Translatable) -> Translatable:
    """Append that the learning rate is at the stable limit or beyond it, and that a smaller one ends lower, if so.

    It does if a run with a smaller rate ends below all of this run's tail.
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
    smaller = find_lower_rate(run)
    if smaller is None:
        return what
    factor, other = smaller
    return Translatable(
        "{what} A smaller learning rate gets lower: with {smaller} it ends at a loss of {loss}.",
        what=what,
        smaller=format_number(run.lr[-1] * factor),
        loss=format_number(other.loss[-1]),
    )


def find_lower_rate(run: RunRecord) -> tuple[float, RunRecord] | None:
    """The factor of the learning rate with which a run that swings ends lowest, and the run with it; None if none does.

    Smaller rates are tried in turn, until one ends higher than the one before. Runs are compared by the highest loss of
    their tails, since a run that swings is low in one step and high in the next.
    """
    if run.rerun is None:
        return None
    height, best = find_tail_height(run), None
    for factor in SWING_FACTORS:
        other = run.rerun(factor)._replace(rerun=None)
        if find_tail_height(other) < height:
            height, best = find_tail_height(other), (factor, other)
        elif best:
            break
    if best is None or judge_run(best[1]).kind in LOST_VERDICTS:
        return None
    return best if best[1].loss[-1] < run.loss[-run.tail_length :].min() else None


def find_tail_height(run: RunRecord) -> float:
    """The highest loss of the last steps; infinite if one of them has none."""
    tail = run.loss[-run.tail_length :]
    return float(tail.max()) if run.alive[-1] and np.isfinite(tail).all() else np.inf


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
