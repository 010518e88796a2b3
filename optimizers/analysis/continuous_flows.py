"""Paths that optimizers follow in the limit of small steps, such as the gradient flow: equations and solutions."""

import warnings
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from scipy.integrate import LSODA, DenseOutput, OdeSolution, solve_ivp

from optimizers.numerics.quadratic_model_minimization import solve
from surfaces.base import Array, Objective

StateFunction = Callable[[Array], Array]
RTOL = 1e-9  # of each step: a ridge may amplify the error a million times, and it is still invisible
ATOL = 1e-12  # of the view
REST_DISTANCE = 1e-9  # of the view: a flow is at rest if Newton's step is shorter
MAX_DISTANCE = 10.0  # views away from its start a flow is given up
FIRST_STEP_FRACTION = 1e-2  # of the fastest time: the first step of a leg, which LSODA takes as if it were not stiff
LEG_GROWTH = 4.0  # each leg is so many times as long as all before it
MAX_LEGS = 22  # a flow that has not arrived after 4^22 times its time scale is taken to be still moving
warnings.filterwarnings("ignore", "lsoda: ")  # its warning that it gives up is in `Flow.end`


class FlowKind(StrEnum):
    """The flows; the words travel in links."""

    GRADIENT = "gradient"
    HEAVY_BALL = "ball"
    NEWTON = "newton"


# Evaluations of the velocity: at a kink a flow turns to and fro for ever.
MAX_EVALUATIONS = {FlowKind.GRADIENT: 10_000, FlowKind.HEAVY_BALL: 30_000, FlowKind.NEWTON: 10_000}


class FlowEnd(StrEnum):
    """Why a flow ends where it does."""

    CAME_TO_REST = "rest"
    LEFT_VIEW = "left"  # it is far outside
    STILL_MOVING = "slow"  # after `MAX_LEGS`
    TIME_OVER = "over"
    STUCK = "stuck"  # LSODA gives up
    DOMAIN_EDGE = "edge"
    SINGULAR_HESSIAN = "singular"


class FlowEquation(NamedTuple):
    """A flow and its parameters: the friction of the heavy ball, and the damping that Newton's flow adds to H."""

    kind: FlowKind = FlowKind.GRADIENT
    friction: float = 0.0
    damping: float = 0.0
    absolute: bool = False


class FlowODE(NamedTuple):
    """The equation dz/dt = velocity(z) of a state z whose first two entries are the point."""

    initial_state: Array
    velocity: StateFunction
    jacobian: StateFunction | None
    time_scale: float  # in which the flow makes visible progress
    state_scale: Array  # of each entry of the state
    singularity_margin: StateFunction  # changes its sign where the equation becomes singular


class Flow(NamedTuple):
    """A flow so far: it is at `x` at the times `t`; between them its legs interpolate."""

    t: Array  # (n,), from 0 on
    x: Array  # (2, n)
    end: FlowEnd
    legs: tuple[tuple[float, OdeSolution], ...] = ()  # from a time on, the states at the times since then

    def interpolate(self, t: Array) -> Array:
        """The points (2, n) at the times `t` (n,); NaN after the end of the flow, unless it rests there."""
        found = np.full((2, t.size), np.nan)
        ends = [*(begun for begun, _ in self.legs[1:]), self.t[-1]]
        for (begun, states), ended in zip(self.legs, ends, strict=False):
            here = (begun <= t) & (t <= ended)
            if here.any():
                found[:, here] = states(t[here] - begun)[:2]
        found[:, t == 0] = self.x[:, :1]
        if self.end == FlowEnd.CAME_TO_REST:
            found[:, t >= self.t[-1]] = self.x[:, -1:]
        return found

    def with_leg(self, z: Array, steps: "list[AcceptedStep]") -> "Flow":
        """The flow with one more leg, from the state `z`."""
        begun, local = float(self.t[-1]), np.array([0.0, *(step.t for step in steps)])
        path = OdeSolution(local, [step.interpolant for step in steps])
        x = np.array([step.z[:2] for step in steps]).T
        return Flow(
            np.append(self.t, begun + local[1:]), np.append(self.x, x, axis=1), self.end, (*self.legs, (begun, path))
        )


class AcceptedStep(NamedTuple):
    """A step that LSODA accepted: its end in time, the state there, and the states in between."""

    t: float
    z: Array
    interpolant: DenseOutput


class ReportingLSODA(LSODA):
    """LSODA that reports each step as it is taken: `on_step(step)` may end the integration by an exception."""

    def __init__(self, *given: Any, on_step: Callable[[AcceptedStep], None], **options: Any) -> None:
        super().__init__(*given, **options)
        self.on_step = on_step

    def step(self) -> str | None:
        message: str | None = super().step()
        if self.status != "failed":
            self.on_step(AcceptedStep(float(self.t), self.y, self.dense_output()))
        return message


class FlowEnded(Exception):
    """The flow has ended; the argument is a `FlowEnd`."""


def integrate_flow(f: Objective, law: FlowEquation, x0: Array, widths: Array, until: float = np.inf) -> Iterator[Flow]:
    """Integrate the flow from `x0` (2,), leg by leg, yielding all of it so far each time; `widths` (2,) of the view.

    LSODA changes between Adams' methods and, where the curvatures make the equation stiff, backward differences with
    the exact Hessian for Newton's iteration: Petzold (1983), *SIAM J. Sci. Stat. Comput.* 4(1), 136-148.
    """
    with np.errstate(all="ignore"):
        ode = build_ode(f, law, x0, widths)
        find_end = make_end_test(f, law, ode, x0, widths)
        first = find_end(ode.initial_state)
    known = Flow(np.zeros(1), x0[:, None], first or FlowEnd.STILL_MOVING)
    z, due, evaluations = ode.initial_state, ode.time_scale, iter(range(MAX_EVALUATIONS[law.kind] + 1))
    if first:
        yield known
        return
    for _ in range(MAX_LEGS):
        wanted = min(due, until) - float(known.t[-1])
        with np.errstate(all="ignore"):
            steps, end = integrate_leg(ode, z, wanted, find_end, evaluations)
        if steps:
            known, z = known.with_leg(z, steps), steps[-1].z
        reached = steps[-1].t if steps else 0.0
        if not end and reached < wanted * (1 - 1e-9):  # for rounding errors; a new beginning often helps
            end = None if steps and known.t[-1] > known.legs[-1][0] else FlowEnd.STUCK
        elif not end:
            end, due = FlowEnd.TIME_OVER if due >= until else None, LEG_GROWTH * due
        yield known._replace(end=end or FlowEnd.STILL_MOVING)
        if end:
            return


def integrate_leg(
    ode: FlowODE, z: Array, span: float, find_end: Callable[[Array], FlowEnd | None], evaluations: Iterator[int]
) -> tuple[list[AcceptedStep], FlowEnd | None]:
    """The steps from the state `z` for a `span` of time, less where LSODA gives up; and the end of the flow, if any.

    Time is counted from the beginning of the leg: late in a flow the shortest steps would be lost in rounding. The
    integration gives up when the iterator `evaluations`, which all legs share, is exhausted.
    """
    steps = list[AcceptedStep]()

    def velocity(t: float, z: Array) -> Array:
        v = ode.velocity(z)
        if not np.isfinite(v).all():
            raise FlowEnded(FlowEnd.DOMAIN_EDGE)
        if next(evaluations, None) is None:
            raise FlowEnded(FlowEnd.STUCK)
        return v

    def on_step(step: AcceptedStep) -> None:
        if not step.t > (steps[-1].t if steps else 0.0):
            raise FlowEnded(FlowEnd.STUCK)
        end = find_end(step.z)
        if end != FlowEnd.SINGULAR_HESSIAN:
            steps.append(step)
        if end:
            raise FlowEnded(end)

    J = ode.jacobian
    brief = FIRST_STEP_FRACTION / np.linalg.norm(J(z)) if J else np.inf
    how: dict[str, Any] = {
        "rtol": RTOL, "atol": ATOL * ode.state_scale, "first_step": min(brief, span / 100), "on_step": on_step,
        "jac": None if J is None else lambda t, z: J(z),
    }  # fmt: skip
    try:
        solve_ivp(velocity, (0.0, span), z, ReportingLSODA, **how)
    except FlowEnded as ended:
        return steps, ended.args[0]
    return steps, None


def make_end_test(
    f: Objective, law: FlowEquation, ode: FlowODE, x0: Array, widths: Array
) -> Callable[[Array], FlowEnd | None]:
    """A function of a state: the `FlowEnd` there, None if the flow goes on."""
    side = np.sign(ode.singularity_margin(ode.initial_state))

    def measure_rest_distance(z: Array) -> float:
        """The distance from rest, in views: the length of Newton's step, and for a ball its velocity too."""
        g = f.grad(z[:2])
        (a, b), (_, d) = f.hess(z[:2])
        s = np.array((d * g[0] - b * g[1], a * g[1] - b * g[0])) / (a * d - b * b)
        far = np.abs(s / widths).max() if g.any() else 0.0
        if law.kind == FlowKind.HEAVY_BALL:
            far = max(far, np.abs(ode.time_scale * z[2:] / widths).max())
        return float(far) if np.isfinite(far) else np.inf

    def find_end(z: Array) -> FlowEnd | None:
        if not np.isfinite(ode.velocity(z)).all():
            return FlowEnd.DOMAIN_EDGE
        if ode.singularity_margin(z) * side < 0:
            return FlowEnd.SINGULAR_HESSIAN
        if np.abs((z[:2] - x0) / widths).max() > MAX_DISTANCE:
            return FlowEnd.LEFT_VIEW
        return FlowEnd.CAME_TO_REST if measure_rest_distance(z) <= REST_DISTANCE else None

    return find_end


def build_ode(f: Objective, law: FlowEquation, x0: Array, widths: Array) -> FlowODE:
    r"""The equation of a flow from a start (2,) at rest.

    The gradient flow, of which gradient descent is Euler's method with the step $\Delta t = \alpha$:

    $$ \dot x = -\nabla f(x) $$

    The heavy ball with friction, of which `momentum` is the semi-implicit Euler method, see
    `optimizers.analysis.matching_flow`:

    $$ \ddot x + c\,\dot x + \nabla f(x) = 0 $$

    Newton's flow, of which `newton` is Euler's method; along it $\nabla f(x(t)) = e^{-t}\, \nabla f(x_0)$:

    $$ \dot x = -(H + \delta I)^{-1}\, \nabla f(x) $$

    Polyak (1964), *USSR Comp. Math. and Math. Phys.* 4(5), 1-17; Qian (1999), *Neural Networks* 12(1), 145-151;
    Su, Boyd & Candès (2016), [arXiv:1503.01243](https://arxiv.org/abs/1503.01243); Smale (1976),
    *J. Math. Economics* 3(2), 107-120.
    """
    across, slope = float(widths.max()), float(np.hypot(*f.grad(x0))) or 1.0
    anywhere: StateFunction = lambda z: np.ones(())  # noqa: E731
    if law.kind == FlowKind.HEAVY_BALL:
        c = law.friction

        def rolling(z: Array) -> Array:
            x, v = z[:2], z[2:]
            return np.append(v, -c * v - f.grad(x))

        def rolling_jacobian(z: Array) -> Array:
            return np.block([[np.zeros((2, 2)), np.eye(2)], [-f.hess(z[:2]), -c * np.eye(2)]])

        unit = float(np.sqrt(across / slope))
        return FlowODE(
            np.append(x0, 0 * x0), rolling, rolling_jacobian, unit, np.append(widths, widths / unit), anywhere
        )
    if law.kind == FlowKind.NEWTON:

        def jumping(x: Array) -> Array:
            return -solve(f.hess(x), f.grad(x), law.damping, absolute=law.absolute)

        def determinant(x: Array) -> Array:
            (a, b), (_, d) = f.hess(x) + law.damping * np.eye(2)
            return np.asarray(a * d - b * b)

        return FlowODE(x0, jumping, None, 1.0, widths, anywhere if law.absolute else determinant)
    return FlowODE(x0, lambda x: -f.grad(x), lambda x: -f.hess(x), across / slope, widths, anywhere)
