"""A kink found from values alone: a smooth function is a parabola on a short line, one with a kink is not."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from surfaces.gradient_check.difference_quotients import Line

CHAINER_LIMIT = 1e-2  # of the range of the values: a larger residual is called a kink
STRICT_LIMIT = 1e-4  # of the range, where steps are so short that a smooth function leaves nothing but rounding
OFFSETS = (-1.0, -0.5, 0.0, 0.5, 1.0)  # in steps


class ParabolaFit(NamedTuple):
    """Five values on a line, and how far they are from the parabola that fits them best."""

    residual: float  # root mean square
    range: float  # of the values
    is_kinked: bool


def fit_parabola(phi: Line, h: float, limit: float = CHAINER_LIMIT) -> ParabolaFit:
    """Fit a parabola to the values at -h, -h/2, 0, h/2 and h; a residual above `limit` of their range means a kink.

    A function that is constant there has none, one that is finite at some of the points only has one. The rule of
    Chainer 7.8.1 (`chainer.gradient_check.numerical_grad`, `detect_nondifferentiable`). It sees a kink only if a
    quarter or so of the slope changes there, as at a single ReLU, and not one among many.
    """
    values = np.array([float(phi(offset * h).value) for offset in OFFSETS])
    if not np.isfinite(values).all():
        return ParabolaFit(np.nan, np.nan, is_kinked=bool(np.isfinite(values).any()))
    residual, spread = parabola_residual(values), float(np.ptp(values))
    return ParabolaFit(residual, spread, is_kinked=residual > limit * spread)


def parabola_residual(values: ArrayLike) -> float:
    r"""The root mean square distance of five equally spaced values from their best parabola.

    What a parabola cannot follow is the part along the cubic and the quartic polynomial that are orthogonal to it.
    """
    y = np.asarray(values, dtype=np.float64)
    cubic = y @ np.array([-1, 2, 0, -2, 1]) / np.sqrt(10)
    quartic = y @ np.array([1, -4, 6, -4, 1]) / np.sqrt(70)
    return float(np.sqrt((cubic**2 + quartic**2) / 5))


def is_off_parabola(values: ArrayLike, rounding: float) -> bool:
    """Whether five values on a short line show a kink, be it one of many that add up."""
    return bool(parabola_residual(values) > STRICT_LIMIT * np.ptp(values) + rounding)
