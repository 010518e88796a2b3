"""Verdicts on runs that are at rest: at a minimum, a saddle, a maximum or a kink, or on flat ground."""

import numpy as np

from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, ARRIVAL_LOSS_FRACTION
from optimizers.analysis.endpoint_examination import Endpoints
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.point_types import PointType
from optimizers.analysis.run_record import RunRecord, find_arrival_step, format_point, is_settled
from optimizers.analysis.verdict_types import Judgement, VerdictKind
from optimizers.batch_run_outcomes import find_step_after_last
from surfaces.base import Array
from surfaces.number_format import format_number
from surfaces.translatable import Translatable


def judge_rest(run: RunRecord, endpoint: Endpoints) -> Judgement | None:
    """At a known minimum, or where the slope has vanished: there the curvatures decide."""
    if not endpoint.settled[0]:
        return None
    if endpoint.known_minimum[0] >= 0:
        return judge_minimum(run, np.array(run.minima[int(endpoint.known_minimum[0])], dtype=np.float64))
    end = run.x[:, -1]
    k = find_arrival_step(run.x, end, ARRIVAL_DISTANCE * run.widths)
    if endpoint.at_kink[0]:
        kink = Translatable(
            "Reached a kink {place} from step {k}: the loss rises to all sides, a local minimum without a flat spot.",
            place=format_point(end, run.widths),
            k=k,
        )
        return Judgement(VerdictKind.LOCAL, k, kink)
    return judge_stationary_point(run, endpoint, k)


def judge_stationary_point(run: RunRecord, endpoint: Endpoints, k: int) -> Judgement | None:
    """At a point where the slope has vanished, from step `k` on: its type decides."""
    kind = endpoint.point_type[0]
    low, high = np.linalg.eigvalsh(np.nan_to_num(run.problem.hess(endpoint.rest_point[:, 0])))
    shape = Translatable(
        "slope {slope}, curvatures {low} and {high}",
        slope=format_number(run.gradient_norm[-1], 1),
        low=format_number(low, 2),
        high=format_number(high, 2),
    )
    values = {"place": format_point(run.x[:, -1], run.widths), "k": k, "shape": shape}
    if endpoint.at_lowest_level[0]:
        reached = Translatable(
            "Reached the lowest level there is, {loss}, at {place} from step {k}: {shape}.",
            loss=format_number(run.loss[-1], 4),
            **values,
        )
        return Judgement(VerdictKind.GLOBAL, k, reached)
    if kind == PointType.SADDLE:
        stopped = Translatable(
            "Stopped at a saddle {place} from step {k}: {shape}. It is no minimum: there is still a way down.", **values
        )
        return Judgement(VerdictKind.SADDLE, k, stopped)
    if kind == PointType.MAXIMUM:
        stopped = Translatable(
            "Stopped at a maximum {place} from step {k}: {shape}. It is no minimum: there is still a way down.",
            **values,
        )
        return Judgement(VerdictKind.MAXIMUM, k, stopped)
    if endpoint.on_flat_ground[0] and is_settled(run):
        stopped = Translatable("Stopped on flat ground {place} from step {k}: {shape}.", **values)
        return Judgement(VerdictKind.FLAT, k, stopped)
    if kind != PointType.MINIMUM:
        return None
    best = lowest_minimum_loss(run.problem, run.minima)
    if np.isinf(best):
        reached = Translatable("Reached a local minimum {place} from step {k}: {shape}.", **values)
        return Judgement(VerdictKind.LOCAL, k, reached)
    lower = format_number(run.loss[-1] - best)
    deeper = Translatable(
        "Reached a local minimum {place} from step {k}: {shape}. The global minimum is {lower} lower.",
        lower=lower,
        **values,
    )
    return Judgement(VerdictKind.LOCAL, k, deeper)


def judge_minimum(run: RunRecord, m: Array) -> Judgement:
    """A run that came near a published global minimum, as low as that, and stayed."""
    best = float(run.problem.value(m))
    level = max(ARRIVAL_LOSS_FRACTION * (run.loss[0] - best), run.loss[-1] - best)
    low_from = int(find_step_after_last(run.loss - best > level))
    near = np.maximum(ARRIVAL_DISTANCE * run.widths, np.abs(run.x[:, -1] - m))
    k = min(max(find_arrival_step(run.x, m, near), low_from), run.steps)
    sentence = Translatable("Reached the global minimum {minimum} at step {k}.", minimum=format_point(m), k=k)
    return Judgement(VerdictKind.GLOBAL, k, sentence)
