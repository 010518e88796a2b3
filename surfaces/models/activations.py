"""Activation functions of hidden units, with their derivatives and their kinks."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np

from surfaces.base import Array

LEAK = 0.01  # the slope of the leaky ReLU below 0
MAX_ZEROS = 2**17  # numbers of an array of zeros that is kept


class ActivationValue(Protocol):
    def __call__(self, z: Array, /, out: Array | None = None) -> Array: ...


class Activation(NamedTuple):
    """h = φ(z) of every unit; the derivatives are given z and h, since h is known when they are needed.

    The value is written into `out`, if that is given; it may be z itself. At a kink the slope is the one on its left,
    as in CS231n and in PyTorch: 0 for ReLU.
    """

    value: ActivationValue  # φ(z)
    slope: Callable[[Array, Array], Array]  # φ'(z)
    bend: Callable[[Array, Array], Array]  # φ''(z)
    kinks: tuple[float, ...] = ()  # the z at which the slope jumps; between them φ is analytic

    @property
    def is_analytic(self) -> bool:
        """It has derivatives of all orders everywhere, so that complex numbers may be put in."""
        return not self.kinks


def tanh(z: Array, /, out: Array | None = None) -> Array:
    return np.tanh(z, out=out)


def relu(z: Array, /, out: Array | None = None) -> Array:
    return np.maximum(z, keep_zeros(z.shape, z.dtype) if z.size <= MAX_ZEROS else 0, out=out)


@lru_cache(maxsize=8)
def keep_zeros(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """Zeros: the maximum of two arrays takes half to a third of the time of that of an array and a number."""
    zeros = np.zeros(shape, dtype)
    zeros.flags.writeable = False
    return zeros


def leaky_relu(z: Array, /, out: Array | None = None) -> Array:
    return np.maximum(z, LEAK * z, out=out)


def sigmoid(z: Array, /, out: Array | None = None) -> Array:
    """1 / (1 + exp(-z)), written so that nothing overflows."""
    h = np.multiply(0.5, z, out=out)
    h = np.tanh(h, out=h)
    h *= 0.5
    h += 0.5
    return h


ACTIVATIONS = {
    "tanh": Activation(
        value=tanh,
        slope=lambda z, h: 1 - h * h,
        bend=lambda z, h: -2 * h * (1 - h * h),
    ),
    "relu": Activation(
        value=relu,
        slope=lambda z, h: (z > 0).astype(z.dtype),
        bend=lambda z, h: np.zeros_like(z),
        kinks=(0.0,),
    ),
    "leaky_relu": Activation(
        value=leaky_relu,
        slope=lambda z, h: np.where(z > 0, z.dtype.type(1), z.dtype.type(LEAK)),
        bend=lambda z, h: np.zeros_like(z),
        kinks=(0.0,),
    ),
    "sigmoid": Activation(
        value=sigmoid,
        slope=lambda z, h: h * (1 - h),
        bend=lambda z, h: h * (1 - h) * (1 - 2 * h),
    ),
}
