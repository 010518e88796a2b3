"""Why runs swing to and fro: by the learning rate, by noise, or by momentum, as theory and other runs tell."""

import numpy as np

from optimizers.analysis.run_judgement import judge_run
from optimizers.analysis.run_record import RunRecord
from optimizers.analysis.stability_limit import find_stability_limit
from optimizers.analysis.verdict_types import LOST_VERDICTS, VerdictKind
from surfaces.base import Array
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

SWING_FACTORS = (0.9, 0.75, *(2.0**-n for n in range(1, 7)))  # of the learning rate of a run that swings
LIMIT_TOLERANCE = 0.1  # of the stable limit: learning rates that are called at the edge
SMALLER_MOMENTA = (0.99, 0.9, 0.5, 0.0)  # tried for a run that swings


def append_swing_cause(run: RunRecord, what: Translatable) -> Translatable:
    """Append why a run swings, and with what smaller learning rate or momentum it ends lower, if it does.

    The causes are, in this order: a learning rate at the stable limit or beyond it; noise, if the run does not swing
    without it; and a momentum whose velocity lasts longer than the run. With none of them, and nothing smaller that
    ends lower, how long its steps still are says why it does not settle.
    """
    cause = blame_rate(run, what) or blame_noise(run, what) or blame_momentum(run, what)
    sentence = cause or Translatable("{what}.", what=what)
    praise = praise_smaller_rate(run, sentence) or praise_smaller_momentum(run, sentence)
    return praise or cause or blame_step_length(run, what)


def blame_rate(run: RunRecord, what: Translatable) -> Translatable | None:
    if run.lr is None or not run.lr[-1] > 0:
        return None
    limit, lr = find_stability_limit(run, run.steps), format_number(run.lr[-1])
    if limit is None or run.lr[-1] < (1 - LIMIT_TOLERANCE) * limit.lr:
        return None
    if run.lr[-1] > (1 + LIMIT_TOLERANCE) * limit.lr:
        return Translatable("{what}: the learning rate is {lr}, but {bound}.", what=what, lr=lr, bound=limit.describe())
    return Translatable(
        "{what}: the learning rate {lr} is at the edge, {formula} = {limit}.",
        what=what,
        lr=lr,
        formula=limit.formula,
        limit=format_number(limit.lr),
    )


def blame_noise(run: RunRecord, what: Translatable) -> Translatable | None:
    if run.rerun_without_noise is None or judge_run(run.rerun_without_noise()).kind == VerdictKind.OSCILLATING:
        return None
    return Translatable("{what}: the noise in the gradient keeps it moving.", what=what)


def blame_momentum(run: RunRecord, what: Translatable) -> Translatable | None:
    r"""Blame momentum: after t steps $\mu^t$ of a velocity is left, and 1/e of it after about $1 / (1 - \mu)$."""
    symbol, momentum = find_momentum(run)
    if momentum is None:
        return None
    mu = float(momentum[-1])
    if mu >= 1:
        return Translatable("{what}: with {symbol} = 1 nothing slows it down.", what=what, symbol=symbol)
    if 1 / (1 - mu) < run.steps:
        return None
    return Translatable(
        "{what}: with {symbol} = {mu} a velocity lasts for 1/(1−{symbol}) = {duration} steps, longer than the race.",
        what=what,
        symbol=symbol,
        mu=format_number(mu, 4),
        duration=round(1 / (1 - mu)),
    )


def blame_step_length(run: RunRecord, what: Translatable) -> Translatable:
    n = run.tail_length
    length = format_number(float(np.median(np.hypot(*np.diff(run.x[:, -n - 1 :])))), 2)
    if not run.is_slowed:
        return Translatable("{what}: its steps are still about {length} long.", what=what, length=length)
    return Translatable(
        "{what}: its steps are still about {length} long; its schedule shortens them by {share} % in {n} steps.",
        what=what,
        length=length,
        share=format_number(100 * (1 - run.lr[-1] / run.lr[-1 - n]), 2) if run.lr is not None else "",
        n=n,
    )


def find_momentum(run: RunRecord) -> tuple[str, Array | None]:
    """The symbol of a method's momentum, and its value in each step; None if it has none."""
    return ("μ", run.mu) if run.mu is not None else ("β₁", run.beta1)


def praise_smaller_rate(run: RunRecord, what: Translatable) -> Translatable | None:
    """Append a smaller learning rate with which the run ends below all of this run's tail, if there is one."""
    found = find_lower_rate(run)
    if run.lr is None or found is None:
        return None
    factor, other = found
    if np.ptp(run.lr):  # a schedule
        return Translatable(
            "{what} A smaller learning rate gets lower: with a schedule of {factor} times its values it ends at a loss "
            "of {loss}.",
            what=what,
            factor=format_number(factor),
            loss=format_number(other.loss[-1]),
        )
    return Translatable(
        "{what} A smaller learning rate gets lower: with {smaller} it ends at a loss of {loss}.",
        what=what,
        smaller=format_number(run.lr[-1] * factor),
        loss=format_number(other.loss[-1]),
    )


def praise_smaller_momentum(run: RunRecord, what: Translatable) -> Translatable | None:
    """Append a smaller momentum with which the run ends below all of this run's tail, if there is one."""
    symbol, momentum = find_momentum(run)
    if momentum is None or run.rerun_with_momentum is None:
        return None
    smaller = [mu for mu in SMALLER_MOMENTA if mu < momentum[-1]]
    others = [run.rerun_with_momentum(mu) for mu in smaller]
    heights = [find_tail_height(other) for other in others]
    best = int(np.argmin(heights)) if heights else 0
    if not heights or not is_lower_throughout(run, others[best]):
        return None
    return Translatable(
        "{what} A smaller momentum gets lower: with {symbol} = {smaller} it ends at a loss of {loss}.",
        what=what,
        symbol=symbol,
        smaller=format_number(smaller[best]),
        loss=format_number(others[best].loss[-1]),
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
    return best if best and is_lower_throughout(run, best[1]) else None


def is_lower_throughout(run: RunRecord, other: RunRecord) -> bool:
    """Is another run not lost, and does it end below all of this run's tail?"""
    return bool(other.loss[-1] < run.loss[-run.tail_length :].min()) and judge_run(other).kind not in LOST_VERDICTS


def find_tail_height(run: RunRecord) -> float:
    """The highest loss of the last steps; infinite if one of them has none."""
    tail = run.loss[-run.tail_length :]
    return float(tail.max()) if run.alive[-1] and np.isfinite(tail).all() else np.inf
