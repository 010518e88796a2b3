"""The error of numerical derivatives over the size of their step, and the slopes of its two parts."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import CheckedFunction, Entries, Point
from surfaces.gradient_check.difference_quotients import LinePoint, Method, measure_entry_slope
from surfaces.gradient_check.relative_error import relative_error_of_norms

STEPS_PER_DECADE = 8
STEP_SIZES = np.logspace(-16, 0, 16 * STEPS_PER_DECADE + 1)
SMOOTHING_WINDOW = 5  # steps over which a running median is taken: round-off scatters by a factor of ten
LARGEST_SCATTER = 0.6  # decades, as a median: what scatters more about its line is none


class Limits(NamedTuple):
    """Where a part of an error curve is measured."""

    margin: float  # times the least error: nearer to it, the other part bends the curve
    largest_error: float  # beyond, h is no longer small, or no digit of the slope is left
    fewest_points: int


TRUNCATION = Limits(margin=10, largest_error=0.1, fewest_points=6)
ROUND_OFF = Limits(margin=3, largest_error=0.1, fewest_points=10)  # more of them, since they scatter


class SlopeScan(NamedTuple):
    """Slopes at many step sizes; those that were not computed yet are NaN."""

    method: Method
    h: NDArray[np.float64]  # (n,)
    entries: Entries  # (k,)
    analytic: NDArray[np.float64]  # (k,)
    numeric: NDArray[np.float64]  # (n, k)
    done: int  # step sizes

    @property
    def total(self) -> int:
        return len(self.h)

    @property
    def relative_error_of_norm(self) -> NDArray[np.float64]:
        """The relative error of all entries together: (n,)."""
        return relative_error_of_norms(self.analytic, self.numeric)


class MeasuredSlope(NamedTuple):
    """The exponent with which an error goes with h, and where it was measured."""

    slope: float
    smallest_h: float
    largest_h: float


class ErrorSlopes(NamedTuple):
    """The two parts of an error curve, None if there is none: truncation (slope 1 or 2) and round-off (slope -1)."""

    best_h: float
    least_error: float
    truncation: MeasuredSlope | None
    round_off: MeasuredSlope | None


def scan_entries(
    function: CheckedFunction, x: Point, entries: Entries, method: Method, h: NDArray[np.float64] = STEP_SIZES
) -> Iterator[SlopeScan]:
    """Measure the slopes along many entries at many step sizes, and report after each step size, the largest first.

    In the precision of `x`. Each report has arrays of its own, and the caller may stop at any report.
    """
    value = function.value
    point = x.astype(np.result_type(x, np.complex64)) if method is Method.COMPLEX_STEP else x.copy()
    here = LinePoint(x.dtype.type(0), x.dtype.type(value(x))) if method is Method.FORWARD else None
    analytic = function.analytic_gradient(x)[entries].astype(np.float64)

    numeric = np.full((len(h), len(analytic)), np.nan)
    for done, row in enumerate(np.argsort(-h, kind="stable"), start=1):
        step = float(h[row])
        with np.errstate(all="ignore"):  # a large step may leave the domain: its slope is not finite
            slopes = [measure_entry_slope(value, point, i, method, step, here) for i in entries.tolist()]
        numeric = numeric.copy()
        numeric[row] = slopes
        yield SlopeScan(method, h, entries, analytic, numeric, done)


def measure_slopes(h: NDArray[np.float64], error: NDArray[np.float64]) -> ErrorSlopes | None:
    """The least error of a curve, and the slopes on both sides of it; None if no error is finite and above zero.

    `h` rises. Slopes are fitted to the logarithms by the median of all pairs (Theil and Sen), which a third of the
    points may leave without being noticed.
    """
    known = np.isfinite(error) & (error > 0)
    if not known.any():
        return None
    h, error = h[known], error[known]
    smooth = smooth_errors(error)
    best = int(np.argmin(smooth))
    above = find_stretch(smooth, range(best, len(h)), TRUNCATION)
    below = find_stretch(smooth, range(best, -1, -1), ROUND_OFF)
    truncation, round_off = fit_slope(h[above], error[above]), fit_slope(h[below], error[below])
    return ErrorSlopes(
        best_h=float(h[best]),
        least_error=float(smooth[best]),
        truncation=truncation if truncation and truncation.slope > 0 else None,
        round_off=round_off if round_off and round_off.slope < 0 else None,
    )


def smooth_errors(error: NDArray[np.float64]) -> NDArray[np.float64]:
    """The running median of errors, which at the ends is that of fewer."""
    padded = np.pad(error, SMOOTHING_WINDOW // 2, constant_values=np.nan)
    return np.nanmedian(np.lib.stride_tricks.sliding_window_view(padded, SMOOTHING_WINDOW), axis=1)


def find_stretch(smooth: NDArray[np.float64], way: range, limits: Limits) -> list[int]:
    """The longest unbroken stretch within the limits on the way from the least error, in rising order; [] if short."""
    is_within = (smooth >= limits.margin * smooth[way[0]]) & (smooth <= limits.largest_error)
    stretches: list[list[int]] = [[]]
    for i in way:
        if is_within[i]:
            stretches[-1].append(i)
        elif stretches[-1]:
            stretches.append([])
    longest = max(stretches, key=len)
    return sorted(longest) if len(longest) >= limits.fewest_points else []


def fit_slope(h: NDArray[np.float64], error: NDArray[np.float64]) -> MeasuredSlope | None:
    """The slope of log error over log h; None without points, or if they are not about a line."""
    if not len(h):
        return None
    u, v = np.log10(h), np.log10(error)
    slope = float(np.median([(v[j] - v[i]) / (u[j] - u[i]) for i, j in combinations(range(len(u)), 2)]))
    offsets = v - slope * u
    if np.median(np.abs(offsets - np.median(offsets))) > LARGEST_SCATTER:
        return None
    return MeasuredSlope(slope, float(h[0]), float(h[-1]))
