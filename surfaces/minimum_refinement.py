"""Refine a declared minimum to its last digits by Newton's method."""

from collections.abc import Callable

import numpy as np

from surfaces.base import Array, Point


def refine_minimum(grad: Callable[[Array], Array], hess: Callable[[Array], Array], guess: Point) -> Point:
    """The stationary point of f that Newton's method reaches from `guess`, to the precision of float64."""
    p = np.array(guess, dtype=np.float64)
    for _ in range(50):
        step = np.linalg.solve(hess(p), grad(p))
        p = p - step
        if np.all(np.abs(step) <= 1e-12 * np.abs(p)):  # steps shrink quadratically: the last left only round-off
            break
    return float(p[0]), float(p[1])
