"""The flow that an optimizer discretises, the time of each of its iterates, and their distance from the flow."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from optimizers.analysis.continuous_flows import Flow, FlowEquation, FlowKind
from optimizers.catalogue import TRAITS
from surfaces.base import Array, Problem

CURVATURE_SAMPLES = 400  # points of a flow at which its curvature is looked at


class MatchingFlow(NamedTuple):
    """A flow, and the time of each iterate, (steps + 1,)."""

    law: FlowEquation
    t: Array


def find_matching_flow(
    optimizer_name: str, hyper: Mapping[str, Any], lr: Array | None, wrapper: str = ""
) -> MatchingFlow | None:
    r"""The flow that an optimizer of the catalogue discretises; None for one without such a flow of its own.

    `hyper` are its fixed hyperparameters and `lr` (steps + 1,) the rates in force, entry 0 that of step 1 again.
    Gradient descent and Newton's method are Euler's method with the steps $\alpha_k$:

    $$ t_k = \sum_{i \le k} \alpha_i $$

    Momentum, $v_k = \mu v_{k-1} - \alpha g_{k-1}$, $x_k = x_{k-1} + v_k$, is with $h = \sqrt\alpha$ and $V = v / h$

    $$ V_k = V_{k-1} - h\,(c\,V_{k-1} + g_{k-1}), \qquad x_k = x_{k-1} + h\,V_k, \qquad c = (1 - \mu) / h $$

    the semi-implicit Euler method for $\ddot x + c\,\dot x + \nabla f = 0$, so that $t_k = k \sqrt\alpha$. Nesterov's
    iterates differ from it by terms that vanish with $h$: the flow is the same.
    Qian (1999), *Neural Networks* 12(1), 145-151; Su, Boyd & Candès (2016), section 2,
    [arXiv:1503.01243](https://arxiv.org/abs/1503.01243).
    """
    if lr is None or not np.isfinite(lr).all() or not lr[0] > 0:
        return None
    kind = FlowKind(flow) if (flow := TRAITS[optimizer_name].flow) else None
    if kind == FlowKind.GRADIENT and wrapper in ("", "reduce_on_plateau"):
        return MatchingFlow(FlowEquation(FlowKind.GRADIENT), np.append(0.0, np.cumsum(lr[1:])))
    if wrapper or (lr != lr[0]).any():
        return None
    if kind == FlowKind.HEAVY_BALL and "mu" in hyper:
        h = np.sqrt(lr[0])
        c = (1 - hyper["mu"]) / h
        return MatchingFlow(FlowEquation(FlowKind.HEAVY_BALL, friction=float(c)), h * np.arange(lr.size))
    if kind == FlowKind.NEWTON and not hyper["line_search"]:
        law = FlowEquation(FlowKind.NEWTON, damping=float(hyper["damping"]), absolute=bool(hyper["avoid_saddles"]))
        return MatchingFlow(law, lr[0] * np.arange(lr.size))
    return None


def distance_to_flow(flow: Flow, t: Array, x: Array) -> Array:
    """The distances of the iterates `x` (2, n) from the flow at their times (n,); NaN after its end."""
    return np.hypot(*(x - flow.interpolate(t)))


def largest_curvature(flow: Flow, problem: Problem, until: float) -> float:
    r"""The largest curvature $\lambda_{\max}$ that the flow meets until a time; 0 where it meets none above 0.

    No part of a gradient flow is faster than $e^{-\lambda_{\max} t}$, and none of a ball turns faster than
    $\sqrt{\lambda_{\max}}$.
    """
    x = flow.interpolate(np.linspace(0.0, min(until, float(flow.t[-1])), CURVATURE_SAMPLES))
    passed = flow.x[:, flow.t <= until]  # the integrator takes short steps where the flow turns
    with np.errstate(all="ignore"):
        (a, b), (_, d) = problem.hess(np.append(x, passed, axis=1))
        high = (a + d) / 2 + np.hypot((a - d) / 2, b)
    return float(np.nanmax(np.where(np.isfinite(high), high, 0.0), initial=0.0))
