"""Functions with right, wrong, tiny and kinked gradients, of which checkers are asked what they think."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from surfaces.base import Array

X = np.array((0.3, -0.7, 1.1, 0.05, -1.6, 0.9))
WEIGHTS = np.array((1.0, 2.0, -0.5, 0.25, 1.5, -1.0))


class GradientCase(NamedTuple):
    value: Callable[[Array], float]
    grad: Callable[[Array], Array]
    x: Array
    has_kinks: bool = False


def smooth(p: Array) -> float:
    return float(WEIGHTS @ np.sin(p) + 0.5 * (p @ p) + np.exp(0.3 * p.sum()))


def smooth_gradient(p: Array) -> Array:
    return WEIGHTS * np.cos(p) + p + 0.3 * np.exp(0.3 * p.sum())


def change(i: int, factor: float) -> Callable[[Array], Array]:
    """The right gradient, with one entry times a factor."""

    def grad(p: Array) -> Array:
        g = smooth_gradient(p)
        g[i] *= factor
        return g

    return grad


def scale(factor: float, wrong: float = 1.0) -> GradientCase:
    """The function times a factor, with its gradient times another beside."""
    return GradientCase(lambda p: factor * smooth(p), lambda p: wrong * factor * smooth_gradient(p), X)


def relu_sum(p: Array) -> float:
    return float(WEIGHTS @ np.maximum(0, p))


def relu_slope(p: Array) -> Array:
    return WEIGHTS * (p > 0)


def place(*first: float) -> Array:
    """X with other first coordinates."""
    return np.concatenate([first, X[len(first) :]])


CASES = {
    "right": GradientCase(smooth, smooth_gradient, X),
    "one entry 3 % off": GradientCase(smooth, change(1, 1.03), X),
    "one entry 1e-4 off": GradientCase(smooth, change(1, 1.0001), X),
    "one sign wrong": GradientCase(smooth, change(4, -1.0), X),
    "all 1e-4 off": scale(1.0, 1.0001),
    "all 1 % off": scale(1.0, 1.01),
    "large and right": scale(1e4),
    "tiny and right": scale(1e-8),
    "tiny and half": scale(1e-8, 0.5),
    "tiny and zero": scale(1e-6, 0.0),
    "far from kinks": GradientCase(relu_sum, relu_slope, X, has_kinks=True),
    "a kink at -1e-7": GradientCase(relu_sum, relu_slope, place(-1e-7), has_kinks=True),
    "a kink at -5e-5": GradientCase(relu_sum, relu_slope, place(-5e-5), has_kinks=True),
    "1e-17 for 0": GradientCase(lambda p: 2 * float(p[0]), lambda p: np.array((2, 1e-17, 0, 0, 0, 0)), X),
}
