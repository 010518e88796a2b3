"""Ordinary differential equations that optimizers follow in the limit of small steps."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from optimizers.numerics.quadratic_model_minimization import solve
from surfaces.base import Array, Objective

StateFunction = Callable[[Array], Array]


class FlowKind(StrEnum):
    """The flows; the words travel in links."""

    GRADIENT = "gradient"
    HEAVY_BALL = "ball"
    NEWTON = "newton"


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
