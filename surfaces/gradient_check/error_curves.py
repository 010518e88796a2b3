"""All error curves of a function: every method, in double and single precision, with their slopes and their theory."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import CheckedFunction, Entries, Point
from surfaces.gradient_check.difference_quotients import Method, follow_entry
from surfaces.gradient_check.error_over_step_size import (
    STEP_SIZES,
    ErrorSlopes,
    SlopeScan,
    measure_slopes,
    scan_entries,
)
from surfaces.gradient_check.step_size_theory import ErrorLine, estimate_derivatives, predict_error

PRECISIONS = ("float64", "float32")


class ErrorCurve(NamedTuple):
    """The relative error of some entries together over h, as far as it is computed, and what theory says of it."""

    method: Method
    precision: str
    scan: SlopeScan
    error: NDArray[np.float64]  # (n,), NaN where it is not computed
    slopes: ErrorSlopes | None  # None until the scan is complete
    theory: ErrorLine


class CurvesProgress(NamedTuple):
    """The curves so far; later reports replace earlier ones."""

    done: int
    total: int
    curves: tuple[ErrorCurve, ...]


def list_curves(function: CheckedFunction) -> list[tuple[Method, str]]:
    """The method and precision of each curve; complex steps, which lose no digits, in double precision only."""
    curves = [(method, precision) for precision in PRECISIONS for method in (Method.CENTRED, Method.FORWARD)]
    return [*curves, (Method.COMPLEX_STEP, PRECISIONS[0])] if function.is_analytic else curves


def measure_curves(
    function: CheckedFunction, x: Point, entries: Entries, h: NDArray[np.float64] = STEP_SIZES
) -> Iterator[CurvesProgress]:
    """Measure the curves at `x` one after the other, reporting after every step size; `h` rises."""
    wanted = list_curves(function)
    finished: list[ErrorCurve] = []
    x = x.astype(np.float64)
    second, third = estimate_all_derivatives(function, x, entries)
    slope, f = function.analytic_gradient(x)[entries], float(function.value(x))
    for method, precision in wanted:
        theory = predict_error(method, f, second, third, precision, slope)
        for scan in scan_entries(function, x.astype(precision), entries, method, h):
            error = scan.relative_error_of_norm
            slopes = measure_slopes(h, error) if scan.done == scan.total else None
            curve = ErrorCurve(method, precision, scan, error, slopes, theory)
            done = len(finished) * len(h) + scan.done
            yield CurvesProgress(done, len(wanted) * len(h), (*finished, curve))
        finished.append(curve)


def estimate_all_derivatives(
    function: CheckedFunction, x: Point, entries: Entries
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The second and third derivatives along entries, (k,) each; 0 where a step leaves the domain."""
    point = x.copy()
    with np.errstate(all="ignore"):
        found = [estimate_derivatives(follow_entry(function.value, point, i)) for i in entries.tolist()]
    second, third = np.array(found).reshape(-1, 2).T
    return np.nan_to_num(second, posinf=0, neginf=0), np.nan_to_num(third, posinf=0, neginf=0)
