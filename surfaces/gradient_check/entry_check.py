"""The check itself: analytic and numerical derivative of many entries, one by one, with what could excuse an error."""

from collections.abc import Iterator
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surfaces.gradient_check.checked_function import CheckedFunction, Entries, Point, name_entry
from surfaces.gradient_check.difference_quotients import (
    Line,
    LinePoint,
    Method,
    complex_step,
    divide,
    follow_complex_entry,
    follow_entry,
)
from surfaces.gradient_check.loss_scale import is_tiny
from surfaces.gradient_check.parabola_fit import is_off_parabola
from surfaces.gradient_check.relative_error import relative_error
from surfaces.gradient_check.step_size_theory import machine_epsilon, rule_of_thumb_step

ENTRIES_PER_REPORT = 250
ONE_SIDED_LIMIT = 1e-4  # of the slopes: those to both sides that differ more are looked at
ROUNDING_ERRORS = 8  # times machine precision times |f|: what sums of five values may be off
NOTABLE_ERROR = 1e-7  # relative: kinks are counted for the entries that are worse


class EntryCheck(NamedTuple):
    """What was found for each checked entry; every array has the shape (k,)."""

    entries: Entries
    analytic: NDArray[np.float64]
    numeric: NDArray[np.float64]
    backward_slope: NDArray[np.float64]  # from x - h to x; with `forward_slope`, NaN for complex steps
    forward_slope: NDArray[np.float64]
    is_kink_suspected: NDArray[np.bool_]  # the slopes to both sides differ, and no parabola fits the values
    kinks_crossed: NDArray[np.int64]  # between x - h and x + h; -1 where they were not counted
    method: Method
    h: float
    value: float  # f(x)
    precision: float  # eps of the numbers in which it was computed

    @property
    def relative_error(self) -> NDArray[np.float64]:
        return relative_error(self.analytic, self.numeric)

    @property
    def is_tiny(self) -> NDArray[np.bool_]:
        """Where the raw values are below 1e-10: the loss should be scaled."""
        return is_tiny(self.analytic, self.numeric)

    @property
    def has_kink(self) -> NDArray[np.bool_]:
        """Where a kink lies within the step, counted or suspected."""
        return (self.kinks_crossed > 0) | (self.is_kink_suspected & (self.kinks_crossed < 0))

    @property
    def rounding_error(self) -> NDArray[np.float64]:
        """How far the numerical derivative is off by the rounding of f alone, relative to its size."""
        factor = {Method.FORWARD: 2, Method.CENTRED: 1, Method.COMPLEX_STEP: 0}[self.method]
        return relative_rounding_error(self.analytic, self.numeric, factor * self.precision * abs(self.value) / self.h)

    @property
    def worst(self) -> int | None:
        """The position in these arrays of the largest relative error; one that is not a number is the worst of all."""
        if not len(self.entries):
            return None
        error = self.relative_error
        return int(np.argmax(np.where(np.isnan(error), np.inf, error)))

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Self:
        """The check of some of the entries, in arrays of its own."""
        return self._replace(**{name: part[chosen].copy() for name, part in self._asdict().items() if np.ndim(part)})


class CheckProgress(NamedTuple):
    """The entries that were checked so far; later reports replace earlier ones."""

    done: int
    total: int
    check: EntryCheck


def check_entries(
    function: CheckedFunction,
    x: Point,
    entries: Entries,
    h: float | None = None,
    method: Method = Method.CENTRED,
    counts_every_step: bool = False,
    entries_per_report: int = ENTRIES_PER_REPORT,
) -> Iterator[CheckProgress]:
    """Check entries of the gradient at `x`, and report now and then; who wants no more of it stops asking.

    `h` is by default the rule of thumb for the method and the precision of `x`. Two evaluations an entry (one for
    a complex step), and two more where the slopes to both sides differ.
    Kinks are counted, if the function can, at every entry, or only where the error is above 1e-7 or the slopes differ.
    """
    h = rule_of_thumb_step(method, x.dtype) if h is None else h
    value = float(function.value(x))
    analytic = function.analytic_gradient(x)[entries].astype(np.float64)
    numeric, backward, forward = np.empty((3, len(entries)))
    suspected, kinks = np.zeros(len(entries), dtype=np.bool_), np.zeros(len(entries), dtype=np.int64)
    checker = EntryChecker(function, x, h, method, counts_every_step)
    for start in range(0, len(entries), entries_per_report):
        stop = min(start + entries_per_report, len(entries))
        with np.errstate(all="ignore"):  # a step may leave the domain: that slope is not finite
            for k in range(start, stop):
                found = checker.check(int(entries[k]), analytic[k])
                numeric[k], backward[k], forward[k], suspected[k], kinks[k] = found
        arrays = (entries, analytic, numeric, backward, forward, suspected, kinks)
        so_far = EntryCheck(*arrays, method, h, value, machine_epsilon(x.dtype)).select(slice(stop))
        yield CheckProgress(stop, len(entries), so_far)


class EntryChecker:
    """Checks one entry after the other at copies of `x`, in which that entry alone is changed, and restored."""

    def __init__(self, function: CheckedFunction, x: Point, h: float, method: Method, counts_every_step: bool) -> None:
        self.function, self.h, self.method, self.counts_every_step = function, h, method, counts_every_step
        self.number = x.dtype.type
        self.point, self.behind = x.copy(), x.copy()
        self.complex_point = x.astype(np.result_type(x, np.complex64))
        self.here = LinePoint(self.number(0), self.number(function.value(x)))
        self.rounding = ROUNDING_ERRORS * machine_epsilon(x.dtype) * abs(float(self.here.value))

    def check(self, i: int, analytic: float) -> tuple[float, float, float, bool, int]:
        """Numerical derivative, slope behind and ahead, whether a kink is suspected, and kinks crossed (or -1)."""
        if self.method is Method.COMPLEX_STEP:
            slope = complex_step(follow_complex_entry(self.function.value, self.complex_point, i), self.h)
            return float(slope), np.nan, np.nan, False, -1
        phi, here = follow_entry(self.function.value, self.point, i), self.here
        ahead, behind = phi(self.h), phi(-self.h)
        backward = divide(here.value - behind.value, here.step - behind.step)
        forward = divide(ahead.value - here.value, ahead.step - here.step)
        centred = divide(ahead.value - behind.value, ahead.step - behind.step)
        numeric = float(forward if self.method is Method.FORWARD else centred)
        suspected = slopes_differ(forward, backward, self.rounding / self.h) and self.is_kinked(phi, behind, ahead)
        kinks = self.count_kinks(i) if self.must_count(suspected, analytic, numeric) else -1
        return numeric, float(backward), float(forward), suspected, kinks

    def is_kinked(self, phi: Line, behind: LinePoint, ahead: LinePoint) -> bool:
        """Whether no parabola fits five values: at a smooth minimum the slopes differ as well."""
        values = [behind.value, phi(-self.h / 2).value, self.here.value, phi(self.h / 2).value, ahead.value]
        return is_off_parabola(np.array(values, dtype=np.float64), self.rounding)

    def must_count(self, suspected: bool, analytic: float, numeric: float) -> bool:
        if self.function.count_kink_crossings is None:
            return False
        if self.counts_every_step or suspected:
            return True
        return abs(analytic - numeric) > NOTABLE_ERROR * max(abs(analytic), abs(numeric))

    def count_kinks(self, i: int) -> int:
        count = self.function.count_kink_crossings
        x_i, h = self.point[i], self.number(self.h)
        self.point[i], self.behind[i] = x_i + h, x_i - h
        kinks = int(count(self.behind, self.point)) if count else -1
        self.point[i] = self.behind[i] = x_i
        return kinks


def slopes_differ(forward: float, backward: float, rounding: float) -> bool:
    """Whether the slopes to both sides differ by more than their rounding, as they do at a kink."""
    return bool(abs(forward - backward) > ONE_SIDED_LIMIT * max(abs(forward), abs(backward)) + rounding)


def relative_rounding_error(a: ArrayLike, n: ArrayLike, rounding: ArrayLike) -> NDArray[np.float64]:
    """The rounding error of a slope, eps |f| / h for centred differences, relative to its size."""
    size = np.maximum(np.abs(a), np.abs(n))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(size > 0, rounding / size, 0.0)


def name_worst(function: CheckedFunction, check: EntryCheck) -> str:
    """The name of the entry with the largest relative error; empty if none was checked."""
    return "" if check.worst is None else name_entry(function.layout, int(check.entries[check.worst]))
