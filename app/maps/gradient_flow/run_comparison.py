"""A run beside the flow that it follows: how far apart they are, and whether its steps are short enough."""

from typing import NamedTuple

import numpy as np

from app.compute.cached_simulation import run, surface
from app.model.scene import FAR, Call, Scene
from app.translation import say
from optimizers.analysis.flow_equations import BALL, GRADIENT
from optimizers.analysis.gradient_flow import Flow
from optimizers.analysis.matching_flow import Counterpart, apart, counterpart, steepest
from optimizers.analysis.number_format import figure
from optimizers.analysis.stability_limit import largest_stable_lr
from surfaces.base import Array
from surfaces.translatable import Sentence

PACES = {
    GRADIENT: Sentence("Its step α is {r} times the fastest time of the flow, 1/λmax = {time}: {fate}"),
    BALL: Sentence("Its step √α is {r} times the fastest time of the ball, 1/√λmax = {time}: {fate}"),
}
CLOSELY = 0.3  # of the fastest time: shorter steps follow a flow closely


class Track(NamedTuple):
    place: int  # of the run in the scene
    x: Array  # (2, n), as far as it can be drawn
    loss: Array  # (n,)
    own: Counterpart | None  # the flow that it follows

    def apart(self, flow: Flow) -> Array:
        """How far each iterate is from the flow at its time."""
        return apart(flow, self.own.t[: self.x.shape[1]], self.x) if self.own else np.full(self.x.shape[1], np.nan)


def track(now: Scene, place: int) -> Track:
    racer = now.runs[place]
    ran = run(now, racer)
    x = cut(np.array((ran.columns["x"], ran.columns["y"]))[:, : ran.end + 1])
    fixed = {name: value for name, value in racer.optimizer.hyper if not isinstance(value, Call)}
    wrapper = racer.wrapper.word if racer.wrapper else ""
    own = counterpart(racer.optimizer.word, fixed, ran.columns.get("lr"), wrapper)
    return Track(place, x, ran.columns["loss"][: x.shape[1]], own)


def cut(x: Array, whole: bool = False) -> Array:
    """A path (2, n) as far as its numbers can be drawn; a `whole` one has gaps where they cannot."""
    seen = np.isfinite(x).all(axis=0) & (np.abs(x) <= FAR * 10).all(axis=0)
    if whole:
        return np.where(seen, x, np.nan)
    broken = np.flatnonzero(~seen)
    return x[:, : max(1, broken[0])] if broken.size else x


def said_of(now: Scene, one: Track, flow: Flow | None) -> str:
    """What the steps of a run do to its flow, as far as that is known."""
    if one.own is None:
        return say("has no flow of its own; under it is the gradient flow.")
    if flow is None:
        return say("follows a flow of its own: choose it above to see it.")
    away = one.apart(flow)
    if not np.isfinite(away[1:]).any():
        return say("its flow ends before its first step.")
    k = int(np.nanargmax(away))
    greatest = say("greatest distance from its flow {d}, at step {k}.", d=figure(float(away[k])), k=k)
    return f"{greatest} {paced(now, one, one.own, flow)}".strip()


def paced(now: Scene, one: Track, own: Counterpart, flow: Flow) -> str:
    """The longest step beside the fastest time of the flow."""
    steps = np.diff(own.t)
    curvature = steepest(flow, surface(now.surface), float(own.t[one.x.shape[1] - 1]))
    if own.law.kind not in PACES or not steps.size or not curvature > 0:
        return ""
    step, call = float(steps.max()), now.runs[one.place].optimizer
    ball = own.law.kind == BALL
    fastest = curvature**-0.5 if ball else 1 / curvature
    mu = float(call["mu"]) if ball else 0.0
    limit = largest_stable_lr(call.word, curvature, mu)
    lr = step**2 if ball else step
    if limit is not None and lr > limit:
        fate = say("where the curvature is that large every step throws it farther off.")
    elif step > fastest:
        fate = say("it overshoots.")
    else:
        fate = say("it follows closely.") if step < CLOSELY * fastest else say("it follows roughly.")
    pattern = PACES[own.law.kind]
    return say(pattern, r=figure(step / fastest, 2), time=figure(fastest, 2), fate=fate)
