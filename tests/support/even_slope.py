"""A surface whose gradient is everywhere the same."""

import numpy as np

from surfaces.base import Box, Surface


def slope(*g):
    """A plane: its gradient is `g` everywhere."""
    gradient = np.array(g)

    def value(p):
        return np.tensordot(gradient, p, 1)

    def grad(p):
        return np.broadcast_to(gradient.reshape(2, *(1 for _ in p.shape[1:])), p.shape)

    def hess(p):
        return np.zeros((2, *p.shape))

    return Surface(value, grad, hess, Box((-1, 1), (-1, 1)), (0.0, 0.0), ())
