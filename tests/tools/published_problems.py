"""Run the second-order optimizers on published problems and measure the results, for `tests.tools.verified_tables`."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from optimizers.base import Optimizer
from optimizers.methods.second_order import bfgs, lbfgs, trust_region
from optimizers.numerics.evaluation_cache import Evaluation
from optimizers.numerics.line_search import strong_wolfe
from optimizers.simulate import trajectory
from surfaces.base import Array, Surface
from surfaces.catalogue import SURFACES
from surfaces.datasets import nist
from surfaces.observers.evaluation_counter import CountedProblem

OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {"bfgs": bfgs, "lbfgs": lbfgs, "trust_region": trust_region}
SCIPY = {"bfgs": "BFGS", "lbfgs": "L-BFGS-B", "trust_region": "trust-exact"}  # the corresponding method of SciPy
STEPS = 2000  # more than any of them needs

CLASSICS = {"rosenbrock": (-1.2, 1.0), "beale": (1.0, 1.0), "himmelblau": (0.0, 0.0)}
NIST = tuple(
    (name, start) for name in ("misra1a", "misra1b", "misra1c", "misra1d", "boxbod", "danwood") for start in (1, 2)
)

# Moré, Garbow & Hillstrom (1981): standard start, and every published minimum (x, y) with its value
MGH = {
    "rosenbrock": ((-1.2, 1.0), (((1.0, 1.0), 0.0),)),
    "freudenstein_roth": ((0.5, -2.0), (((5.0, 4.0), 0.0), ((11.41277900, -0.89680525), 48.9842536792))),
    "powell_badly_scaled": ((0.0, 1.0), (((1.098159e-5, 9.106146), 0.0), ((9.106146, 1.098159e-5), 0.0))),
    "brown_badly_scaled": ((1.0, 1.0), (((1e6, 2e-6), 0.0),)),
    "beale": ((1.0, 1.0), (((3.0, 0.5), 0.0),)),
    "jennrich_sampson": ((0.3, 0.4), (((0.2578252, 0.2578252), 124.362182356),)),
}


# Runs that end elsewhere when the last bit of their start changes, and so on another processor: (optimizer, problem of
# Moré, Garbow & Hillstrom, times). A long first step leads over the wall of Jennrich and Sampson's function onto a
# plateau where the gradient is 1e-74, or just not.
DECIDED_BY_ROUNDING = (("bfgs", "jennrich_sampson", 10),)


def perturb_start(start: tuple[float, float], count: int) -> list[tuple[float, float]]:
    """`count` starts: `start` itself, and others that differ from it by up to four units in the last place.

    A run from one of them rounds differently in every operation, as it does from `start` itself on another processor.
    """
    rng = np.random.default_rng(0)
    units = rng.integers(-4, 5, (count, 2)) * 2.0**-52
    units[0] = 0.0
    points = np.where(np.array(start) == 0, units / 4, start * (1 + units))
    return [(x, y) for x, y in points.tolist()]


class RunEnd(NamedTuple):
    """The end of a run, and its evaluations."""

    x: Array  # (2,)
    evaluations: tuple[int, int, int]  # values, gradients, Hessians
    path: Array  # (2, n)
    cumulative_evaluations: Array  # (1 or 3, n), up to each iterate


def run_ours(optimizer: str, problem: Surface, start: tuple[float, float]) -> RunEnd:
    counted = CountedProblem(problem)
    path = trajectory(OPTIMIZERS[optimizer](), counted, start, STEPS).x
    cumulative_evaluations = counted.cumulative_calls(STEPS)
    values, grads, hesses = cumulative_evaluations[:, -1].tolist()
    return RunEnd(path[:, -1], (values, grads, hesses), path, cumulative_evaluations)


def run_scipys(optimizer: str, problem: Surface, start: tuple[float, float]) -> RunEnd:
    """Run SciPy's corresponding method from this start, with a tolerance out of reach; it counts its own values."""
    path, counts = [np.array(start)], [0]
    values = 0

    def value(p: Array) -> Array:
        nonlocal values
        values += 1
        return problem.value(p)

    def keep(p: Array) -> None:
        path.append(p.copy())
        counts.append(values)

    hess = {"hess": problem.hess} if optimizer == "trust_region" else {}
    options = {"gtol": 1e-12, "maxiter": STEPS} | ({"ftol": 0.0} if optimizer == "lbfgs" else {})
    with (
        np.errstate(all="ignore"),
        suppress(ValueError),
    ):  # trust-exact on BoxBOD: "array must not contain infs or NaNs"
        end = minimize(
            value, start, jac=problem.grad, method=SCIPY[optimizer], callback=keep, options=options, **hess
        ).x
        path.append(end)
        counts.append(values)
    return RunEnd(path[-1], (values, 0, 0), np.array(path).T, np.array([counts]))


def measure_distance(x: Array, points: tuple[tuple[float, float], ...]) -> Array:
    """The distance to the nearest of the points, in the larger coordinate: (2, ...) -> (...)."""
    distances = [np.abs(x - np.reshape(p, (2,) + (1,) * (x.ndim - 1))).max(axis=0) for p in points]
    nearest: Array = np.min(distances, axis=0)
    return nearest


def count_values_until(run: RunEnd, minima: tuple[tuple[float, float], ...], tolerance: float = 1e-8) -> int | None:
    """Evaluations of f until an iterate is within `tolerance` of a minimum; None if none is."""
    is_near = measure_distance(run.path, minima) <= tolerance
    return int(run.cumulative_evaluations[0, is_near.argmax()]) if is_near.any() else None


def count_correct_digits(x: Array, certified: tuple[float, float]) -> int:
    """Correct digits of the worse parameter, at most 11, the number that is certified."""
    error = np.abs(x / np.array(certified) - 1).max()
    return 11 if error < 1e-11 else max(0, int(-np.log10(error)))


def make_nist_problem(name: str, start: int) -> Surface:
    surface: Surface = getattr(nist, name)(start=start)
    return surface


def is_published_minimum(name: str, x: Array) -> bool:
    """Is this a published minimum, to six digits in every coordinate and in the value, or to 1e-12 if that is zero?"""
    _, minima = MGH[name]
    with np.errstate(all="ignore"):
        value = SURFACES[name]().value(x)
    return any(
        bool(np.allclose(x, point, rtol=1e-6, atol=0) and np.isclose(value, low, rtol=1e-9, atol=1e-12))
        for point, low in minima
    )


# Moré & Thuente (1994), section 5


class Line:
    """A function of one variable as an objective over points of shape (1, ...)."""

    def __init__(self, value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> None:
        self._value, self._slope = value, slope
        self.evaluations = 0

    def value(self, p: Array) -> Array:
        self.evaluations += 1
        return self._value(p[0])

    def grad(self, p: Array) -> Array:
        return self._slope(p[0])[None]

    def hess(self, p: Array) -> Array:
        raise NotImplementedError


def line_1(beta: float = 2.0) -> Line:
    """(5.1)"""
    return Line(lambda a: -a / (a * a + beta), lambda a: (a * a - beta) / (a * a + beta) ** 2)


def line_2(beta: float = 0.004) -> Line:
    """(5.2)"""
    return Line(lambda a: (a + beta) ** 5 - 2 * (a + beta) ** 4, lambda a: 5 * (a + beta) ** 4 - 8 * (a + beta) ** 3)


def line_3(beta: float = 0.01, waves: float = 39.0) -> Line:
    """(5.3): 1 - a and a - 1 joined by a parabola of width 2 beta, plus waves"""

    def value(a: Array) -> Array:
        bend = np.where(np.abs(a - 1) <= beta, (a - 1) ** 2 / (2 * beta) + beta / 2, np.abs(a - 1))
        return bend + 2 * (1 - beta) / (waves * np.pi) * np.sin(waves * np.pi * a / 2)

    def slope(a: Array) -> Array:
        return np.clip((a - 1) / beta, -1.0, 1.0) + (1 - beta) * np.cos(waves * np.pi * a / 2)

    return Line(value, slope)


def line_4(beta1: float, beta2: float) -> Line:
    """(5.4), of Yanai, Ozawa & Kaneko (1981)"""

    def gamma(beta: float) -> float:
        return float(np.hypot(1, beta) - beta)

    def value(a: Array) -> Array:
        return gamma(beta1) * np.hypot(1 - a, beta2) + gamma(beta2) * np.hypot(a, beta1)

    def slope(a: Array) -> Array:
        left, right = (a - 1) / np.hypot(1 - a, beta2), a / np.hypot(a, beta1)
        return gamma(beta1) * left + gamma(beta2) * right

    return Line(value, slope)


FIRST = (1e-3, 1e-1, 1e1, 1e3)
LINES = {  # table: function, mu, eta, published evaluations from each first step
    1: (line_1, 0.001, 0.1, (6, 3, 1, 4)),
    2: (line_2, 0.1, 0.1, (12, 8, 8, 11)),
    3: (line_3, 0.1, 0.1, (12, 12, 10, 13)),
    4: (lambda: line_4(0.001, 0.001), 0.001, 0.001, (4, 1, 3, 4)),
    5: (lambda: line_4(0.01, 0.001), 0.001, 0.001, (6, 3, 7, 8)),
    6: (lambda: line_4(0.001, 0.01), 0.001, 0.001, (13, 11, 8, 11)),
}


MORE_THAN_PUBLISHED = 2  # evaluations: their safeguards are not ours, and the last decision may hang on rounding


class LineSearchResult(NamedTuple):
    """The evaluations of a line search, and whether its end meets the two conditions."""

    evaluations: int
    has_sufficient_decrease: bool
    has_flat_slope: bool


def run_line_search(table: int, first: float) -> LineSearchResult:
    make, mu, eta, _ = LINES[table]
    line, origin = make(), np.zeros(1)
    value, slope = line.value(origin), line.grad(origin)
    at = Evaluation(line, origin, np.asarray(value), slope, np.array(False), True, np.array(np.inf))
    line.evaluations = 0
    end = strong_wolfe(line, at, np.ones(1), np.array(True), first, ftol=mu, gtol=eta)
    evaluations, (alpha,) = line.evaluations, end.x
    has_decrease = line.value(end.x) <= value + mu * alpha * slope[0]
    return LineSearchResult(evaluations, bool(has_decrease), bool(abs(line.grad(end.x)[0]) <= eta * abs(slope[0])))
