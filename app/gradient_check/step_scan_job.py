"""The scan over step sizes: a sample of entries checked at every h, by every method and in both precisions.

The browser is sent what it needs for all h at once; so h can be dragged without asking the server.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial
from time import thread_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.gradient_check.check_scene import STEP_SIZES, CheckScene, Entries, Precision, Target
from app.gradient_check.checked_problem import CheckedProblem, build_problem, cast, make_interruptible
from surfaces.gradient_check.checked_function import CheckedFunction, Point
from surfaces.gradient_check.checked_function import Entries as EntryIndices
from surfaces.gradient_check.difference_quotients import LinePoint, Method, centred_difference, follow_direction
from surfaces.gradient_check.difference_quotients import forward_difference as difference_forward
from surfaces.gradient_check.entry_check import EntryCheck, check_entries
from surfaces.gradient_check.entry_sampling import list_all_entries, sample_entries, sample_flat_vector
from surfaces.gradient_check.other_checkers import CHECKERS, Opinion, ask_checker
from surfaces.gradient_check.parabola_fit import fit_parabola
from surfaces.gradient_check.step_size_theory import ErrorLine, predict_error
from surfaces.gradient_check.taylor_remainder import TaylorRemainder, measure_taylor_remainder

SAMPLE_SIZE, AT_LEAST = 60, 4  # entries, and of every block
STRIDES = (10, 5, 2, 1)  # of the step sizes: powers of ten first, then what lies between
LONGEST_SECONDS = 30.0  # of processor time; a scan that would take longer has fewer step sizes
EVALUATIONS_PER_ENTRY = 8  # of an entry at one step size, for both precisions and the kinks
DIRECTION_STREAM = 6  # keeps the direction's draw apart from others with the same seed
CURVES = tuple((method, precision) for precision in Precision for method in Method
               if (method, precision) != (Method.COMPLEX_STEP, Precision.SINGLE))  # fmt: skip

Curve = tuple[Method, Precision]


class ScanRequest(NamedTuple):
    target: Target
    scale: float
    seed: int
    is_flat: bool  # the entries are drawn from the whole vector


class LineValues(NamedTuple):
    """What was measured along directions at one h."""

    slopes: dict[str, tuple[float, float]]  # forward and centred, by the name of the checker whose direction it is
    parabola: float  # residual over range, along a random direction


class StepScan(NamedTuple):
    """The results so far."""

    entries: EntryIndices  # (k,)
    checks: dict[Curve, dict[int, EntryCheck]]  # by the index of the step size
    lines: dict[Precision, dict[int, LineValues]]
    theory: dict[Curve, ErrorLine | None]
    directional: dict[str, float]  # the exact slope along each checker's direction
    taylor: TaylorRemainder | None
    opinions: tuple[Opinion, ...]  # of every checker at its own h


def make_scan_request(scene: CheckScene) -> ScanRequest:
    return ScanRequest(scene.target, scene.scale, scene.seed, scene.entries is Entries.FLAT)


def choose_entries(problem: CheckedProblem, request: ScanRequest) -> EntryIndices:
    if problem.size <= SAMPLE_SIZE:
        return list_all_entries(problem.size)
    if request.is_flat:
        return sample_flat_vector(problem.size, SAMPLE_SIZE, request.seed)
    return sample_entries(problem.layout, SAMPLE_SIZE, request.seed, AT_LEAST)


def compute_scan(request: ScanRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield the powers of ten, then what lies between; and what is measured along directions."""
    problem = build_problem(request.target, request.seed, request.scale)
    function, entries = make_interruptible(problem.function), choose_entries(problem, request)
    x: Point = np.empty(0)
    seconds = 0.0
    for found in run_tasks(queue, iter([("point", partial(time_evaluation, problem))])):
        if found:
            x, seconds = found[1]
        yield Progress(0.0, None)
    scanner = Scanner(function, x, entries, request.seed)
    scan = StepScan(entries, {curve: {} for curve in CURVES}, {p: {} for p in Precision}, {}, {}, None, ())
    levels = list_levels(seconds * len(entries) * EVALUATIONS_PER_ENTRY)
    tasks = [task for level in levels for task in scanner.list_tasks(level)]
    tasks[len(levels[0]) : len(levels[0])] = scanner.list_single_tasks()
    done = 0
    for found in run_tasks(queue, iter(tasks)):
        if found:
            scan = add_result(scan, *found)
            done += 1
            progress = Progress(done / len(tasks), scan)
        elif not done:
            progress = Progress(0.0, None)
        yield progress


get_scan_job = make_job_cache(compute_scan)


def time_evaluation(problem: CheckedProblem) -> tuple[Point, float]:
    """The point, and the processor time that one evaluation takes there."""
    x = problem.find_point()
    problem.function.value(x)
    start = thread_time()
    problem.function.value(x)
    return x, thread_time() - start


def list_levels(seconds_per_step: float) -> list[list[int]]:
    """The indices of the step sizes, the powers of ten first, as many as take no longer than `LONGEST_SECONDS`."""
    levels: list[list[int]] = []
    seen: set[int] = set()
    for stride in STRIDES:
        level = [i for i in range(0, len(STEP_SIZES), stride) if i not in seen]
        if levels and seconds_per_step * (len(seen) + len(level)) > LONGEST_SECONDS:
            break
        seen.update(level)
        levels.append(level[::-1])  # the largest first
    return levels


def add_result(scan: StepScan, key: tuple[str, object], result: object) -> StepScan:
    """The scan with one more result; it shares no table that changes with the one before."""
    kind, where = key
    if kind == "row":
        precision, i = where  # type: ignore[misc]
        found, line = result  # type: ignore[misc]
        checks = {**scan.checks, **{(m, precision): scan.checks[m, precision] | {i: c} for m, c in found.items()}}
        return scan._replace(checks=checks, lines={**scan.lines, precision: scan.lines[precision] | {i: line}})
    return scan._replace(**{kind: result})


class Scanner:
    """The pieces of work of one scan."""

    def __init__(self, function: CheckedFunction, x: Point, entries: EntryIndices, seed: int) -> None:
        self.function, self.entries, self.seed = function, entries, seed
        self.points = {precision: cast(x, precision) for precision in Precision}
        self.directions = {c.name: c.draw_direction(x.size) for c in CHECKERS if c.draw_direction is not None}
        d = np.random.default_rng((seed, DIRECTION_STREAM)).standard_normal(x.size)
        self.direction = d / np.linalg.norm(d)

    def list_tasks(self, level: list[int]) -> list[tuple[tuple[str, object], Callable[[], object]]]:
        return [(("row", (p, i)), partial(self.check_row, p, STEP_SIZES[i])) for p in Precision for i in level]

    def list_single_tasks(self) -> list[tuple[tuple[str, object], Callable[[], object]]]:
        x = self.points[Precision.DOUBLE]
        return [
            (("theory", 0), self.predict_errors),
            (("taylor", 0), lambda: measure_taylor_remainder(
                self.function.value, x, self.function.analytic_gradient(x), self.direction)),
            (("directional", 0), self.find_directional_slopes),
            (("opinions", 0), lambda: tuple(ask_checker(c, self.function, x, self.entries) for c in CHECKERS)),
        ]  # fmt: skip

    def check_row(self, precision: Precision, h: float) -> tuple[dict[Method, EntryCheck], LineValues]:
        """All methods at one h: forward differences are a by-product of centred ones."""
        x, counts = self.points[precision], self.function.count_kink_crossings is not None and self.function.has_kinks
        last = None
        for last in check_entries(self.function, x, self.entries, h, Method.CENTRED, counts_every_step=counts):
            pass
        assert last is not None
        centred = last.check
        found = {
            Method.CENTRED: centred,
            Method.FORWARD: centred._replace(numeric=centred.forward_slope, method=Method.FORWARD),
        }
        if precision is Precision.DOUBLE and self.function.is_analytic:
            for last in check_entries(self.function, x, self.entries, h, Method.COMPLEX_STEP):
                pass
            found[Method.COMPLEX_STEP] = last.check
        return found, self.measure_lines(x, h)

    def measure_lines(self, x: Point, h: float) -> LineValues:
        slopes = {}
        with np.errstate(all="ignore"):
            for name, d in self.directions.items():
                phi = follow_direction(self.function.value, x, d.astype(x.dtype))
                here: LinePoint = phi(0.0)
                slopes[name] = (float(difference_forward(phi, h, here)), float(centred_difference(phi, h)))
            fit = fit_parabola(follow_direction(self.function.value, x, self.direction.astype(x.dtype)), h)
            return LineValues(slopes, float(fit.residual / fit.range) if fit.range else 0.0)

    def find_directional_slopes(self) -> dict[str, float]:
        g = self.function.analytic_gradient(self.points[Precision.DOUBLE])
        return {name: float(g @ d) for name, d in self.directions.items()}

    def predict_errors(self) -> dict[Curve, ErrorLine | None]:
        """The theory's error of all entries together: the norms of their derivatives take the place of one's."""
        x = self.points[Precision.DOUBLE]
        size = float(np.linalg.norm(self.function.analytic_gradient(x)[self.entries]))
        second, third = estimate_derivative_norms(self.function, x, self.entries)
        f = float(self.function.value(x)) * np.sqrt(len(self.entries))
        return {
            (m, p): predict_error(m, f, second, third, p.dtype, size) if size > 0 else None for m, p in CURVES
        }  # fmt: skip


def estimate_derivative_norms(function: CheckedFunction, x: Point, entries: EntryIndices) -> tuple[float, float]:
    """The norms of the second and third derivatives along entries, from differences of the exact slopes."""
    h = 1e-3
    bends: NDArray[np.float64] = np.empty((2, len(entries)))
    here = function.analytic_gradient(x)
    with np.errstate(all="ignore"):
        for k, i in enumerate(entries.tolist()):
            z = x.copy()
            z[i] = x[i] + h
            ahead = function.analytic_gradient(z)[i]
            z[i] = x[i] - h
            behind = function.analytic_gradient(z)[i]
            bends[:, k] = (ahead - behind) / (2 * h), (ahead - 2 * here[i] + behind) / h**2
    return float(np.linalg.norm(bends[0])), float(np.linalg.norm(bends[1]))
