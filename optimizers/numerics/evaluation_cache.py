"""Keep value and gradient at the end of a step, so that the next step does not evaluate them again."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optimizers.numerics.vector_products import Mask, dot
from surfaces.base import Array, Objective

VALUE_ROUNDING = 1e-11  # relative differences of f below this count as rounding
NEIGHBOUR_ULPS = 16  # the gradient is compared this many last bits from the point to find its rounding error
SLOPE_ERROR_FACTOR = 2  # a slope up to this many times its estimated error counts as rounding


class Evaluation(NamedTuple):
    """A point with the value and gradient of a function there."""

    objective: Objective | None  # the function that was evaluated
    x: Array  # (d, ...)
    f: Array  # (...) its value
    g: Array  # (d, ...) its gradient
    is_done: Mask  # (...) rounding allows no further progress
    # Lanes may be evaluated by themselves; not for a function of one step, whose noise is drawn for all lanes.
    lanewise: bool
    # (...) the predicted decrease of a last step whose decrease rounding hid; inf after any other.
    expected_decrease: Array


def empty_evaluation(x: Array) -> Evaluation:
    """Before the first step nothing has been evaluated."""
    empty = np.zeros(x.shape[1:])
    return Evaluation(None, x, empty, np.zeros_like(x), empty > 0, False, empty + np.inf)


def evaluate(f: Objective, x: Array, at: Evaluation) -> Evaluation:
    """Evaluate `f` at `x`, except in lanes where `at` has the result.

    The minibatch of another step is another function, and a wrapper may have moved `x`.
    """
    lanewise = f is at.objective
    stale: Mask = (x != at.x).any(axis=0) | (not lanewise)
    if not stale.any():
        return at if at.lanewise else at._replace(lanewise=True)
    value, grad = evaluate_where(f.value, x, stale, at.f, lanewise), evaluate_where(f.grad, x, stale, at.g, lanewise)
    is_undefined = ~(np.isfinite(value) & np.isfinite(grad).all(axis=0))
    is_done, expected_decrease = (
        np.where(stale, is_undefined, at.is_done),
        np.where(stale, np.inf, at.expected_decrease),
    )
    return Evaluation(f, x, value, grad, is_done, lanewise, expected_decrease)


def evaluate_where(function: Callable[[Array], Array], x: Array, mask: Mask, default: Array, lanewise: bool) -> Array:
    """function(x) in the lanes of the mask, `default` in the rest, which are not evaluated if `lanewise`."""
    if mask.all():
        return np.asarray(function(x))
    if not mask.any():
        return default
    if not lanewise:
        return np.where(mask, function(x), default)
    answers = default.copy()
    answers[..., mask] = function(x[:, mask])
    return answers


def values_agree(f: Array, f_new: Array) -> Mask:
    """Are the two values equal up to rounding?"""
    return np.abs(f_new - f) <= VALUE_ROUNDING * np.abs(f)


def is_change_hidden(f: Array, g: Array, f_new: Array, g_new: Array, s: Array) -> Mask:
    """Does rounding hide the change of f along the step `s`?

    The values agree, and the slopes at both ends say that they should: two points far apart may have the same value
    by chance, or by symmetry.
    """
    return values_agree(f, f_new) & values_agree(f, f + dot(g, s)) & values_agree(f, f + dot(g_new, s))


def value_change(f: Array, g: Array, f_new: Array, g_new: Array, s: Array) -> Array:
    r"""f_new - f along the step `s`; by the trapezoidal rule $(g + g_{new})\cdot s / 2$ where rounding hides it.

    The rule is exact on a quadratic, which any smooth function is over so small a change; with it Armijo's
    condition becomes the approximate Wolfe condition of Hager & Zhang (2005), SIAM J. Optim. 16(1), (1.4).
    """
    return np.where(is_change_hidden(f, g, f_new, g_new, s), dot(g + g_new, s) / 2, f_new - f)


def is_slope_rounding(f: Objective, at: Evaluation, p: Array, mask: Mask) -> Mask:
    r"""In which of the `mask` are the slopes along `p` and along -g no more than the gradient's rounding error?

    The error is how much the gradient changes from x to $x \pm$ `NEIGHBOUR_ULPS` last bits of x; of the two sides the
    smaller counts, for across a kink it changes by more than rounding. Both the slopes, $|g \cdot p|$ and $g \cdot g$,
    must be within `SLOPE_ERROR_FACTOR` times what that error may make of them. These are two gradients more, asked only
    where no step goes down any more: without them a long flat valley looks like its end.
    """
    level: Mask = mask & (at.g == 0).all(axis=0)
    doubtful = mask & ~level
    if not doubtful.any():
        return level
    bits = NEIGHBOUR_ULPS * np.spacing(np.abs(at.x))
    errors = [np.abs(evaluate_where(f.grad, at.x + side, doubtful, at.g, at.lanewise) - at.g) for side in (-bits, bits)]
    for way in (p, at.g):
        doubtful = doubtful & (
            np.abs(dot(at.g, way)) <= SLOPE_ERROR_FACTOR * np.min([dot(e, np.abs(way)) for e in errors], axis=0)
        )
    return level | doubtful
