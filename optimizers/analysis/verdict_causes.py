"""Why runs diverge: whether the learning rate is to blame, by theory and by running with smaller ones."""

import numpy as np

from optimizers.analysis.run_judgement import judge_run
from optimizers.analysis.run_record import RunRecord
from optimizers.analysis.stability_limit import find_stability_limit, largest_curvature
from optimizers.analysis.swing_causes import append_swing_cause
from optimizers.analysis.verdict_types import LOST_VERDICTS, Judgement, Verdict, VerdictKind
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

RATE_FACTORS = (2**-1, 2**-3, 2**-6, 2**-10, 2**-20)  # of the learning rate, tried before it is blamed
SHORT_STEP = 1e-2  # of the view: the longest first step with the smallest of them


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
