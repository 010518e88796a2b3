r"""The Taylor remainder: a right gradient leaves an error of order t² behind, a wrong one of order t.

$$ r(t) = |f(x + t d) - f(x) - t\, g \cdot d| $$

On log-log axes its slope is 2 or 1, which is a verdict without a tolerance. Boumal, *An Introduction to Optimization on
Smooth Manifolds* (2023), section 4.8; Manopt's `checkgradient`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import Point
from surfaces.gradient_check.difference_quotients import follow_direction

STEPS = np.logspace(-8, 0, 51)  # t, as Manopt has them
WINDOW = 11  # steps: 1.6 decades
RIGHT_SLOPE = 1.5  # halfway between a wrong and a right gradient
EXACT = 1e-12  # of |f|: a remainder that is nowhere larger is that of a linear function


class TaylorRemainder(NamedTuple):
    """The remainder over t, and the slope of its straightest piece; None if it is zero but for rounding."""

    t: NDArray[np.float64]
    remainder: NDArray[np.float64]
    slope: float | None
    smallest_t: float  # of the straightest piece
    largest_t: float

    @property
    def is_right(self) -> bool:
        return self.slope is None or self.slope > RIGHT_SLOPE


def measure_taylor_remainder(
    value: Callable[[Any], Any], x: Point, g: Point, d: Point, t: NDArray[np.float64] = STEPS
) -> TaylorRemainder:
    """The remainder of a gradient `g` at `x` along `d`, each (d,), and the slope of its straightest piece."""
    phi = follow_direction(value, x, d)
    with np.errstate(all="ignore"):  # a long step may leave the domain
        here, slope = float(phi(0.0).value), float(g @ d)
        heights = np.array([float(phi(s).value) for s in t.tolist()])
        r = np.abs(heights - here - t * slope)
    known = np.isfinite(r)
    if not (r[known] > EXACT * abs(here)).any():
        return TaylorRemainder(t, r, None, float(t[0]), float(t[-1]))
    u, v = np.log10(t[known]), np.log10(r[known] + np.finfo(np.float64).eps)
    fitted, start = find_straightest_piece(u, v, min(WINDOW, len(u)))
    piece = t[known][start : start + WINDOW]
    return TaylorRemainder(t, r, fitted, float(piece[0]), float(piece[-1]))


def find_straightest_piece(u: NDArray[np.float64], v: NDArray[np.float64], window: int) -> tuple[float, int]:
    """The slope of the window of points whose line of least squares leaves the least behind, and where it starts."""
    fits = [fit_line(u[k : k + window], v[k : k + window]) for k in range(len(u) - window + 1)]
    best = int(np.argmin([residual for _, residual in fits]))
    return fits[best][0], best


def fit_line(u: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[float, float]:
    """The slope of the line of least squares, and the sum of the squares that it leaves."""
    du, dv = u - u.mean(), v - v.mean()
    slope = float(du @ dv / (du @ du))
    return slope, float(((dv - slope * du) ** 2).sum())


def slopes_over_t(t: NDArray[np.float64], remainder: NDArray[np.float64], window: int = WINDOW) -> NDArray[np.float64]:
    """The slope of the remainder in every window of t: 2 if the gradient is right, else it falls to 1 at small t."""
    u, v = np.log10(t), np.log10(remainder + np.finfo(np.float64).eps)
    return np.array([fit_line(u[k : k + window], v[k : k + window])[0] for k in range(len(u) - window + 1)])
