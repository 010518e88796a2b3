"""A run beside the flow that it follows: how far apart they are, and whether its steps are short enough."""

from typing import NamedTuple

import numpy as np

from app.compute.cached_simulation import build_surface, simulate_run
from app.model.scene import MAX_COORDINATE, Call, Scene
from app.translation import translate
from optimizers.analysis.flow_equations import FlowKind
from optimizers.analysis.gradient_flow import Flow
from optimizers.analysis.matching_flow import MatchingFlow, distance_to_flow, find_matching_flow, largest_curvature
from optimizers.analysis.quadratic_theory import largest_stable_lr
from optimizers.number_format import format_number
from surfaces.base import Array
from surfaces.translatable import Translatable

STEP_SIZE_SENTENCES = {
    FlowKind.GRADIENT: Translatable("Its step α is {r} times the fastest time of the flow, 1/λmax = {time}: {fate}"),
    FlowKind.HEAVY_BALL: Translatable(
        "Its step √α is {r} times the fastest time of the ball, 1/√λmax = {time}: {fate}"
    ),
}
CLOSE_STEP_RATIO = 0.3  # of the fastest time: shorter steps follow a flow closely


class FlowComparison(NamedTuple):
    place: int  # of the run in the scene
    x: Array  # (2, n), as far as it can be drawn
    loss: Array  # (n,)
    own: MatchingFlow | None  # the flow that it follows

    def apart(self, flow: Flow) -> Array:
        """How far each iterate is from the flow at its time."""
        return (
            distance_to_flow(flow, self.own.t[: self.x.shape[1]], self.x)
            if self.own
            else np.full(self.x.shape[1], np.nan)
        )


def compare_with_flow(now: Scene, place: int) -> FlowComparison:
    racer = now.runs[place]
    ran = simulate_run(now, racer)
    x = clip_path(np.array((ran.columns["x"], ran.columns["y"]))[:, : ran.end + 1])
    fixed = {name: value for name, value in racer.optimizer.hyper if not isinstance(value, Call)}
    wrapper = racer.wrapper.word if racer.wrapper else ""
    own = find_matching_flow(racer.optimizer.word, fixed, ran.columns.get("lr"), wrapper)
    return FlowComparison(place, x, ran.columns["loss"][: x.shape[1]], own)


def clip_path(x: Array, whole: bool = False) -> Array:
    """A path (2, n) as far as its numbers can be drawn; a `whole` one has gaps where they cannot."""
    seen = np.isfinite(x).all(axis=0) & (np.abs(x) <= MAX_COORDINATE * 10).all(axis=0)
    if whole:
        return np.where(seen, x, np.nan)
    broken = np.flatnonzero(~seen)
    return x[:, : max(1, broken[0])] if broken.size else x


def describe_comparison(now: Scene, one: FlowComparison, flow: Flow | None) -> str:
    """What the steps of a run do to its flow, as far as that is known."""
    if one.own is None:
        return translate("has no flow of its own; under it is the gradient flow.")
    if flow is None:
        return translate("follows a flow of its own: choose it above to see it.")
    away = one.apart(flow)
    if not np.isfinite(away[1:]).any():
        return translate("its flow ends before its first step.")
    k = int(np.nanargmax(away))
    greatest = translate("greatest distance from its flow {d}, at step {k}.", d=format_number(float(away[k])), k=k)
    return f"{greatest} {describe_step_size(now, one, one.own, flow)}".strip()


def describe_step_size(now: Scene, one: FlowComparison, own: MatchingFlow, flow: Flow) -> str:
    """The longest step beside the fastest time of the flow."""
    steps = np.diff(own.t)
    curvature = largest_curvature(flow, build_surface(now.surface), float(own.t[one.x.shape[1] - 1]))
    if own.law.kind not in STEP_SIZE_SENTENCES or not steps.size or not curvature > 0:
        return ""
    step, call = float(steps.max()), now.runs[one.place].optimizer
    ball = own.law.kind == FlowKind.HEAVY_BALL
    fastest = curvature**-0.5 if ball else 1 / curvature
    mu = float(call["mu"]) if ball else 0.0
    limit = largest_stable_lr(call.word, curvature, mu)
    lr = step**2 if ball else step
    if limit is not None and lr > limit:
        fate = translate("where the curvature is that large every step throws it farther off.")
    elif step > fastest:
        fate = translate("it overshoots.")
    else:
        fate = (
            translate("it follows closely.") if step < CLOSE_STEP_RATIO * fastest else translate("it follows roughly.")
        )
    pattern = STEP_SIZE_SENTENCES[own.law.kind]
    return translate(pattern, r=format_number(step / fastest, 2), time=format_number(fastest, 2), fate=fate)
