"""Products of vectors and matrices, coordinates first, the same in every lane."""

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array

Mask = NDArray[np.bool_]  # (...) yes or no in every lane


def dot(a: Array, b: Array) -> Array:
    """a·b: (d, ...), (d, ...) -> (...)."""
    return np.einsum("i...,i...->...", a, b)


def norm(a: Array) -> Array:
    """‖a‖: (d, ...) -> (...)."""
    return np.sqrt(dot(a, a))


def matvec(A: Array, b: Array) -> Array:
    """A b: (d, d, ...), (d, ...) -> (d, ...)."""
    return np.einsum("ij...,j...->i...", A, b)


def outer(a: Array, b: Array) -> Array:
    """a bᵀ: (d, ...), (d, ...) -> (d, d, ...)."""
    return a[:, None] * b[None]


def identity(x: Array) -> Array:
    """The unit matrix in every lane of `x`: (d, ...) -> (d, d, ...)."""
    d, lanes = x.shape[0], x.shape[1:]
    return np.eye(d).reshape(d, d, *(1,) * len(lanes)) + np.zeros((d, d, *lanes))
