"""A surface whose gradient is everywhere the same."""

import numpy as np

from surfaces.base import Array, Box, Surface


def slope(*g: float) -> Surface:
    """A plane through the origin: f(x) = g · x, whose gradient is `g` everywhere and whose Hessian is 0."""
    gradient = np.array(g)

    def value(p: Array) -> Array:
        return np.tensordot(gradient, p, 1)

    def grad(p: Array) -> Array:
        return np.broadcast_to(gradient.reshape(2, *(1 for _ in p.shape[1:])), p.shape)

    def hess(p: Array) -> Array:
        return np.zeros((2, *p.shape))

    return Surface(value, grad, hess, Box((-1, 1), (-1, 1)), (0.0, 0.0), ())
