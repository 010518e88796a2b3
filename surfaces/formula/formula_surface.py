"""A visitor's own f(x, y) as a surface, with exact derivatives."""

from math import isfinite
from typing import Any

import numpy as np

from surfaces.base import Array, Box, Point, Surface
from surfaces.formula.derivatives import DerivativeCache, differentiate
from surfaces.formula.evaluator import make_evaluator
from surfaces.formula.expression_tree import ZERO, Apply
from surfaces.formula.formula_reader import FormulaError, parse_formula
from surfaces.formula.simplification import simplify

# A run starts at the first of these places, in fractions of the view, where the formula is finite. If it is finite at
# none of them, a grid is searched; its side is odd, so that the middle of the view is on it.
START_FRACTIONS = ((0.2, 0.7), (0.8, 0.7), (0.8, 0.3), (0.2, 0.3), (0.55, 0.6))
START_GRID_SIDE = 41


def formula(text: str, x: Point = (-5.0, 5.0), y: Point = (-5.0, 5.0), start: Point | None = None) -> Surface:
    r"""A formula of your own: it is differentiated twice, exactly, and can be raced on like any other surface.

    $$ f(x, y) = \text{numbers, } x, y, \pi, e, \text{ joined by } {+} \; {-} \; {*} \; {/} \; {**}
    \text{ and functions} $$

    `x` and `y` are the view. Without a `start` it is one of `START_FRACTIONS` in the view; of a formula that is finite
    in a small part of it, the place of middle height on a grid. Where the formula has no value, as the logarithm of a
    negative number, it and its derivatives are NaN or infinite, without a warning; so they may be where a part of it
    overflows. At kinks the slope is chosen as in `surfaces.formula.derivatives.differentiate`. No minimum is known.

    What is not a formula, not a view, or a start where f or its slope is not finite, is a `FormulaError`.
    Derivatives by rules on the tree: Griewank & Walther (2008), *Evaluating Derivatives*, SIAM, chapter 2.
    """
    f = simplify(parse_formula(text))
    by_x: DerivativeCache = {}
    by_y: DerivativeCache = {}
    f_x, f_y = differentiate(f, "x", by_x), differentiate(f, "y", by_y)
    f_xx, f_xy, f_yy = differentiate(f_x, "x", by_x), differentiate(f_x, "y", by_y), differentiate(f_y, "y", by_y)
    fresh = f if isinstance(f, Apply) else Apply("+", (f, ZERO))  # x alone would hand out a part of the points
    run_value, run_grad, run_hess = make_evaluator(fresh), make_evaluator(f_x, f_y), make_evaluator(f_xx, f_xy, f_yy)

    def value(p: Array) -> Array:
        (out,) = run_value(p)
        return out if out.shape == p.shape[1:] else np.full(p.shape[1:], out)  # a constant has lanes, too

    def grad(p: Array) -> Array:
        out = np.empty_like(p, dtype=np.float64)
        out[0], out[1] = run_grad(p)
        return out

    def hess(p: Array) -> Array:
        out = np.empty((2, *p.shape))
        out[0, 0], out[0, 1], out[1, 1] = run_hess(p)
        out[1, 0] = out[0, 1]
        return out

    def finite(p: Array) -> Array:
        """Those of the points p (2, n) from which a run can start."""
        p = p[:, np.isfinite(value(p))]
        return p[:, np.isfinite(grad(p)).all(axis=0)]

    box = _make_box(x, y)
    places = np.array(
        [start] if start else [(_interpolate(x, a), _interpolate(y, b)) for a, b in START_FRACTIONS], np.float64
    ).T
    found = finite(places)[:, :1]
    if not found.size and not start:
        part = (np.arange(START_GRID_SIDE) + 0.5) / START_GRID_SIDE
        inside = finite(np.array(np.meshgrid(_interpolate(x, part), _interpolate(y, part))).reshape(2, -1))
        by_height = np.argsort(value(inside), kind="stable")
        found = inside[:, by_height[by_height.size // 2 :][:1]]
    if not found.size:
        u, v = places[:, 0]
        if start:
            raise FormulaError(
                "At the start ({u:g}, {v:g}) the formula or its slope is not finite. Start elsewhere.", u=u, v=v
            )
        raise FormulaError(
            "At the start ({u:g}, {v:g}) the formula or its slope is not finite. The same holds at {places} points "
            "all over the view: change the formula or the view.",
            u=u, v=v, places=START_GRID_SIDE**2,
        )  # fmt: skip
    u, v = map(float, found[:, 0])
    return Surface(value, grad, hess, box, (u, v), minima=())


def _make_box(x: Point, y: Point) -> Box:
    for name, (low, high) in (("x", x), ("y", y)):
        if not (low < high and isfinite(high - low)):
            raise FormulaError("The view in {name} must go from a smaller number to a larger one.", name=name)
    return Box(x, y)


def _interpolate(side: Point, fraction: Any) -> Any:
    low, high = side
    return low + fraction * (high - low)
