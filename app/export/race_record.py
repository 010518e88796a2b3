"""A report of a race in words: its scene, its surface, how each run ended, and versions."""

import platform
from typing import Any, NamedTuple

import numpy as np
import scipy

from app.compute.cached_simulation import RunResult, get_steps_per_epoch, simulate_run
from app.compute.cached_simulation import build_surface as built
from app.export.python_literals import format_call, format_optimizer
from app.model import display_names
from app.model.scene import Call, Run, Scene
from app.model.surface_source_registry import get_source
from app.scene_text.writer import write_scene
from app.translation import DEFAULT_LANGUAGE, translate, use_language


class RunReport(NamedTuple):
    """One run in words, with its numbers up to the last step at which it was alive."""

    number: int  # its place in the scene's text, from 1
    name: str
    call: str  # with every hyperparameter
    hyper: dict[str, Any]  # numbers, and schedules as calls
    verdict_kind: str  # of the verdict, see `optimizers.analysis.verdicts`
    verdict_step: int  # the step that the verdict names
    verdict: str
    last_step: int  # the last step with numbers
    columns: dict[str, np.ndarray[Any, Any]]


class RaceReport(NamedTuple):
    """A race in words and numbers, in English: files of data are shared across languages."""

    scene: str  # its text
    surface: str
    meaning: str  # of the surface: the first sentence of its docstring, or the visitor's formula
    minima: tuple[tuple[float, float], ...]  # global ones that are known
    box: tuple[tuple[float, float], ...]  # the view
    steps_per_epoch: float | None  # steps in an epoch, where there is data
    runs: tuple[RunReport, ...]
    versions: dict[str, str]


def report_race(scene: Scene) -> RaceReport:
    """All of `scene`; the runs are those that are on."""
    with use_language(DEFAULT_LANGUAGE):
        source, place = get_source(scene.surface), built(scene.surface)
        return RaceReport(
            write_scene(scene),
            format_call(scene.surface),
            source.describe(scene.surface),
            tuple((float(x), float(y)) for x, y in place.minima),
            tuple((float(low), float(high)) for low, high in place.box),
            get_steps_per_epoch(scene.surface),
            tuple(report_run(scene, i, one) for i, one in enumerate(scene.runs, 1) if one.is_on),
            {"Python": platform.python_version(), "NumPy": np.__version__, "SciPy": scipy.__version__},
        )


def report_run(scene: Scene, number: int, run: Run) -> RunReport:
    found: RunResult = simulate_run(scene, run)
    verdict = found.verdict
    hyper = {name: format_call(value) if isinstance(value, Call) else value for name, value in run.optimizer.arguments}
    columns = {name: values[: found.last_step + 1] for name, values in found.columns.items()}
    return RunReport(
        number,
        display_names.format_title(run),
        format_optimizer(run),
        hyper,
        verdict.kind,
        int(verdict.step),
        translate(verdict.sentence),
        found.last_step,
        columns,
    )
