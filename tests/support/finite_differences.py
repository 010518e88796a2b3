"""Derivatives by finite differences: slow but obviously right, to check the exact ones."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from surfaces.base import Array


def forward_difference(f: Callable[[Array], Array], p: Array, h: ArrayLike = 1e-8) -> Array:
    r"""The slope to a point a little ahead: one more evaluation a coordinate, and an error of order h.

    $$ \frac{\partial f}{\partial p_i} = \frac{f(p + h e_i) - f(p)}{h} + O(h) $$

    `f` may be a value, (d, ...) -> (...), which gives the gradient (d, ...), or a gradient, which gives
    the Hessian (d, d, ...). `h` is one step or one for each coordinate, (d,).
    """
    here = f(p)
    return np.array([(f(p + e) - here) / h_i for h_i, e in _offsets(p, h)])


def central_difference(f: Callable[[Array], Array], p: Array, h: ArrayLike = 1e-5) -> Array:
    r"""The slope between a point ahead and one behind: two evaluations a coordinate, and an error of order h².

    $$ \frac{\partial f}{\partial p_i} = \frac{f(p + h e_i) - f(p - h e_i)}{2h} + O(h^2) $$

    Shapes as in `forward_difference`. In float64 the sum of truncation and round-off is least near $h = 10^{-5}$
    times the scale of p, the cube root of the machine's precision.
    """
    return np.array([(f(p + e) - f(p - e)) / (2 * h_i) for h_i, e in _offsets(p, h)])


def _offsets(p: Array, h: ArrayLike) -> list[tuple[float, Array]]:
    """A step along each coordinate, in every lane: (h_i, (d, 1, ...))."""
    d = len(p)
    along = np.diag(np.broadcast_to(np.asarray(h, dtype=np.float64), d))
    return [(along[i, i], along[i].reshape(d, *(1,) * (p.ndim - 1))) for i in range(d)]
