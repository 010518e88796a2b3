"""Losses of one sample as functions of its scores, one for each class."""

from collections.abc import Callable
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array

Classes = NDArray[np.int64]
MANY_SCORES = 2000
MARGIN = 1.0  # by which the score of the right class shall exceed each other one


class ClassificationLoss(NamedTuple):
    """The loss of a sample with scores s and class y. All functions take S (..., n, C) and y (n,)."""

    value: Callable[[Array, Classes], Array]  # ℓ(s, y): (..., n)
    slope: Callable[[Array, Classes], Array]  # ∂ℓ/∂s: (..., n, C)
    value_and_slope: Callable[[Array, Classes], tuple[Array, Array]]  # both at once, with less work
    curvature_product: Callable[[Array, Classes, Array], Array]  # ∂²ℓ/∂s² V: (..., n, C), V of the same shape
    at_chance: Callable[[int], float]  # ℓ where the scores of all C classes are equal
    # Which pieces of ℓ the scores are on, where it has kinks: (..., n, C). None where it is analytic.
    find_pieces: Callable[[Array, Classes], NDArray[np.bool_]] | None = None


class ShiftedScores(NamedTuple):
    """The scores of samples, shifted by the highest of each, $m = \\max_j s_j$, so that no exponential overflows."""

    scores: Array  # s_j - m: (..., n, C)
    total: Array  # Σ_j exp(s_j - m), of which the class with the highest score has 1: (..., n)


def shift_scores(S: Array) -> ShiftedScores:
    shifted = S - find_highest(S)
    return ShiftedScores(shifted, np.add.reduce(np.exp(shifted), axis=-1))


def cross_entropy(S: Array, y: Classes) -> Array:
    r"""$$ \ell = -\log \frac{e^{s_y}}{\sum_j e^{s_j}} = \log \sum_j e^{s_j - m} - (s_y - m) $$"""
    return cross_entropy_of_shifted(shift_scores(S), y)


def cross_entropy_of_shifted(shifted: ShiftedScores, y: Classes) -> Array:
    """`cross_entropy`, where the exponentials are needed for something else too."""
    return np.log(shifted.total) - shifted.scores[..., np.arange(len(y)), y]


def cross_entropy_slope(S: Array, y: Classes) -> Array:
    r"""$$ \frac{\partial \ell}{\partial s_j} = P_j - [j = y] $$"""
    P = softmax(S)
    P[..., np.arange(len(y)), y] -= 1
    return P


def find_highest(S: Array) -> Array:
    """The highest score of each sample (of the real parts): (..., n, C) -> (..., n, 1).

    For many samples of few classes it takes a fifth of the time where the scores of a class lie side by side in memory.
    """
    if S.size < MANY_SCORES or S.flags.f_contiguous:
        return np.maximum.reduce(S.real, axis=-1, keepdims=True)
    return np.ascontiguousarray(np.moveaxis(S.real, -1, 0)).max(axis=0)[..., None]


def cross_entropy_and_slope(S: Array, y: Classes) -> tuple[Array, Array]:
    """`cross_entropy` and `cross_entropy_slope`, with the exponentials computed once."""
    rows = np.arange(len(y))
    P = S - find_highest(S)
    right = P[..., rows, y]
    np.exp(P, out=P)
    total = np.add.reduce(P, axis=-1, keepdims=True)
    value = np.log(total[..., 0]) - right
    P /= total
    P[..., rows, y] -= 1
    return value, P


def cross_entropy_curvature_product(S: Array, y: Classes, V: Array) -> Array:
    r"""$$ (\operatorname{diag}(P) - P P^T)\, v $$"""
    P = softmax(S)
    return P * (V - (P * V).sum(axis=-1, keepdims=True))


def softmax(S: Array) -> Array:
    r"""$$ P_j = e^{s_j} / \sum_k e^{s_k} $$"""
    E = np.exp(S - find_highest(S))
    return E / E.sum(axis=-1, keepdims=True)


def multiclass_hinge(S: Array, y: Classes) -> Array:
    r"""$$ \ell = \sum_{j \ne y} \max(0,\; s_j - s_y + 1) $$

    Weston & Watkins (1999), ESANN, 219-224; the SVM loss of CS231n.
    """
    return np.maximum(margins(S, y), 0).sum(axis=-1)


def multiclass_hinge_slope(S: Array, y: Classes) -> Array:
    r"""$$ \frac{\partial \ell}{\partial s_j} = [s_j - s_y + 1 > 0] \ (j \ne y), \qquad
    \frac{\partial \ell}{\partial s_y} = -\sum_{j \ne y} [s_j - s_y + 1 > 0] $$
    """
    D = (margins(S, y) > 0).astype(S.dtype)
    D[..., np.arange(len(y)), y] = -D.sum(axis=-1)
    return D


def multiclass_hinge_and_slope(S: Array, y: Classes) -> tuple[Array, Array]:
    return multiclass_hinge(S, y), multiclass_hinge_slope(S, y)


def margins(S: Array, y: Classes) -> Array:
    """s_j - s_y + 1 for all j but y, where it is 0."""
    rows = np.arange(len(y))
    M = S - S[..., rows, y, None] + MARGIN
    M[..., rows, y] = 0
    return M


LOSSES = {
    "softmax": ClassificationLoss(
        cross_entropy,
        cross_entropy_slope,
        cross_entropy_and_slope,
        cross_entropy_curvature_product,
        at_chance=log,
    ),
    "svm": ClassificationLoss(
        multiclass_hinge,
        multiclass_hinge_slope,
        multiclass_hinge_and_slope,
        curvature_product=lambda S, y, V: np.zeros_like(V),
        at_chance=lambda C: MARGIN * (C - 1),
        find_pieces=lambda S, y: margins(S, y) > 0,
    ),
}
