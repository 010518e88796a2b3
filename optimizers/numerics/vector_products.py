"""Products of vectors and matrices, coordinates first, the same in every lane."""

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array

Mask = NDArray[np.bool_]  # (...) yes or no in every lane


def dot(a: Array, b: Array) -> Array:
    """a·b: (d, ...), (d, ...) -> (...)."""
    return sum_terms(a * b)


def norm(a: Array) -> Array:
    """‖a‖: (d, ...) -> (...)."""
    return np.sqrt(dot(a, a))


def matvec(A: Array, b: Array) -> Array:
    """A b: (d, d, ...), (d, ...) -> (d, ...)."""
    return sum_terms(A.swapaxes(0, 1) * b[:, None])


def transposed_matvec(A: Array, b: Array) -> Array:
    """Aᵀ b: (d, d, ...), (d, ...) -> (d, ...)."""
    return sum_terms(A * b[:, None])


def sum_terms(terms: Array) -> Array:
    """The sum over the first axis, of products that are rounded before: (d, ...) -> (...).

    Not by `np.einsum` or BLAS: these join a product and a sum into one rounding where the processor can (on arm64
    always), and not for the same terms in a run alone as in a batch, so that a lane would leave the path of its run.
    """
    return terms[0] + terms[1] if len(terms) == 2 else np.add.reduce(terms, axis=0)


def outer(a: Array, b: Array) -> Array:
    """a bᵀ: (d, ...), (d, ...) -> (d, d, ...)."""
    return a[:, None] * b[None]


def identity(x: Array) -> Array:
    """The unit matrix in every lane of `x`: (d, ...) -> (d, d, ...)."""
    d, lanes = x.shape[0], x.shape[1:]
    return np.eye(d).reshape(d, d, *(1,) * len(lanes)) + np.zeros((d, d, *lanes))
