"""Newton, quasi-Newton and trust-region methods."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Optimizer
from optimizers.method_traits import Traits
from optimizers.numerics.evaluation_cache import (
    Evaluation,
    empty_evaluation,
    evaluate,
    evaluate_where,
    is_change_hidden,
    value_change,
    values_agree,
)
from optimizers.numerics.line_search import advance, backtracking, descend
from optimizers.numerics.quadratic_model_minimization import solve_trust_region, solve_with_flat_slope
from optimizers.numerics.vector_products import Mask, dot, identity, matvec, norm, outer
from surfaces.base import Array, Objective
from surfaces.translatable import Translatable


class NewtonState(NamedTuple):
    """The state that tells whether Newton's method is at rest."""

    objective: Objective | None  # the function of the last step
    x: Array  # (d, ...) the point where the last step ended
    is_done: Mask  # (...) the last step was lost in rounding


def newton(lr: float = 1.0, damping: float = 0.0, line_search: bool = False, avoid_saddles: bool = False) -> Optimizer:
    r"""Jump to where the slope of the local quadratic model is zero: no rate to choose, but a Hessian to compute.

    $$ x_t = x_{t-1} - \alpha\,(H + \delta I)^{-1} g $$

    That point is a minimum only where $H$ is positive definite: elsewhere plain Newton walks to saddles and maxima.
    `avoid_saddles` takes $|H|$, the same matrix with absolute eigenvalues, for $H$, so that every step goes down
    (saddle-free Newton: Dauphin et al. 2014, [arXiv:1406.2572](https://arxiv.org/abs/1406.2572)); `line_search` halves
    the step until it goes down enough, and reverses a direction that climbs. Nocedal & Wright (2006), *Numerical
    Optimization*, section 3.3. Where $H$ is singular the model has no lowest point along the flat direction: there we
    step down the slope, no farther than 1; others raise an error.
    """

    def init(x: Array) -> NewtonState:
        return NewtonState(None, x, np.full(x.shape[1:], False))

    def step(f: Objective, x: Array, state: NewtonState, t: int) -> tuple[Array, NewtonState]:
        if f is state.objective and state.is_done.all() and np.array_equal(x, state.x):
            return x, state
        g = f.grad(x)
        p = -newton_step(f.hess(x), g, damping, absolute=avoid_saddles)
        if line_search:
            p = np.where(dot(g, p) > 0, -p, p)
            p = backtracking(f, x, p, f.value(x), dot(g, p), lr) * p
        else:
            p = lr * p
        lost = np.asarray((np.abs(p) <= 4 * np.spacing(np.abs(x))).all(axis=0))  # or it could circle for ever
        x = np.where(lost, x, x + p)
        return x, NewtonState(f, x, lost & (np.asarray(lr) != 0))

    return Optimizer(init, step)


def newton_step(H: Array, g: Array, damping: Array | float, absolute: bool) -> Array:
    """(H + damping I)⁻¹ g; along directions without curvature g itself, no longer than 1."""
    solution, rest = solve_with_flat_slope(H, g, damping, absolute)
    return solution + clip_to_unit(rest)


class BFGSState(NamedTuple):
    last: Evaluation  # the point where the last step ended
    H: Array  # (d, d, ...) approximation of the inverse Hessian; 0 before the first update


def bfgs() -> Optimizer:
    r"""Learn the inverse Hessian from how the gradient changes along the way, and step like Newton.

    $$ \begin{aligned}
    p &= -H g, \qquad x_t = x_{t-1} + \alpha p, \qquad s = x_t - x_{t-1}, \quad y = g_t - g_{t-1} \\
    H &\leftarrow (I - \rho\, s y^T)\, H\, (I - \rho\, y s^T) + \rho\, s s^T, \qquad \rho = 1 / y^T s
    \end{aligned} $$

    $\alpha$ meets the strong Wolfe conditions, so that $y^T s > 0$ and $H$ stays positive definite.
    Nocedal & Wright (2006), Algorithm 6.1. The first step is steepest descent, no longer than 1; the first update
    is of $H = I$, as in SciPy, and not of $\frac{y^T s}{y^T y} I$ (6.20): that scales directions which no step has
    explored yet like the steepest one, and five of the twelve NIST runs stop short for it.
    """

    def init(x: Array) -> BFGSState:
        return BFGSState(empty_evaluation(x), 0 * identity(x))

    def step(f: Objective, x: Array, state: BFGSState, t: int) -> tuple[Array, BFGSState]:
        at, H = evaluate(f, x, state.last), state.H
        if at.is_done.all():
            return x, state._replace(last=at)
        empty = H[0, 0] == 0
        p = -np.where(empty, clip_to_unit(at.g), matvec(H, at.g))
        new, failed = descend(f, at, p, empty)
        s, y = new.x - at.x, new.g - at.g
        rho = compute_rho(s, y)
        H = np.where(empty & (rho > 0), identity(x), H)
        Hy = matvec(H, y)
        H = H - rho * (outer(s, Hy) + outer(Hy, s)) + rho * (1 + rho * dot(y, Hy)) * outer(s, s)
        return new.x, BFGSState(new, np.where(failed, 0.0, H))

    return Optimizer(init, step)


class LBFGSState(NamedTuple):
    last: Evaluation  # the point where the last step ended
    s: Array  # (m, d, ...) steps, the newest last
    y: Array  # (m, d, ...) changes of the gradient over the same steps
    rho: Array  # (m, ...) 1 / sᵀy, 0 in an empty slot


def lbfgs(lr: float = 1.0, memory: int = 10, line_search: bool = True) -> Optimizer:
    r"""BFGS that keeps its last few steps instead of a matrix: cheap in many dimensions, and nearly as good.

    $$ p = -H g, \qquad H = (I - \rho_1 s_1 y_1^T) \cdots H_0 \cdots (I - \rho_1 y_1 s_1^T) + \rho_1 s_1 s_1^T $$

    with $s_i = x_{i} - x_{i-1}$ and $y_i = g_i - g_{i-1}$ of the last `memory` steps, $\rho_i = 1 / y_i^T s_i$,
    $H_0 = \gamma I$, multiplied out from right to left (the two-loop recursion);
    the step length meets the strong Wolfe conditions, and $\alpha$ is the first that is tried; without `line_search`
    every step is $\alpha p$. It needs the same function at every step: minibatches break it.
    Nocedal & Wright (2006), Algorithms 7.4 and 7.5; Liu & Nocedal (1989), *Math. Programming* 45, 503-528.
    The first step is steepest descent, no longer than 1. $\gamma = s^T y / y^T y$ of the newest pair (7.20) in more
    dimensions than there are pairs; else 1, as in `bfgs`: the pairs can then describe every direction, and $\gamma$
    only counts where no step has been. SciPy and PyTorch always take (7.20); PyTorch searches only if it is told to.
    """

    def init(x: Array) -> LBFGSState:
        empty = np.zeros((memory, *x.shape))
        return LBFGSState(empty_evaluation(x), empty, empty, empty[:, 0])

    def step(f: Objective, x: Array, state: LBFGSState, t: int) -> tuple[Array, LBFGSState]:
        at = evaluate(f, x, state.last)
        if at.is_done.all():
            return x, state._replace(last=at)
        p = -two_loop(at.g, state.s, state.y, state.rho)
        new, failed = advance(f, at, p, state.rho[-1] == 0, lr, line_search)
        s, y = new.x - at.x, new.g - at.g
        rho = compute_rho(s, y)
        learned = rho > 0
        return new.x, LBFGSState(
            new,
            np.where(learned, np.concatenate((state.s[1:], s[None])), state.s),
            np.where(learned, np.concatenate((state.y[1:], y[None])), state.y),
            np.where(failed, 0.0, np.where(learned, np.concatenate((state.rho[1:], rho[None])), state.rho)),
        )

    return Optimizer(init, step)


def two_loop(g: Array, s: Array, y: Array, rho: Array) -> Array:
    """H g of L-BFGS: Nocedal & Wright, Algorithm 7.4; an empty slot, where rho is 0, changes nothing."""
    a = np.zeros_like(rho)
    q = g
    for i in reversed(range(len(rho))):
        a[i] = rho[i] * dot(s[i], q)
        q = q - a[i] * y[i]
    gamma = initial_scale(rho[-1], y[-1]) if len(g) > len(rho) else 1.0
    r = np.where(rho[-1] > 0, gamma * q, clip_to_unit(q))
    for i in range(len(rho)):
        r = r + (a[i] - rho[i] * dot(y[i], r)) * s[i]
    return r


def compute_rho(s: Array, y: Array) -> Array:
    """rho = 1 / sᵀy; 0, which marks an empty pair, where sᵀy is not safely positive."""
    sy = dot(s, y)
    safe = sy > np.finfo(np.float64).eps * norm(s) * norm(y)
    return np.where(safe, 1 / np.where(safe, sy, 1.0), 0.0)


def initial_scale(rho: Array, y: Array) -> Array:
    """The scale of the inverse Hessian, sᵀy / yᵀy, along the newest pair (6.20); 1 where there is none."""
    return 1 / np.where(rho > 0, rho * dot(y, y), 1.0)


def clip_to_unit(g: Array) -> Array:
    """The gradient, no longer than 1: the first step, before any length is known."""
    return g / np.maximum(1.0, norm(g))


class TrustRegionState(NamedTuple):
    last: Evaluation  # the point where the last step ended
    H: Array  # (d, d, ...) the last Hessian
    hessian_x: Array  # (d, ...) the point where it was evaluated
    radius: Array  # (...) bound on the next step


def trust_region(radius: float = 1.0, max_radius: float = 1e8, accept: float = 0.1) -> Optimizer:
    r"""Minimise the quadratic model exactly, but only as far as it has lately proved right.

    $$ p = \arg\min_{\|p\| \le \Delta} \; g \cdot p + \tfrac12\, p^T H p, \qquad
    \varrho = \frac{f(x) - f(x + p)}{-g \cdot p - \tfrac12\, p^T H p} $$

    The step is taken where $\varrho >$ `accept`; the radius $\Delta$ shrinks to $\|p\| / 4$ where
    $\varrho < \tfrac14$ and doubles, up to `max_radius`, where $\varrho > \tfrac34$ and the step reached the border.
    No step is longer than `max_radius`.
    The exact Hessian may be indefinite: the step then follows negative curvature, so that saddles are left.
    Nocedal & Wright (2006), Algorithm 4.1; the subproblem after Moré & Sorensen (1983). A decrease lost in rounding
    is taken from the gradients instead.
    """

    def init(x: Array) -> TrustRegionState:
        first = np.full(x.shape[1:], np.minimum(radius, max_radius), dtype=np.float64)
        return TrustRegionState(empty_evaluation(x), 0 * identity(x), np.full_like(x, np.nan), first)

    def step(f: Objective, x: Array, state: TrustRegionState, t: int) -> tuple[Array, TrustRegionState]:
        at = evaluate(f, x, state.last)
        if at.is_done.all():
            return x, state._replace(last=at)
        known = f is state.last.objective and np.array_equal(x, state.hessian_x)
        H = state.H if known else f.hess(x)
        p, promised = solve_trust_region(H, at.g, state.radius)
        hopeful = (promised > 0) & (promised < at.expected_decrease) & (x + p != x).any(axis=0)
        active = hopeful & ~at.is_done
        p = np.where(active, p, 0.0)

        value = evaluate_where(f.value, x + p, active, at.f, at.lanewise)
        candidate = active & (values_agree(at.f, value) | (at.f - value > accept * promised))
        grad = evaluate_where(f.grad, x + p, candidate, at.g, at.lanewise)
        unseen = candidate & is_change_hidden(at.f, at.g, value, grad, p)
        ratio = -value_change(at.f, at.g, value, grad, p) / np.where(active, promised, 1.0)
        taken = candidate & (ratio > accept) & np.isfinite(grad).all(axis=0)

        wide = np.where((ratio > 0.75) & (norm(p) > 0.99 * state.radius), 2 * state.radius, state.radius)
        trusted = np.where(ratio >= 0.25, np.minimum(wide, max_radius), norm(p) / 4)
        new = Evaluation(
            f,
            np.where(taken, x + p, x),
            np.where(taken, value, at.f),
            np.where(taken, grad, at.g),
            at.is_done | ~hopeful | (unseen & ~taken),
            at.lanewise,
            np.where(taken & unseen, promised, np.where(taken, np.inf, at.expected_decrease)),
        )
        return new.x, TrustRegionState(new, H, x, np.where(active, trusted, state.radius))

    return Optimizer(init, step)


TRAITS = {
    newton: Traits(
        "curvature",
        Translatable("neither PyTorch nor SciPy has the plain step; SciPy's Newton-CG searches along a line"),
        closed_form=Translatable("one step on quadratics, and the damped step by dense linear algebra"),
        flow="newton",
        squares_gradient=False,
        uses_hessian_model=True,
        for_small_models=True,
        array_arguments=("lr", "damping"),
    ),
    bfgs: Traits(
        "curvature",
        Translatable("SciPy has a BFGS, but its line search tries other steps than the one here"),
        display_name="BFGS",
        for_small_models=True,
    ),
    lbfgs: Traits(
        "curvature",
        Translatable(
            "PyTorch has an LBFGS and SciPy an L-BFGS-B, but their first steps, scales and line searches are others"
        ),
        display_name="L-BFGS",
        closed_form=Translatable("its inverse Hessian, written out as a dense matrix"),
        array_arguments=("lr",),
    ),
    trust_region: Traits(
        "curvature",
        Translatable("SciPy's trust-exact solves the step only as exactly as it needs, and has other first radii"),
        uses_hessian_model=True,
        for_small_models=True,
    ),
}
