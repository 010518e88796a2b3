"""Flows: where a start would go in continuous time, which the steps of an optimizer only approximate."""

import warnings
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from scipy.integrate import LSODA, DenseOutput, OdeSolution, solve_ivp

from optimizers.analysis.flow_equations import GRADIENT_FLOW, HEAVY_BALL, NEWTON_FLOW, FlowEquation, FlowODE, build_ode
from surfaces.base import Array, Objective

RTOL = 1e-9  # of each step: neighbours that part on a ridge make a million times as much of it, and it is still unseen
ATOL = 1e-12  # of the view
REST_DISTANCE = 1e-9  # of the view: nearer to where the slope is 0, by Newton's model, a flow has arrived
MAX_DISTANCE = 10.0  # views away from where it began: it is lost from sight
FIRST_STEP_FRACTION = 1e-2  # of the fastest time: the first step of a leg, which LSODA takes for one of a tame equation
LEG_GROWTH = 4.0  # each leg is so many times as long as all before it
MAX_LEGS = 22  # 4^22: a flow that has still not arrived has slowed down a million million times
MAX_EVALUATIONS = {
    GRADIENT_FLOW: 10_000,
    HEAVY_BALL: 30_000,
    NEWTON_FLOW: 10_000,
}  # slopes: at a kink a flow turns to and fro for ever

CAME_TO_REST, LEFT_VIEW, STILL_MOVING, TIME_OVER, STUCK, DOMAIN_EDGE, SINGULAR_HESSIAN = (
    "rest",
    "left",
    "slow",
    "over",
    "stuck",
    "edge",
    "singular",
)

warnings.filterwarnings("ignore", "lsoda: ")  # it says so where it can do no more, and so do we, in `Flow.why`


class Flow(NamedTuple):
    """What is known of a flow: it is at `x` at the times `t`, and between them as the legs have it."""

    t: Array  # (n,), from 0 on
    x: Array  # (2, n)
    why: str  # it ends there: at REST, LEFT the view far behind, SLOW, time is OVER, STUCK, EDGE, or SINGULAR Hessian
    legs: tuple[tuple[float, OdeSolution], ...] = ()  # from a time on, the states at the times since then

    def at(self, t: Array) -> Array:
        """Where it is at the times `t` (n,): (2, n); NaN after its end, unless it rests there."""
        found = np.full((2, t.size), np.nan)
        ends = [*(begun for begun, _ in self.legs[1:]), self.t[-1]]
        for (begun, states), ended in zip(self.legs, ends, strict=False):
            here = (begun <= t) & (t <= ended)
            if here.any():
                found[:, here] = states(t[here] - begun)[:2]
        found[:, t == 0] = self.x[:, :1]
        if self.why == CAME_TO_REST:
            found[:, t >= self.t[-1]] = self.x[:, -1:]
        return found

    def on(self, z: Array, steps: "list[AcceptedStep]") -> "Flow":
        """With one more leg, from the state `z`."""
        begun, local = float(self.t[-1]), np.array([0.0, *(step.t for step in steps)])
        path = OdeSolution(local, [step.between for step in steps])
        x = np.array([step.z[:2] for step in steps]).T
        return Flow(
            np.append(self.t, begun + local[1:]), np.append(self.x, x, axis=1), self.why, (*self.legs, (begun, path))
        )


class AcceptedStep(NamedTuple):
    """A step that was accepted: until when, to which state, and all between."""

    t: float
    z: Array
    between: DenseOutput


class ReportingLSODA(LSODA):
    """LSODA that hands over each step as it is taken: `told(step)` may end it, by an exception."""

    def __init__(self, *given: Any, told: Callable[[AcceptedStep], None], **options: Any) -> None:
        super().__init__(*given, **options)
        self.told = told

    def step(self) -> str | None:
        message: str | None = super().step()
        if self.status != "failed":
            self.told(AcceptedStep(float(self.t), self.y, self.dense_output()))
        return message


class FlowEnded(Exception):
    """The flow has come to its end; the argument is why."""


def integrate_flow(f: Objective, law: FlowEquation, x0: Array, widths: Array, until: float = np.inf) -> Iterator[Flow]:
    """The flow from `x0` (2,), leg by leg, each time with all that was before; `widths` (2,) of the view.

    LSODA changes between Adams' methods and, where the curvatures make the equation stiff, backward differences with
    the exact Hessian for Newton's iteration: Petzold (1983), *SIAM J. Sci. Stat. Comput.* 4(1), 136-148.
    """
    with np.errstate(all="ignore"):
        way = build_ode(f, law, x0, widths)
        first = make_end_test(f, law, way, x0, widths)(way.begin)
    known, z, due, asked = Flow(np.zeros(1), x0[:, None], first or STILL_MOVING), way.begin, way.unit, count()
    if first:
        yield known
        return
    for _ in range(MAX_LEGS):
        wanted = min(due, until) - float(known.t[-1])
        with np.errstate(all="ignore"):
            steps, why = integrate_leg(f, law, way, z, wanted, x0, widths, asked)
        if steps:
            known, z = known.on(z, steps), steps[-1].z
        reached = steps[-1].t if steps else 0.0
        if not why and reached < wanted * (1 - 1e-9):  # for rounding errors; a new beginning often helps
            why = "" if steps and known.t[-1] > known.legs[-1][0] else STUCK
        elif not why:
            why, due = TIME_OVER if due >= until else "", LEG_GROWTH * due
        yield known._replace(why=why or STILL_MOVING)
        if why:
            return


def integrate_leg(
    f: Objective, law: FlowEquation, way: FlowODE, z: Array, span: float, x0: Array, widths: Array, asked: Iterator[int]
) -> tuple[list[AcceptedStep], str]:
    """The steps from the state `z` for a `span` of time, less where LSODA gives up; why the flow ends, if it does.

    Time is counted from the beginning of the leg: late in a flow the shortest steps would be lost in rounding.
    """
    stop, steps = make_end_test(f, law, way, x0, widths), list[AcceptedStep]()

    def velocity(t: float, z: Array) -> Array:
        v = way.velocity(z)
        if not np.isfinite(v).all():
            raise FlowEnded(DOMAIN_EDGE)
        if next(asked) > MAX_EVALUATIONS[law.kind]:
            raise FlowEnded(STUCK)
        return v

    def told(step: AcceptedStep) -> None:
        if not step.t > (steps[-1].t if steps else 0.0):
            raise FlowEnded(STUCK)
        why = stop(step.z)
        if why != SINGULAR_HESSIAN:
            steps.append(step)
        if why:
            raise FlowEnded(why)

    J = way.jacobian
    brief = FIRST_STEP_FRACTION / np.linalg.norm(J(z)) if J else np.inf
    how: dict[str, Any] = {
        "rtol": RTOL, "atol": ATOL * way.scale, "first_step": min(brief, span / 100), "told": told,
        "jac": None if J is None else lambda t, z: J(z),
    }  # fmt: skip
    try:
        solve_ivp(velocity, (0.0, span), z, ReportingLSODA, **how)
    except FlowEnded as reason:
        return steps, str(reason)
    return steps, ""


def make_end_test(f: Objective, law: FlowEquation, way: FlowODE, x0: Array, widths: Array) -> Callable[[Array], str]:
    """What says of a state why the flow ends there, if it does."""
    side = np.sign(way.margin(way.begin))
    distance = make_rest_distance(f, law, way, widths)

    def why(z: Array) -> str:
        if not np.isfinite(way.velocity(z)).all():
            return DOMAIN_EDGE
        if way.margin(z) * side < 0:
            return SINGULAR_HESSIAN
        if np.abs((z[:2] - x0) / widths).max() > MAX_DISTANCE:
            return LEFT_VIEW
        return CAME_TO_REST if distance(z) <= REST_DISTANCE else ""

    return why


def make_rest_distance(f: Objective, law: FlowEquation, way: FlowODE, widths: Array) -> Callable[[Array], float]:
    """How far a state is from rest, in views: the step of Newton's, and for a ball its velocity too."""

    def distance(z: Array) -> float:
        g = f.grad(z[:2])
        (a, b), (_, d) = f.hess(z[:2])
        s = np.array((d * g[0] - b * g[1], a * g[1] - b * g[0])) / (a * d - b * b)
        far = np.abs(s / widths).max() if g.any() else 0.0
        if law.kind == HEAVY_BALL:
            far = max(far, np.abs(way.unit * z[2:] / widths).max())
        return float(far) if np.isfinite(far) else np.inf

    return distance
