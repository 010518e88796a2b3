"""Judge how a single run ended: the tests of all verdicts, in the order in which they decide."""

import numpy as np

from optimizers.analysis.ending_classification import EndingTests, examine_runs
from optimizers.analysis.ending_criteria import RunStarts, arrival_level
from optimizers.analysis.lost_runs import judge_divergence, judge_lost
from optimizers.analysis.run_record import RunRecord, format_point
from optimizers.analysis.runs_at_rest import judge_rest
from optimizers.analysis.runs_in_motion import (
    judge_cycle,
    judge_domain_edge,
    judge_overflow,
    judge_solver_stop,
    judge_tail,
)
from optimizers.analysis.verdict_types import Judgement, VerdictKind
from optimizers.batch_run_outcomes import NEVER, RunOutcomes, find_lasting_step
from surfaces.translatable import Translatable


def judge_run(run: RunRecord) -> Judgement:
    """The first of these that holds: lost, at rest, on flat ground, diverging, in a cycle; else judged by its tail.

    The tests of where it ended are those of the maps; see `ending_classification`. Causes are looked for afterwards,
    since they judge other runs: see `verdict_causes`.
    """
    if not run.steps:
        return Judgement(VerdictKind.RUNNING, 0, Translatable("Has not taken a step."))
    if not np.isfinite(run.loss[0]):
        nowhere = Translatable("The loss is not a finite number at the start: there is no way down from here.")
        return Judgement(VerdictKind.DIVERGED, 0, nowhere)
    tests = examine_run(run)
    endpoint, near_start = tests.endpoint, tests.near_start
    if tests.is_stuck[0]:
        blind = Translatable(
            "No slope to follow: at the start {place} the gradient is not a finite number.",
            place=format_point(run.x[:, 0]),
        )
        return Judgement(VerdictKind.STALLED, 0, blind)
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
