"""Describe a race in words: its scene and surface, how each run ended, and the versions of the libraries."""

import platform
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import scipy

from app.compute.cached_simulation import build_surface, get_steps_per_epoch, simulate_run
from app.compute.surface_source_registry import get_source
from app.export.python_literals import format_call, format_optimizer
from app.model import display_names
from app.model.scene import Call, Run, Scene
from app.scene_text.writer import write_scene
from app.translation import DEFAULT_LANGUAGE, translate, use_language


class RunReport(NamedTuple):
    """A run in words, and its numbers up to the last step at which it was alive."""

    number: int  # position in the scene, from 1
    name: str
    call: str  # with every hyperparameter
    hyper: dict[str, Any]  # numbers, and calls of schedules as text
    verdict_kind: str  # see `optimizers.analysis.verdict_types`
    verdict_step: int  # the step that the verdict names
    verdict: str
    last_step: int  # the last step with numbers
    columns: dict[str, np.ndarray[Any, Any]]


class RaceReport(NamedTuple):
    """A race in words and numbers, always in English, since data files are shared across languages."""

    scene: str  # as text
    surface: str
    meaning: str  # the first sentence of the surface's docstring, or the visitor's formula
    minima: tuple[tuple[float, float], ...]  # known global minima
    box: tuple[tuple[float, float], ...]  # the view
    steps_per_epoch: float | None  # None without data
    runs: tuple[RunReport, ...]
    versions: dict[str, str]


def report_race(scene: Scene) -> RaceReport:
    """Report on `scene` and its runs that are on."""
    with use_language(DEFAULT_LANGUAGE):
        source, surface = get_source(scene.surface), build_surface(scene.surface)
        return RaceReport(
            write_scene(scene),
            format_call(replace(scene.surface, arguments=source.list_python_arguments(scene.surface))),
            source.describe(scene.surface),
            tuple((float(x), float(y)) for x, y in surface.minima),
            tuple((float(low), float(high)) for low, high in surface.box),
            get_steps_per_epoch(scene.surface),
            tuple(report_run(scene, i, run) for i, run in enumerate(scene.runs, 1) if run.is_on),
            get_versions(),
        )


def get_versions() -> dict[str, str]:
    """Those of Python and of the libraries that compute."""
    return {"Python": platform.python_version(), "NumPy": np.__version__, "SciPy": scipy.__version__}


def report_run(scene: Scene, number: int, run: Run) -> RunReport:
    result = simulate_run(scene, run)
    verdict = result.verdict
    hyper = {name: format_call(value) if isinstance(value, Call) else value for name, value in run.optimizer.arguments}
    columns = {name: values[: result.last_step + 1] for name, values in result.columns.items()}
    return RunReport(
        number,
        display_names.format_title(run),
        format_optimizer(run),
        hyper,
        verdict.kind,
        int(verdict.step),
        translate(verdict.sentence),
        result.last_step,
        columns,
    )
