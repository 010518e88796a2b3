"""A run compared with the flow that it approximates: their distance, and whether the steps are short enough."""

from typing import NamedTuple

import numpy as np

from app.compute.cached_simulation import build_map_surface, simulate_run
from app.model.scene import MAX_COORDINATE, Call, Scene
from app.translation import translate
from optimizers.analysis.continuous_flows import Flow, FlowKind
from optimizers.analysis.matching_flow import MatchingFlow, distance_to_flow, find_matching_flow, largest_curvature
from optimizers.analysis.quadratic_theory import largest_stable_lr
from surfaces.base import Array
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

STEP_SIZE_SENTENCES = {
    FlowKind.GRADIENT: Translatable(
        "Its learning rate is {r} times 1/λmax = {time}, the shortest time of the flow: {fate}"
    ),
    FlowKind.HEAVY_BALL: Translatable(
        "The root of its learning rate is {r} times 1/√λmax = {time}, the shortest time of the ball: {fate}"
    ),
}
CLOSE_STEP_RATIO = 0.3  # of the fastest time: shorter steps stay close to the flow


class FlowComparison(NamedTuple):
    run_index: int  # in the scene
    x: Array  # (2, n): the path, as far as it can be drawn
    loss: Array  # (n,)
    counterpart: MatchingFlow | None  # the flow that the run approximates

    def measure_distances(self, flow: Flow) -> Array:
        """The distance of each iterate from the flow at its time."""
        return (
            distance_to_flow(flow, self.counterpart.t[: self.x.shape[1]], self.x)
            if self.counterpart
            else np.full(self.x.shape[1], np.nan)
        )


def compare_with_flow(scene: Scene, index: int) -> FlowComparison:
    run = scene.runs[index]
    result = simulate_run(scene, run)
    x = clip_path(np.array((result.columns["x"], result.columns["y"]))[:, : result.last_step + 1])
    fixed = {name: value for name, value in run.optimizer.arguments if not isinstance(value, Call)}
    wrapper = run.wrapper.name if run.wrapper else ""
    counterpart = find_matching_flow(run.optimizer.name, fixed, result.columns.get("lr"), wrapper)
    return FlowComparison(index, x, result.columns["loss"][: x.shape[1]], counterpart)


def clip_path(x: Array, keep_gaps: bool = False) -> Array:
    """A path (2, n) up to the first point that cannot be drawn; with `keep_gaps` all of it, NaN at such points."""
    drawable = np.isfinite(x).all(axis=0) & (np.abs(x) <= MAX_COORDINATE * 10).all(axis=0)
    if keep_gaps:
        return np.where(drawable, x, np.nan)
    broken = np.flatnonzero(~drawable)
    return x[:, : max(1, broken[0])] if broken.size else x


def describe_comparison(scene: Scene, comparison: FlowComparison, flow: Flow | None) -> str:
    """In words: how far the run gets from its flow, as far as that is known."""
    if comparison.counterpart is None:
        return translate("has no flow of its own; under it is the gradient flow.")
    if flow is None:
        return translate("follows a flow of its own: choose it above to see it.")
    distances = comparison.measure_distances(flow)
    if not np.isfinite(distances[1:]).any():
        return translate("its flow ends before its first step.")
    k = int(np.nanargmax(distances))
    greatest = translate("greatest distance from its flow {d}, at step {k}.", d=format_number(float(distances[k])), k=k)
    return f"{greatest} {describe_step_size(scene, comparison, comparison.counterpart, flow)}".strip()


def describe_step_size(scene: Scene, comparison: FlowComparison, counterpart: MatchingFlow, flow: Flow) -> str:
    """In words: the longest step compared with the fastest time of the flow."""
    steps = np.diff(counterpart.t)
    curvature = largest_curvature(
        flow, build_map_surface(scene.surface), float(counterpart.t[comparison.x.shape[1] - 1])
    )
    if counterpart.law.kind not in STEP_SIZE_SENTENCES or not steps.size or not curvature > 0:
        return ""
    step, call = float(steps.max()), scene.runs[comparison.run_index].optimizer
    is_ball = counterpart.law.kind == FlowKind.HEAVY_BALL
    fastest = curvature**-0.5 if is_ball else 1 / curvature
    mu = float(call["mu"]) if is_ball else 0.0
    limit = largest_stable_lr(call.name, curvature, mu)
    lr = step**2 if is_ball else step
    if limit is not None and lr > limit:
        fate = translate("where the curvature is that large every step throws it farther off.")
    elif step > fastest:
        fate = translate("it overshoots.")
    else:
        fate = (
            translate("it follows closely.") if step < CLOSE_STEP_RATIO * fastest else translate("it follows roughly.")
        )
    pattern = STEP_SIZE_SENTENCES[counterpart.law.kind]
    return translate(pattern, r=format_number(step / fastest, 2), time=format_number(fastest, 2), fate=fate)
