"""From words and numbers to curves: everything that is computed for a page, kept for the next visitor who asks."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.equations.equation import Rule
from app.equations.run_equations import rule
from app.figures.landscape_figure import landscape
from app.model import data_scene
from app.model.formula_scene import OWN, built
from app.model.hyperparameter_ranges import RATE
from app.model.scene import Call, Run, Scene
from app.server.visitor_presence import attend
from optimizers.analysis import head_vectors, rounding_sensitivity
from optimizers.analysis.learning_rate_suggestion import boldest_rate, calmest_rate
from optimizers.analysis.run_diagnostics import diagnose, in_force
from optimizers.analysis.verdict_evidence import Verdict
from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.schedules import Schedule, scheduled
from optimizers.simulate import trajectory
from surfaces.base import Array, Problem
from surfaces.catalogue import SURFACES
from surfaces.datasets.table_surface import thinned
from surfaces.observers.evaluation_counter import Tally
from surfaces.observers.gradient_noise import noisy
from surfaces.observers.interruption import Watched

AVERAGES = {"polyak", "ema"}  # wrappers that leave the iteration, and so its stability, as it is
RATES = {choose.__name__: choose for choose in (calmest_rate, boldest_rate)}
MODELLED = {"newton", "trust_region"}  # methods that step by a quadratic model with the true Hessian


class Ran(NamedTuple):
    """One run, ready to be shown; every column has an entry per iterate."""

    columns: dict[str, Array]
    verdict: Verdict
    end: int  # the last step at which it was alive


@lru_cache(maxsize=64)
def surface(call: Call) -> Any:
    if call.word == OWN:
        return built(call)
    if call.word == data_scene.DATA:
        return data_scene.built(call)
    return SURFACES[call.word](**dict(call.hyper))


def epoch(call: Call) -> float | None:
    """Steps in an epoch, where there is data."""
    problem = surface(call)
    return problem.batches if hasattr(problem, "batches") else None


@st.cache_data(max_entries=64, show_spinner=False)
def stage(call: Call) -> dict[str, Any]:
    return landscape(surface(call))


def attended(problem: Problem) -> Problem:
    """The problem, for a run that ends if it takes long and its visitor goes, or wants another."""
    return Watched(problem, attend)


def run(scene: Scene, racer: Run) -> Ran:
    """What `racer` does in `scene`; its colour and the other runs make no difference."""
    return ran(*circumstances(scene, racer))


def path(scene: Scene, racer: Run) -> Array:
    """Where `racer` goes in `scene`, (2, steps + 1), and nothing else; not kept."""
    problem = attended(noisy(surface(scene.surface), scene.noise, scene.seed))
    return trajectory(optimizer(racer.optimizer, racer.wrapper), problem, np.array(scene.start), scene.steps).x


def rule_of(scene: Scene, racer: Run) -> Rule:
    """The rule of `racer`, line by line, with the numbers of every step in `scene`."""
    return ruled(*circumstances(scene, racer))


def circumstances(scene: Scene, racer: Run) -> tuple[Any, ...]:
    return scene.surface, racer.optimizer, racer.wrapper, scene.start, scene.steps, scene.noise, scene.seed


@lru_cache(maxsize=256)  # one for all visitors, who only read it; Streamlit's takes a millisecond to find an entry
def ran(
    place: Call, racer: Call, wrapper: Call | None, start: tuple[float, float], steps: int, noise: float, seed: int
) -> Ran:
    truth = surface(place)
    counted = Tally(attended(noisy(truth, noise, seed)))
    path = trajectory(optimizer(racer, wrapper), counted, np.array(start), steps)
    fixed = {name: value for name, value in racer.hyper if not isinstance(value, Call)}
    found = diagnose(
        path, truth, truth.minima, counted.cumulative(steps), fixed,
        word=racer.word if wrapper is None or wrapper.word in AVERAGES else "",
        widths=(np.ptp(truth.box.x), np.ptp(truth.box.y)),
        again=lambda factor: trajectory(
            optimizer(racer, wrapper, factor), noisy(truth, noise, seed), np.array(start), steps
        ),
    )  # fmt: skip
    columns = {
        "x": path.x[0], "y": path.x[1], "loss": found.loss, "gradient_norm": found.gradient_norm,
        "step_length": found.step_length, "update_ratio": found.update_ratio,
        "slope_x": found.gradient[0], "slope_y": found.gradient[1],
    }  # fmt: skip
    if found.lr is not None:
        columns["lr"] = found.lr
    if found.evaluations is not None:
        columns["evaluations"] = found.evaluations.sum(axis=0).astype(np.float64)
        for name, calls in zip(("values", "gradients", "hessians"), found.evaluations, strict=True):
            columns[name] = calls.astype(np.float64)
    mu = in_force(path.states, "mu", fixed)
    with np.errstate(all="ignore"):
        columns |= head_vectors.carried(path.states, mu) | head_vectors.trusted(path.states)
        if racer.word in MODELLED:
            columns |= head_vectors.curvature(path, truth)
        for axis, moves in zip("xy", np.diff(path.x), strict=True):
            rate = np.abs(moves / columns[f"slope_{axis}"][:-1])
            columns[f"rate_{axis}"] = np.concatenate((rate[:1], rate))
    for name, value in racer.hyper:
        if name != "lr" and isinstance(value, Call) and (at_t := in_force(path.states, name, {})) is not None:
            columns[f"hyper_{name}"] = at_t
    for column in columns.values():
        column.setflags(write=False)
    return Ran(columns, found.verdict, int(np.flatnonzero(path.alive).max(initial=0)))


@st.cache_data(max_entries=32, show_spinner=False)
def ruled(
    place: Call, racer: Call, wrapper: Call | None, start: tuple[float, float], steps: int, noise: float, seed: int
) -> Rule:
    return rule(optimizer(racer, wrapper), attended(noisy(surface(place), noise, seed)), np.array(start), steps)


def swing(scene: Scene, racer: Run) -> float:
    """How far rounding errors move the end of `racer` in `scene`, relative to where that is."""
    return swung(*circumstances(scene, racer))


@st.cache_data(max_entries=256, show_spinner=False)
def swung(
    place: Call, racer: Call, wrapper: Call | None, start: tuple[float, float], steps: int, noise: float, seed: int
) -> float:
    problem = attended(noisy(surface(place), noise, seed))
    return rounding_sensitivity.swing(optimizer(racer, wrapper), problem, np.array(start), steps)


def optimizer(call: Call, wrapper: Call | None = None, factor: float = 1.0) -> Optimizer:
    """The optimizer that a call and its wrapper describe; or with a learning rate `factor` times as large."""
    hyper = {name: schedule(value) if isinstance(value, Call) else value for name, value in call.hyper}
    if factor != 1 and "lr" in hyper:
        hyper["lr"] = multiplied(hyper["lr"], factor)
    make = OPTIMIZERS[call.word]
    plain = scheduled(make, **hyper) if any(map(callable, hyper.values())) else make(**hyper)
    return WRAPPERS[wrapper.word](plain, **dict(wrapper.hyper)) if wrapper else plain


def multiplied(rate: Any, factor: float) -> Any:
    """A learning rate, or each value of its schedule, so many times as large."""
    return (lambda t: factor * rate(t)) if callable(rate) else factor * rate


def schedule(call: Call) -> Schedule:
    """The function of the step that a call describes."""
    return SCHEDULES[call.word](**dict(call.hyper))


def suggested_lr(place: Call, racer: Call, noise: float = 0.0, seed: int = 0) -> float:
    """The calmest rate of the slider that gets as low as any; its first stop where none stays in the view."""
    rate = tried(calmest_rate, place, racer, noise, seed)
    return float(RATE.low) if rate is None else rate


def boldest_lr(place: Call, racer: Call, noise: float = 0.0, seed: int = 0) -> float | None:
    """The largest rate of the slider before the first that is thrown out of the view; None where every one is."""
    return tried(boldest_rate, place, racer, noise, seed)


def tried(choose: Callable[..., float | None], place: Call, racer: Call, noise: float, seed: int) -> float | None:
    """A rate for an optimizer, whatever rate it has."""
    hyper = tuple((name, value) for name, value in racer.hyper if name != "lr" and not isinstance(value, Call))
    return chosen(choose.__name__, place, racer.word, hyper, noise, seed)


@st.cache_data(max_entries=1024, show_spinner=False)
def chosen(
    choose: str, place: Call, word: str, hyper: tuple[tuple[str, Any], ...], noise: float, seed: int
) -> float | None:
    truth = thinned(surface(place)) if place.word == data_scene.DATA else surface(place)
    problem: Any = attended(noisy(truth, noise, seed))  # it has the surface's view and start too
    return RATES[choose](OPTIMIZERS[word], problem, np.array(RATE.stops), **dict(hyper))
