"""Nonlinear conjugate gradients: each direction is made from the gradient and the last direction."""

from typing import NamedTuple

import numpy as np

from optimizers.base import Optimizer
from optimizers.method_traits import Traits
from optimizers.numerics.evaluation_cache import Evaluation, empty_evaluation, evaluate
from optimizers.numerics.line_search import descend
from optimizers.numerics.vector_products import Mask, dot, norm
from surfaces.base import Array, Objective
from surfaces.translatable import Translatable

MIN_DESCENT_COSINE = 1e-8  # of the angle between direction and -g: below it their product lost half of its digits
MAX_TRIAL_GROWTH = 100.0  # the longest first trial, relative to the last step length


class ConjugateGradientState(NamedTuple):
    last: Evaluation  # the point where the last step ended
    p: Array  # (d, ...) the last direction; 0 where there is none
    g: Array  # (d, ...) the gradient where the last step began
    alpha: Array  # (...) how many times p the last step was long; 0 where there is none


def nonlinear_cg(gtol: float = 0.1) -> Optimizer:
    r"""Steepest descent that does not undo its last step: on a quadratic of two variables, two steps are enough.

    $$ p_t = -g_t + \beta_t\, p_{t-1}, \qquad
    \beta_t = \max\!\left(0,\ \frac{g_t \cdot (g_t - g_{t-1})}{g_{t-1} \cdot g_{t-1}}\right), \qquad
    x_{t+1} = x_t + \alpha p_t $$

    $\alpha$ meets the strong Wolfe conditions with $c_2$ = `gtol`: the smaller, the nearer to the lowest point on the
    line, which the theorem of two steps needs. Where $p$ would climb it starts afresh at $-g$, and where the cosine of
    the angle between $p$ and $-g$ is below $10^{-8}$: there half of the digits of $g \cdot p$ are lost. Polak & Ribière
    (1969), with the $\max$ of Powell (PR+): Nocedal & Wright (2006), (5.44) and (5.45). The first trial length is
    theirs too, of section 3.5, page 59, which expects the last gain again, but at most 100 times the last $\alpha$:
    after a step that all but ended the search there is no such gain left.
    """

    def init(x: Array) -> ConjugateGradientState:
        return ConjugateGradientState(empty_evaluation(x), np.zeros_like(x), np.zeros_like(x), np.zeros(x.shape[1:]))

    def step(f: Objective, x: Array, state: ConjugateGradientState, t: int) -> tuple[Array, ConjugateGradientState]:
        at = evaluate(f, x, state.last)
        if at.is_done.all():
            return x, state._replace(last=at)
        fresh: Mask = state.alpha == 0
        beta = np.maximum(0.0, _ratio(dot(at.g, at.g - state.g), dot(state.g, state.g)))
        p = -at.g + beta * state.p
        p = np.where(dot(p, at.g) < -MIN_DESCENT_COSINE * norm(p) * norm(at.g), p, -at.g)
        growth = np.minimum(MAX_TRIAL_GROWTH, _ratio(dot(state.p, state.g), dot(p, at.g)))
        first = np.where(fresh, 1 / np.maximum(1.0, norm(at.g)), growth * state.alpha)
        new, failed = descend(f, at, p, fresh, gtol=gtol, alpha0=first)
        alpha = _ratio(dot(new.x - at.x, p), dot(p, p))
        moved = alpha != 0
        return new.x, ConjugateGradientState(
            new,
            np.where(moved, p, np.where(failed, 0.0, state.p)),
            np.where(moved, at.g, state.g),
            np.where(moved, alpha, np.where(failed, 0.0, state.alpha)),
        )

    return Optimizer(init, step)


def _ratio(a: Array, b: Array) -> Array:
    """a / b; 0 where b is 0."""
    return np.where(b == 0, 0.0, a / np.where(b == 0, 1.0, b))


TRAITS = {
    nonlinear_cg: Traits(
        "conjugate gradients",
        Translatable("SciPy has a CG, but its line search tries other steps than the one here"),
        display_name="Conjugate gradients",
        aliases=("cg", "conjugate_gradients"),
        closed_form=Translatable("the minimum of a quadratic after as many steps as it has coordinates"),
    )
}
