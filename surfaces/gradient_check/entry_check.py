"""The check itself: analytic and numerical derivative of many entries, one by one, with what could excuse an error."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surfaces.gradient_check.checked_function import CheckedFunction, Entries, Point
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.kinks_by_parabola_fit import is_off_parabola
from surfaces.gradient_check.loss_scaling import is_tiny
from surfaces.gradient_check.relative_error import relative_error
from surfaces.gradient_check.step_size_theory import machine_epsilon, rule_of_thumb_step

ENTRIES_PER_REPORT = 272  # eight times as many points as are evaluated at once, of 7,510 coordinates
MOST_NUMBERS = 2**18  # of the points that are evaluated at once: 2 MB
ONE_SIDED_LIMIT = 1e-4  # of the slopes: those to both sides that differ more are looked at
ROUNDING_ERRORS = 8  # times machine precision times |f|: what sums of five values may be off
NOTABLE_ERROR = 1e-7  # relative: kinks are counted for the entries that are worse


class EntryCheck(NamedTuple):
    """The results for each checked entry; every array has the shape (k,)."""

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
    """Check entries of the gradient at `x`, and report every `entries_per_report`; the caller may stop then.

    `h` is by default the rule of thumb for the method and the precision of `x`. Two evaluations an entry (one for
    a complex step), and two more where the slopes to both sides differ.
    Kinks are counted, if the function can, at every entry, or only where the error is above 1e-7 or the slopes differ.
    """
    h = rule_of_thumb_step(method, x.dtype) if h is None else h
    analytic = function.analytic_gradient(x)[entries].astype(np.float64)
    numeric, backward, forward = np.empty((3, len(entries)))
    suspected, kinks = np.zeros(len(entries), dtype=np.bool_), np.zeros(len(entries), dtype=np.int64)
    checker = EntryChecker(function, x, h, method, counts_every_step)
    for start in range(0, len(entries), entries_per_report):
        stop = min(start + entries_per_report, len(entries))
        with np.errstate(all="ignore"):  # a step may leave the domain: that slope is not finite
            found = checker.check(entries[start:stop], analytic[start:stop])
        for kept, part in zip((numeric, backward, forward, suspected, kinks), found, strict=True):
            kept[start:stop] = part
        arrays = (entries, analytic, numeric, backward, forward, suspected, kinks)
        so_far = EntryCheck(*arrays, method, h, checker.value, machine_epsilon(x.dtype)).select(slice(stop))
        yield CheckProgress(stop, len(entries), so_far)


class EntryChecker:
    """Checks entries at copies of `x`, in each of which one entry alone is changed."""

    def __init__(self, function: CheckedFunction, x: Point, h: float, method: Method, counts_every_step: bool) -> None:
        self.function, self.x, self.h, self.method = function, x, h, method
        self.counts_every_step = counts_every_step
        self.value = float(function.value(x.copy()))
        self.rounding = ROUNDING_ERRORS * machine_epsilon(x.dtype) * abs(self.value)
        self.moved_points = MovedPoints(function, x, method is Method.COMPLEX_STEP)

    def check(self, entries: Entries, analytic: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
        """Numerical derivatives, slopes behind and ahead, whether kinks are suspected, and kinks crossed (or -1)."""
        none = np.zeros(len(entries), dtype=np.bool_)
        if self.method is Method.COMPLEX_STEP:
            _, heights = self.moved_points.evaluate(entries, 1j * self.h)
            unknown = np.full(len(entries), np.nan)
            return heights.imag / self.h, unknown, unknown, none, np.full(len(entries), -1)
        here = self.x.dtype.type(self.value)
        (run_ahead, ahead), (run_behind, behind) = (self.moved_points.evaluate(entries, s) for s in (self.h, -self.h))
        backward = divide_all(here - behind, -run_behind)
        forward = divide_all(ahead - here, run_ahead)
        numeric = forward if self.method is Method.FORWARD else divide_all(ahead - behind, run_ahead - run_behind)
        suspected, kinks = none, np.full(len(entries), -1)
        differ = np.flatnonzero(slopes_differ(forward, backward, self.rounding / self.h))
        suspected[differ] = self.are_kinked(entries[differ], behind[differ], ahead[differ])
        counted = np.flatnonzero(self.must_count(suspected, analytic, numeric))
        kinks[counted] = self.count_kinks(entries[counted])
        return numeric, backward, forward, suspected, kinks

    def are_kinked(self, entries: Entries, behind: NDArray[Any], ahead: NDArray[Any]) -> list[bool]:
        """Whether no parabola fits five values: at a smooth minimum the slopes to both sides differ as well."""
        (_, half_behind), (_, half_ahead) = (self.moved_points.evaluate(entries, s) for s in (-self.h / 2, self.h / 2))
        here = np.full(len(entries), self.value)
        values = np.stack([behind, half_behind, here, half_ahead, ahead], axis=-1).astype(np.float64)
        return [is_off_parabola(five, self.rounding) for five in values]

    def must_count(self, suspected: NDArray[np.bool_], analytic: Any, numeric: Any) -> NDArray[np.bool_]:
        if self.function.count_kink_crossings is None:
            return np.zeros_like(suspected)
        if self.counts_every_step:
            return np.ones_like(suspected)
        return suspected | (np.abs(analytic - numeric) > NOTABLE_ERROR * np.maximum(np.abs(analytic), np.abs(numeric)))

    def count_kinks(self, entries: Entries) -> NDArray[np.int64]:
        """The kinks between x - h and x + h along each of the entries: (k,), many at once as in `MovedPoints`."""
        count, takes_lanes = self.function.count_kink_crossings, self.function.takes_lanes
        h, most = self.x.dtype.type(self.h), len(self.moved_points.rows)
        kinks = np.full(len(entries), -1)
        if count is None:
            return kinks
        for start in range(0, len(entries), most):
            some = slice(start, start + most)
            at = np.arange(len(entries[some])), entries[some]
            behind, ahead = (np.repeat(self.x[None], len(entries[some]), axis=0) for _ in range(2))
            behind[at] -= h
            ahead[at] += h
            kinks[some] = count(behind.T, ahead.T) if takes_lanes else count(behind[0], ahead[0])
        return kinks


class MovedPoints:
    """Copies of a point, as rows of one array, in each of which one entry is changed and restored bit for bit.

    As many as share the cache are evaluated at once, if the function takes lanes: a network needs a third of the time.
    """

    def __init__(self, function: CheckedFunction, x: Point, is_complex: bool) -> None:
        self.function = function
        self.x = x.astype(np.result_type(x, np.complex64)) if is_complex else x.copy()
        most = min(max(1, MOST_NUMBERS // x.size), ENTRIES_PER_REPORT) if function.takes_lanes else 1
        self.rows = np.repeat(self.x[None], most, axis=0)

    def evaluate(self, entries: Entries, s: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        """The steps that were taken along each of the entries, x + s - x, and the values there: (k,) each."""
        x, most = self.x[entries], len(self.rows)
        moved = x + self.x.dtype.type(s)
        values = np.empty_like(moved)
        for start in range(0, len(entries), most):
            some, rows = slice(start, start + most), self.rows[: len(entries) - start]
            at = np.arange(len(rows)), entries[some]
            rows[at] = moved[some]
            values[some] = self.function.value(rows.T if self.function.takes_lanes else rows[0])
            rows[at] = x[some]
        return moved - x, values


def divide_all(rise: NDArray[Any], run: NDArray[Any]) -> NDArray[Any]:
    """The slopes (k,); 0 where a step was lost in rounding."""
    return np.divide(rise, run, out=0 * rise, where=run != 0)


def slopes_differ(forward: ArrayLike, backward: ArrayLike, rounding: float) -> NDArray[np.bool_]:
    """Where the slopes to both sides differ by more than their rounding, as they do at a kink."""
    forward, backward = np.asarray(forward), np.asarray(backward)
    larger = np.maximum(np.abs(forward), np.abs(backward))
    return np.abs(forward - backward) > ONE_SIDED_LIMIT * larger + rounding


def relative_rounding_error(a: ArrayLike, n: ArrayLike, rounding: ArrayLike) -> NDArray[np.float64]:
    """The rounding error of a slope, eps |f| / h for centred differences, relative to its size."""
    size = np.maximum(np.abs(a), np.abs(n))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(size > 0, rounding / size, 0.0)
