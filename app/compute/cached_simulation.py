"""Compute runs, landscapes, equations and learning rates from names and numbers, cached for all visitors."""

from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.compute.surface_source_registry import get_source
from app.equations.equation import Equations
from app.equations.run_equations import write_equations
from app.figures.landscape_figure import LANDSCAPE_GRID_SIZE, make_landscape
from app.model.hyperparameter_table import LR_RANGE
from app.model.scene import Call, Run, Scene, optimizer_call
from app.server.visitor_presence import stop_if_abandoned
from optimizers.analysis import optimizer_state_vectors, rounding_sensitivity
from optimizers.analysis.learning_rate_suggestion import largest_lr_in_view, suggest_lr
from optimizers.analysis.lowest_loss_of_surface import find_lowest_loss
from optimizers.analysis.run_curves_and_verdict import diagnose, hyperparameter_by_step
from optimizers.analysis.stability_limit import find_limit_from
from optimizers.analysis.verdict_types import Verdict
from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from optimizers.schedules import Schedule, scheduled
from optimizers.simulate import Trajectory, trajectory
from surfaces.base import Array, Problem
from surfaces.datasets.table_surface import thin_samples
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import NoiselessProblem, noisy
from surfaces.observers.interruption import InterruptibleProblem
from surfaces.spline_surface import interpolate_surface

AVERAGING_WRAPPERS = {"polyak", "ema"}  # wrappers that leave the iteration, and so its stability, as it is
SAFE_FRACTION = 0.8  # of the stable limit: below the rates that a verdict calls at the edge
MOMENTUM_NAMES = ("mu", "beta1")  # of what is left of a velocity after a step
LR_SELECTORS = {choose.__name__: choose for choose in (suggest_lr, largest_lr_in_view)}


class RunResult(NamedTuple):
    """A run as it is shown; every column has an entry per iterate."""

    columns: dict[str, Array]
    verdict: Verdict
    last_step: int  # the last step at which it was alive


@lru_cache(maxsize=64)
def build_surface(call: Call) -> Any:
    return get_source(call).build(call)


def is_slow(surface: Any) -> bool:
    """Whether a value of a surface takes so long that thousands of runs would take hours."""
    return getattr(surface, "grid_size", LANDSCAPE_GRID_SIZE) < LANDSCAPE_GRID_SIZE


@lru_cache(maxsize=16)
def build_map_surface(call: Call) -> Any:
    """The surface for thousands of runs: a spline where a value takes long, which the page of maps says."""
    surface = build_surface(call)
    return interpolate_surface(surface) if is_slow(surface) else surface


@lru_cache(maxsize=16)
def build_quick_surface(call: Call) -> Any:
    """The surface for the many runs of a guess: that of a map, and with fewer samples."""
    surface = build_map_surface(call)
    return thin_samples(surface) if hasattr(surface, "sample_count") else surface


@lru_cache(maxsize=64)
def find_lowest_known_loss(call: Call) -> float:
    """The loss at the published minima of a map's surface; without any, the lowest loss found in the view."""
    surface = build_map_surface(call)
    return find_lowest_loss(surface, surface.box, surface.minima)


def get_steps_per_epoch(call: Call) -> float | None:
    """Steps in an epoch; None for a surface without data."""
    problem = build_surface(call)
    return problem.batches_per_epoch if hasattr(problem, "batches_per_epoch") else None


@st.cache_data(max_entries=64, show_spinner=False)
def compute_landscape(call: Call) -> dict[str, Any]:
    return make_landscape(build_surface(call))


def make_abandonable(problem: Problem) -> Problem:
    """The problem for a long run, which stops if its visitor leaves or asks for another."""
    return InterruptibleProblem(problem, stop_if_abandoned)


def simulate_run(scene: Scene, run: Run) -> RunResult:
    """Simulate `run` in `scene`, independently of its colour and of the other runs."""
    return simulate_cached(make_run_key(scene, run))


def simulate_path(scene: Scene, run: Run) -> Array:
    """The iterates of `run` in `scene`, (2, steps + 1); not cached."""
    return trajectory(*make_run_key(scene, run).build()).x


def get_run_equations(scene: Scene, run: Run) -> Equations:
    """The equations of `run`, with the values of every step in `scene`."""
    return write_equations_cached(make_run_key(scene, run))


class RunKey(NamedTuple):
    """Everything that a run depends on: the key under which its results are cached."""

    surface: Call
    optimizer: Call
    wrapper: Call | None
    start: tuple[float, float]
    steps: int
    noise: float
    seed: int

    def build(self) -> tuple[Optimizer, Problem, Array, int]:
        """The arguments of `trajectory`."""
        problem = make_abandonable(noisy(build_surface(self.surface), self.noise, self.seed))
        return build_optimizer(self.optimizer, self.wrapper), problem, np.array(self.start), self.steps


def make_run_key(scene: Scene, run: Run) -> RunKey:
    return RunKey(scene.surface, run.optimizer, run.wrapper, scene.start, scene.steps, scene.noise, scene.seed)


@lru_cache(maxsize=256)  # shared by all visitors, as results are read-only; a look-up in Streamlit's takes 1 ms
def simulate_cached(key: RunKey) -> RunResult:
    function, optimizer, wrapper = build_surface(key.surface), key.optimizer, key.wrapper
    built_optimizer, problem, start, steps = key.build()
    counted = CountedProblem(problem)
    path = trajectory(built_optimizer, counted, start, steps)
    constants = {name: value for name, value in optimizer.arguments if not isinstance(value, Call)}
    is_noisy = key.noise > 0 or function.at(1) is not function  # a minibatch is another function

    def repeat(lr_factor: float = 1.0, momentum: float | None = None, *, with_noise: bool = True) -> Trajectory:
        call = optimizer if momentum is None else optimizer.with_argument(momentum_names[0], momentum)
        problem = noisy(function, key.noise, key.seed) if with_noise else NoiselessProblem(function)
        return trajectory(build_optimizer(call, wrapper, lr_factor), problem, start, steps)

    momentum_names = [name for name in MOMENTUM_NAMES if name in dict(optimizer.arguments)]
    curves = diagnose(
        path, function, function.minima, counted.cumulative_calls(steps), constants,
        optimizer_name=optimizer.name if wrapper is None or wrapper.name in AVERAGING_WRAPPERS else "",
        widths=(np.ptp(function.box.x), np.ptp(function.box.y)),
        rerun=repeat,
        rerun_with_momentum=(lambda momentum: repeat(momentum=momentum)) if momentum_names else None,
        rerun_without_noise=(lambda: repeat(with_noise=False)) if is_noisy else None,
    )  # fmt: skip
    columns = {
        "x": path.x[0], "y": path.x[1], "loss": curves.loss, "gradient_norm": curves.gradient_norm,
        "step_length": curves.step_length, "update_ratio": curves.update_ratio,
        "slope_x": curves.gradient[0], "slope_y": curves.gradient[1],
    }  # fmt: skip
    if curves.lr is not None:
        columns["lr"] = curves.lr
    if curves.evaluations is not None:
        columns["evaluations"] = curves.evaluations.sum(axis=0).astype(np.float64)
        for name, calls in zip(("values", "gradients", "hessians"), curves.evaluations, strict=True):
            columns[name] = calls.astype(np.float64)
    mu = hyperparameter_by_step(path.states, "mu", constants)
    if mu is not None and not TRAITS[optimizer.name].iterates_ahead:  # else ahead by the μ of the step that led to it
        mu = np.append(mu[1:], find_next_value(optimizer, "mu", mu[-1], steps))
    with np.errstate(all="ignore"):
        columns |= optimizer_state_vectors.momentum_columns(path.states, mu)
        columns |= optimizer_state_vectors.radius_columns(path.states)
        if TRAITS[optimizer.name].uses_hessian_model:
            columns |= optimizer_state_vectors.hessian_columns(path, function)
        for axis, moves in zip("xy", np.diff(path.x), strict=True):
            rate = np.abs(moves / columns[f"slope_{axis}"][:-1])
            columns[f"rate_{axis}"] = np.concatenate((rate[:1], rate))
    for name in (name for name, value in optimizer.arguments if isinstance(value, Call) and name != "lr"):
        if (values := hyperparameter_by_step(path.states, name, {})) is not None:
            columns[f"hyper_{name}"] = values
    for column in columns.values():
        column.setflags(write=False)
    return RunResult(columns, curves.verdict, int(np.flatnonzero(path.alive).max(initial=0)))


def find_next_value(optimizer: Call, name: str, last: float, steps: int) -> float:
    """A hyperparameter in the step after the last one, where it was `last`."""
    value = dict(optimizer.arguments).get(name)
    return build_schedule(value)(steps + 1) if isinstance(value, Call) else last


@st.cache_data(max_entries=32, show_spinner=False)
def write_equations_cached(key: RunKey) -> Equations:
    return write_equations(*key.build())


def get_endpoint_sensitivity(scene: Scene, run: Run) -> float:
    """The relative shift of the endpoint of `run` in `scene` through rounding errors."""
    return measure_sensitivity_cached(make_run_key(scene, run))


@st.cache_data(max_entries=256, show_spinner=False)
def measure_sensitivity_cached(key: RunKey) -> float:
    return rounding_sensitivity.endpoint_sensitivity(*key.build())


def build_optimizer(call: Call, wrapper: Call | None = None, lr_factor: float = 1.0) -> Optimizer:
    """The optimizer of a call and its wrapper, with its learning rate multiplied by `lr_factor`."""
    hyper = {name: build_schedule(value) if isinstance(value, Call) else value for name, value in call.arguments}
    if lr_factor != 1 and "lr" in hyper:
        hyper["lr"] = scale_lr(hyper["lr"], lr_factor)
    make = OPTIMIZERS[call.name]
    plain = scheduled(make, **hyper) if any(map(callable, hyper.values())) else make(**hyper)
    return WRAPPERS[wrapper.name](plain, **dict(wrapper.arguments)) if wrapper else plain


def scale_lr(lr: Any, factor: float) -> Any:
    """Multiply a learning rate, or every value of its schedule."""
    return (lambda t: factor * lr(t)) if callable(lr) else factor * lr


def build_schedule(call: Call) -> Schedule:
    """The schedule of a call, as a function of the step."""
    return SCHEDULES[call.name](**dict(call.arguments))


def get_suggested_lr(
    surface: Call, optimizer: Call, noise: float = 0.0, seed: int = 0, *, safe_only: bool = True
) -> float:
    """The smallest rate of the slider that ends as low as any; its first stop if none stays in view.

    `safe_only`: of those that `get_safe_lr` allows, if the slider has any.
    """
    rate = select_lr(suggest_lr, surface, optimizer, noise, seed, safe_only=safe_only)
    return float(LR_RANGE.low) if rate is None else rate


def get_largest_lr_in_view(surface: Call, optimizer: Call, noise: float = 0.0, seed: int = 0) -> float | None:
    """The largest rate of the slider below the first that leaves the view; None if all leave it."""
    return select_lr(largest_lr_in_view, surface, optimizer, noise, seed)


def get_safe_lr(surface: Call, optimizer: Call) -> float:
    """The largest learning rate to choose for a visitor: `SAFE_FRACTION` of the stable limit, if one is known.

    The limit is that of the verdicts: at the minimum nearest to the surface's start, or at the start. Of a momentum
    that follows a schedule the default is taken.
    """
    arguments = dict(optimizer_call(optimizer.name).arguments)
    arguments |= {name: value for name, value in optimizer.arguments if not isinstance(value, Call)}
    return get_safe_lr_cached(surface, optimizer.name, float(arguments.get("mu", 0.0)))


@lru_cache(maxsize=1024)
def get_safe_lr_cached(surface: Call, optimizer: str, mu: float) -> float:
    function = build_surface(surface)
    with np.errstate(all="ignore"):
        limit = find_limit_from(function, np.array(function.start), function.minima, optimizer, mu)
    return inf if limit is None else SAFE_FRACTION * limit.lr


def select_lr(
    selector: Callable[..., float | None],
    surface: Call,
    optimizer: Call,
    noise: float,
    seed: int,
    *,
    safe_only: bool = False,
) -> float | None:
    """A rate for an optimizer; its own rate does not matter."""
    hyper = tuple((name, value) for name, value in optimizer.arguments if name != "lr" and not isinstance(value, Call))
    highest = get_safe_lr(surface, optimizer) if safe_only else inf
    return select_lr_cached(selector.__name__, surface, optimizer.name, hyper, noise, seed, highest)


@st.cache_data(max_entries=1024, show_spinner=False)
def select_lr_cached(
    selector: str,
    surface: Call,
    optimizer: str,
    hyper: tuple[tuple[str, Any], ...],
    noise: float,
    seed: int,
    highest: float,
) -> float | None:
    problem: Any = make_abandonable(
        noisy(build_quick_surface(surface), noise, seed)
    )  # with the surface's view and start
    rates = np.array(LR_RANGE.stops)
    low_rates = rates[rates <= highest]
    if low_rates.size:  # else the slider has none so low
        rates = low_rates
    return LR_SELECTORS[selector](OPTIMIZERS[optimizer], problem, rates, **dict(hyper))
