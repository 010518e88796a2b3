r"""The Taylor remainder: a correct gradient leaves an error of order t², a wrong one of order t.

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
from surfaces.gradient_check.step_size_theory import machine_epsilon

STEPS = np.logspace(-8, 0, 51)  # t, as Manopt has them
WINDOW = 11  # steps: 1.6 decades
FEWEST_STEPS = 4
RIGHT_SLOPE = 1.5  # halfway between a wrong and a right gradient
REMAINDER_ROUNDING_MARGIN = 100.0  # times eps |f|: a remainder below that is rounding error


class TaylorRemainder(NamedTuple):
    """The remainder over t and its slopes; None if it is rounding error throughout, as that of a linear function."""

    t: NDArray[np.float64]
    remainder: NDArray[np.float64]
    slope: float | None  # of the straightest piece, as Manopt fits it
    smallest_t: float  # of that piece
    largest_t: float
    slope_at_small_t: float | None  # in the first window above the rounding error

    @property
    def is_right(self) -> bool:
        """Judged where t is small: there a gradient that is 1e-4 off has the slope 1, and its straightest piece 2."""
        return self.slope_at_small_t is None or self.slope_at_small_t > RIGHT_SLOPE


def measure_taylor_remainder(
    value: Callable[[Any], Any], x: Point, g: Point, d: Point, t: NDArray[np.float64] = STEPS
) -> TaylorRemainder:
    """The remainder of a gradient `g` at `x` along `d`, each (d,); t rises."""
    phi = follow_direction(value, x, d)
    with np.errstate(all="ignore"):  # a long step may leave the domain
        here, slope = float(phi(0.0).value), float(g @ d)
        heights = np.array([float(phi(s).value) for s in t.tolist()])
        r = np.abs(heights - here - t * slope)
    eps = machine_epsilon(x.dtype)
    known = np.isfinite(r)
    measurable = known & (r > REMAINDER_ROUNDING_MARGIN * eps * abs(here))
    if np.count_nonzero(measurable) < FEWEST_STEPS:
        return TaylorRemainder(t, r, None, float(t[0]), float(t[-1]), None)
    u, v = np.log10(t), np.log10(r + eps)
    fitted, start = find_straightest_piece(u[known], v[known])
    piece = t[known][start : start + WINDOW]
    at_small_t, _ = fit_line(u[measurable][:WINDOW], v[measurable][:WINDOW])
    return TaylorRemainder(t, r, fitted, float(piece[0]), float(piece[-1]), at_small_t)


def find_straightest_piece(u: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[float, int]:
    """The slope of the window of points whose line of least squares leaves the least behind, and where it starts."""
    last = max(0, len(u) - WINDOW)
    fits = [fit_line(u[k : k + WINDOW], v[k : k + WINDOW]) for k in range(last + 1)]
    best = int(np.argmin([residual for _, residual in fits]))
    return fits[best][0], best


def fit_line(u: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[float, float]:
    """The slope of the line of least squares, and the sum of the squares that it leaves."""
    du, dv = u - u.mean(), v - v.mean()
    slope = float(du @ dv / (du @ du))
    return slope, float(((dv - slope * du) ** 2).sum())
