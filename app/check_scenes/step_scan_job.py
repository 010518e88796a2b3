"""The scan over step sizes: a sample of entries checked at every h, by every method and in both precisions.

The browser is sent what it needs for all h at once; so h can be dragged without asking the server.
"""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import cached_property, partial
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.check_scenes.check_scene import STEP_SIZES, CheckScene, Entries, Precision, Target
from app.check_scenes.checked_problem import CheckedProblem, build_problem, cast, make_interruptible
from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from surfaces.gradient_check.checked_function import CheckedFunction, Point
from surfaces.gradient_check.checked_function import Entries as EntryIndices
from surfaces.gradient_check.difference_quotients import (
    Method,
    centred_difference,
    follow_direction,
    forward_difference,
)
from surfaces.gradient_check.entry_check import EntryCheck, check_entries
from surfaces.gradient_check.entry_sampling import list_all_entries, sample_entries, sample_flat_vector
from surfaces.gradient_check.kinks_by_parabola_fit import fit_parabola
from surfaces.gradient_check.other_checkers import CHECKERS, Opinion, Slopes, ask_checker, give_opinion
from surfaces.gradient_check.step_size_theory import ErrorLine, predict_error
from surfaces.gradient_check.taylor_remainder import TaylorRemainder, measure_taylor_remainder
from surfaces.gradient_check.verdict import CheckVerdict, judge

# Sampled entries, at least so many of every block, and the strides over the step sizes, powers of ten first: less where
# an evaluation takes long. Its seconds are estimated and not measured, so that a link shows the same everywhere.
EFFORTS = ((1e-4, 48, 4, (10, 5, 2, 1)), (4e-4, 32, 2, (10, 5, 2)), (inf, 20, 1, (10, 5)))
SECONDS_PER_LAYER, SECONDS_PER_PRODUCT, SECONDS_PER_MASK = 1.5e-5, 4e-10, 1e-4
FINEST_STRIDE = 1  # only for differences in float64
DIRECTION_STREAM = 6  # keeps the direction's draw apart from those of the problem with the same seed
CURVES = tuple((method, precision) for precision in Precision for method in Method
               if (method, precision) != (Method.COMPLEX_STEP, Precision.SINGLE))  # fmt: skip

Curve = tuple[Method, Precision]
Task = tuple[tuple[str, int], Callable[[], Any]]


class ScanRequest(NamedTuple):
    target: Target
    scale: float
    seed: int
    is_flat: bool  # the entries are drawn from the whole vector


class Row(NamedTuple):
    """The result of one method in one precision at one h."""

    check: EntryCheck
    verdict: CheckVerdict
    opinions: tuple[Opinion, ...]  # what each checker's rule says of these numbers
    parabola: float  # residual of a parabola fitted along a random direction, over the range of the values


class StepScan(NamedTuple):
    """The results so far."""

    entries: EntryIndices  # (k,)
    rows: dict[Curve, dict[int, Row]]  # by the index of the step size
    theory: dict[Curve, ErrorLine | None]
    taylor: TaylorRemainder | None
    opinions: tuple[Opinion, ...]  # of every checker at its own h


def make_scan_request(scene: CheckScene) -> ScanRequest:
    return ScanRequest(scene.target, scene.scale, scene.seed, scene.entries is Entries.FLAT)


class Effort(NamedTuple):
    """How much is computed."""

    most_seconds: float  # of an evaluation
    entries: int
    at_least: int
    strides: tuple[int, ...]


def choose_effort(problem: CheckedProblem) -> Effort:
    seconds = estimate_seconds(problem)
    return next(effort for effort in itertools.starmap(Effort, EFFORTS) if seconds <= effort.most_seconds)


def estimate_seconds(problem: CheckedProblem) -> float:
    """How long an evaluation takes, to a factor of two or so."""
    if problem.classifier is None:
        return 0.0
    work = problem.size * problem.classifier.sample_count
    masks = 0 if problem.is_repeatable else SECONDS_PER_MASK
    return problem.function.depth * SECONDS_PER_LAYER + work * SECONDS_PER_PRODUCT + masks


def choose_entries(problem: CheckedProblem, request: ScanRequest) -> EntryIndices:
    effort = choose_effort(problem)
    if problem.size <= effort.entries:
        return list_all_entries(problem.size)
    if request.is_flat:
        return sample_flat_vector(problem.size, effort.entries, request.seed)
    return sample_entries(problem.layout, effort.entries, request.seed, effort.at_least)


def compute_scan(request: ScanRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield the powers of ten, then what lies between; and what is measured along directions."""
    problem = build_problem(request.target, request.seed, request.scale)
    function, entries = make_interruptible(problem.function), choose_entries(problem, request)
    x: Point = np.empty(0)
    for found in run_tasks(queue, iter([("point", problem.find_point)])):
        x = found[1] if found else x
        yield Progress(0.0, None)
    scanner = Scanner(function, x, entries, request.seed)
    scan = StepScan(entries, {curve: {} for curve in CURVES}, {}, None, ())
    first, *others = list_levels(choose_effort(problem).strides)
    tasks = [*scanner.list_tasks(first), *scanner.list_single_tasks()]
    tasks += [task for level in others for task in scanner.list_tasks(level)]
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


class Level(NamedTuple):
    """Some of the step sizes, by their indices, the largest first."""

    stride: int
    indices: list[int]


def list_levels(strides: tuple[int, ...]) -> list[Level]:
    """The step sizes of each stride that those before it have left out."""
    levels, seen = [], set[int]()
    for stride in strides:
        indices = [i for i in reversed(range(0, len(STEP_SIZES), stride)) if i not in seen]
        seen.update(indices)
        levels.append(Level(stride, indices))
    return levels


def add_result(scan: StepScan, key: tuple[str, int], result: Any) -> StepScan:
    """The scan with one more result. The tables are copied, so the scan before stays as it is."""
    kind, i = key
    if kind != "row":
        return scan._replace(**{kind: result})
    return scan._replace(rows=scan.rows | {curve: scan.rows[curve] | {i: row} for curve, row in result.items()})


class Scanner:
    """The pieces of work of one scan."""

    def __init__(self, function: CheckedFunction, x: Point, entries: EntryIndices, seed: int) -> None:
        self.function, self.entries, self.seed = function, entries, seed
        self.points = {precision: cast(x, precision) for precision in Precision}
        self.directions = {c.name: c.draw_direction(x.size) for c in CHECKERS if c.draw_direction is not None}
        d = np.random.default_rng((seed, DIRECTION_STREAM)).standard_normal(x.size)
        self.direction = d / np.linalg.norm(d)

    def list_tasks(self, level: Level) -> list[Task]:
        is_finest = level.stride == FINEST_STRIDE
        precisions = [p for p in Precision if not (is_finest and p is Precision.SINGLE)]
        return [(("row", i), partial(self.check_row, p, STEP_SIZES[i], is_finest)) for p in precisions
                for i in level.indices]  # fmt: skip

    def list_single_tasks(self) -> list[Task]:
        f, x = self.function, self.points[Precision.DOUBLE]
        return [
            (("theory", 0), self.predict_errors),
            (("taylor", 0), lambda: measure_taylor_remainder(f.value, x, f.analytic_gradient(x), self.direction)),
            (("opinions", 0), lambda: tuple(ask_checker(checker, f, x, self.entries) for checker in CHECKERS)),
        ]

    def check_row(self, precision: Precision, h: float, is_finest: bool = False) -> dict[Curve, Row]:
        """All methods at one h: forward differences are a by-product of centred ones."""
        f, x = self.function, self.points[precision]
        *_, last = check_entries(f, x, self.entries, h, Method.CENTRED, counts_every_step=f.has_kinks)
        checks = [last.check, last.check._replace(numeric=last.check.forward_slope, method=Method.FORWARD)]
        if precision is Precision.DOUBLE and f.is_analytic and not is_finest:
            *_, last = check_entries(f, x, self.entries, h, Method.COMPLEX_STEP)
            checks.append(last.check)
        along, parabola = self.measure_lines(x, h)
        return {
            (c.method, precision): Row(c, judge(f, c, x), self.ask_rules(c, along), parabola) for c in checks
        }  # fmt: skip

    def measure_lines(self, x: Point, h: float) -> tuple[dict[str, tuple[float, float]], float]:
        """Forward and centred slope along each checker's direction, and how far a line is from a parabola."""
        value = self.function.value
        with np.errstate(all="ignore"):
            slopes = {}
            for name, d in self.directions.items():
                phi = follow_direction(value, x, d.astype(x.dtype))
                slopes[name] = float(forward_difference(phi, h, phi(0.0))), float(centred_difference(phi, h))
            fit = fit_parabola(follow_direction(value, x, self.direction.astype(x.dtype)), h)
        return slopes, fit.residual / fit.range if fit.range else 0.0

    def ask_rules(self, check: EntryCheck, along: dict[str, tuple[float, float]]) -> tuple[Opinion, ...]:
        """The rule of every checker, applied to these numbers instead of its own."""
        has_kinks, is_centred = self.function.has_kinks, check.method is not Method.FORWARD
        entrywise = Slopes(check.analytic, check.numeric, None, has_kinks)
        opinions = []
        for checker in CHECKERS:
            slopes, d = entrywise, self.directions.get(checker.name)
            if d is not None:
                a, n = np.array([self.gradient @ d]), np.array([along[checker.name][is_centred]])
                slopes = Slopes(a, n, d, has_kinks)
            with np.errstate(all="ignore"):
                opinions.append(give_opinion(checker, slopes))
        return tuple(opinions)

    @cached_property
    def gradient(self) -> Point:
        return self.function.analytic_gradient(self.points[Precision.DOUBLE])

    def predict_errors(self) -> dict[Curve, ErrorLine | None]:
        """The theory's error of all entries together, from the norms of their derivatives."""
        x = self.points[Precision.DOUBLE]
        size = float(np.linalg.norm(self.gradient[self.entries]))
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
