"""Compare a surface's derivatives with finite differences at random points."""

import inspect
from typing import Any

import numpy as np

from surfaces.catalogue import SURFACES
from surfaces.datasets.regression import IRIS
from tests.support.finite_differences import central_difference

# The distance of p from the nearest kink, in units in which 1 is safe for the differences below.
KINKS = {
    "absolute": lambda p: np.minimum(*np.abs(p)) / 0.01,
    "hinge": lambda p: np.abs(1 - p[0] - 2 * p[1]) / 0.01,
    "relu_valley": lambda p: np.abs(p[0]) / 0.01,
    "bukin6": lambda p: np.minimum(np.abs(p[1] - 0.01 * p[0] ** 2) / 0.1, np.abs(p[0] + 10) / 0.01),
    "ackley": lambda p: np.hypot(*p) / 0.1,
    "eggholder": lambda p: np.minimum(np.abs(p[0] / 2 + p[1] + 47), np.abs(p[0] - p[1] - 47)) / 10,
    "linear_svm": lambda p: np.abs(1 - IRIS[1] * (p[0, :, None] * IRIS[0] + p[1, :, None])).min(-1) / 0.002,
}

POINTS = 60  # at which derivatives are compared


def box_sides(surface: Any) -> np.ndarray:
    (x0, x1), (y0, y1) = surface.box
    return np.array((x1 - x0, y1 - y0))


def draw_points(surface: Any, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Draw points uniformly in the box."""
    corner = np.array([low for low, _ in surface.box])
    along = (2, *(1,) * len(shape))
    return corner.reshape(along) + box_sides(surface).reshape(along) * np.random.default_rng(seed).random((2, *shape))


def draw_smooth_points(name: str, surface: Any, n: int, seed: int) -> np.ndarray:
    p = draw_points(surface, (4 * n,), seed)
    return p[:, KINKS[name](p) > 1][:, :n] if name in KINKS else p[:, :n]


def richardson(f: Any, p: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Centred differences whose h^2 term is cancelled: error of order h^4, so h may be large and round-off small."""
    return (4 * central_difference(f, p, h / 2) - central_difference(f, p, h)) / 3


def relative_error(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Relative error in every lane, norm-wise: |a - n| / max(|a|, |n|), 0 where both vanish."""
    axes = tuple(range(a.ndim - 1))
    norm_a, norm_n, norm = (np.sqrt((v**2).sum(axes)) for v in (a, n, a - n))
    largest = np.maximum(norm_a, norm_n)
    return norm / (largest + (largest == 0))


def scale_arguments(name: str, factor: float) -> dict[str, float]:
    """The defaults of a maker's real parameters, times `factor`."""
    defaults = {key: p.default for key, p in inspect.signature(SURFACES[name]).parameters.items()}
    return {key: factor * value for key, value in defaults.items() if isinstance(value, float)}


def measure_derivative_errors(name: str, factor: float) -> tuple[float, float]:
    """The largest relative errors of gradient and Hessian at `POINTS` points of the box, away from kinks."""
    surface = SURFACES[name](**scale_arguments(name, factor))
    p, side = draw_smooth_points(name, surface, POINTS, seed=3), box_sides(surface)
    assert p.shape == (2, POINTS)
    h = 1e-4 * side
    grad, hess = surface.grad(p), surface.hess(p)
    D, DD = side[:, None], side[:, None, None] * side[None, :, None]
    of_gradient = relative_error(D * grad, D * richardson(surface.value, p, h)).max()
    of_hessian = relative_error(DD * hess, DD * richardson(surface.grad, p, h)).max()
    return float(of_gradient), float(of_hessian)
