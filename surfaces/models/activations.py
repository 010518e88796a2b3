"""Activation functions of hidden units, with their derivatives and their kinks."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from surfaces.base import Array

LEAK = 0.01  # the slope of the leaky ReLU below 0


class Activation(NamedTuple):
    """h = φ(z) of every unit; the derivatives are given z and h, since h is known when they are needed.

    At a kink the slope is the one on its left, as in CS231n and in PyTorch: 0 for ReLU.
    """

    value: Callable[[Array], Array]  # φ(z)
    slope: Callable[[Array, Array], Array]  # φ'(z)
    bend: Callable[[Array, Array], Array]  # φ''(z)
    kinks: tuple[float, ...] = ()  # the z at which the slope jumps; between them φ is analytic

    @property
    def is_analytic(self) -> bool:
        """It has derivatives of all orders everywhere, so that complex numbers may be put in."""
        return not self.kinks


ACTIVATIONS = {
    "tanh": Activation(
        value=np.tanh,
        slope=lambda z, h: 1 - h * h,
        bend=lambda z, h: -2 * h * (1 - h * h),
    ),
    "relu": Activation(
        value=lambda z: np.maximum(z, 0),
        slope=lambda z, h: (z > 0).astype(z.dtype),
        bend=lambda z, h: np.zeros_like(z),
        kinks=(0.0,),
    ),
    "leaky_relu": Activation(
        value=lambda z: np.maximum(z, LEAK * z),
        slope=lambda z, h: np.where(z > 0, z.dtype.type(1), z.dtype.type(LEAK)),
        bend=lambda z, h: np.zeros_like(z),
        kinks=(0.0,),
    ),
    "sigmoid": Activation(  # 1 / (1 + exp(-z)), written so that nothing overflows
        value=lambda z: 0.5 + 0.5 * np.tanh(0.5 * z),
        slope=lambda z, h: h * (1 - h),
        bend=lambda z, h: h * (1 - h) * (1 - 2 * h),
    ),
}
