"""The map of two hyperparameters: whose, which two, and what of the runs is shown."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from app.compute.cached_simulation import build_surface, find_lowest_known_loss, simulate_path
from app.compute.run_parameters import ParameterPath, RunParameter, list_parameters, with_values
from app.figures.landscape_figure import make_landscape
from app.maps import map_component
from app.maps.hyperparameter_pair.axis_scale import choose_ticks, find_axis_position, make_axis_values
from app.maps.hyperparameter_pair.job import (
    ARRIVAL_LOSS_FRACTION,
    GRID_LABELS,
    GridRequest,
    HyperparameterGrid,
    compute_spectral_radii,
    find_quadratic,
    get_grid_job,
    make_grid_request,
)
from app.maps.map_jobs import go_to_race, poll_job, set_stopped
from app.maps.map_kind import MapType, get_options, read_run_number, set_options
from app.model import display_names
from app.model.call_syntax import get_name, read_literal
from app.model.call_syntax import read_choice as words_of
from app.model.hyperparameter_ranges import get_range
from app.model.scene import Call, Run, Scene, UserError, reject_argument
from app.session.scene_state import get_scene, rerun_fragments
from app.translation import translate, translate_table
from optimizers.analysis.ending_classification import Ending
from optimizers.number_format import format_number
from surfaces.translatable import Translatable

COMPONENT_KEY = "map-pairs"
INSET_GRID_SIZE = 65  # values along each side of the small landscape
RUN_NUMBER_HINT = Translatable("A map shows one run, given by its number: run=1.")
QUANTITIES = {
    "loss": Translatable("Final loss"),
    "steps": Translatable("Steps to the goal"),
    "rate": Translatable("Measured rate"),
}


class GridOptions(NamedTuple):
    x: ParameterPath | None = None  # None: the first that is left
    y: ParameterPath | None = None
    run: int | None = None  # of the scene, by its place; None: the first that has two numbers
    quantity: str = "loss"


class GridView(NamedTuple):
    """What is mapped, ready to be asked for."""

    run: Run
    x: RunParameter
    y: RunParameter
    request: GridRequest

    def run_at_cell(self, column: int, row: int) -> Run | None:
        """The run of a cell; None where there is none."""
        across, up = make_axis_values(self.x.limits), make_axis_values(self.y.limits)
        if not (0 <= column < across.size and 0 <= row < up.size):
            return None
        return with_values(self.run, (self.x, self.y), (across[column], up[row]))


def get_varied_run(scene: Scene, options: GridOptions | None = None) -> Run:
    """The run whose hyperparameters are varied, as chosen now or by this choice."""
    wanted = (options or get_options(GRID_MAP)).run
    return scene.runs[wanted if wanted is not None and wanted < len(scene.runs) else find_default_run(scene)]


def find_default_run(scene: Scene) -> int:
    """The place of the first run that has two numbers to vary; the first of all where none has."""
    return next((i for i, run in enumerate(scene.runs) if len(list_parameters(run)) > 1), 0)


def choose_axes(run: Run, options: GridOptions) -> tuple[RunParameter, RunParameter] | None:
    """Across and up: as chosen where the run has them, else the first that are left; None where it has not two."""
    left = {one.path: one for one in list_parameters(run)}
    if len(left) < 2:
        return None
    x, y = (left.pop(wanted, None) if wanted else None for wanted in (options.x, options.y))
    x = x or left.pop(next(iter(left)))
    return x, y or left.pop(next(iter(left)))


def make_grid_view(scene: Scene) -> GridView | None:
    run = get_varied_run(scene)
    found = choose_axes(run, get_options(GRID_MAP))
    if not found:
        return None
    return GridView(
        run, *found, make_grid_request(scene.surface, run, scene.start, scene.steps, scene.noise, scene.seed, *found)
    )


def get_quantity(scene: Scene) -> str:
    """What of the runs is shown; a rate only where there is one."""
    wanted = get_options(GRID_MAP).quantity
    return "loss" if wanted == "rate" and not has_measured_rate(scene) else wanted


def has_measured_rate(scene: Scene) -> bool:
    return not scene.noise and find_quadratic(scene.surface) is not None


# ---- on the page


def show_grid(scene: Scene) -> None:
    show_selectors(scene)
    what = make_grid_view(scene)
    if not what:
        st.info(
            translate(
                "{run} has fewer than two numbers to vary: the learning-rate sweep shows what one does. "
                "Give it a wrapper or a schedule in its card, or choose another run.",
                run=display_names.format_title(get_varied_run(scene)),
            )
        )
        return
    question = what.request
    mark = f"{hash(question):x}"
    news = poll_job(get_grid_job, question, map_component.get_seen_version(COMPONENT_KEY, mark))
    found: HyperparameterGrid | None = news.result
    across, up = make_axis_values(what.x.limits), make_axis_values(what.y.limits)
    bowl = compute_spectral_radii(question, across, up)
    header = {
        "apart": found.stride if found else 0,
        "columns": across.size,
        "rows": up.size,
        "across": encode_axis(what.x, what.run),
        "up": encode_axis(what.y, what.run),
        "shown": get_quantity(scene),
        "steps": scene.steps,
        "bottom": find_lowest_known_loss(scene.surface),
        "stage": make_inset(scene.surface),
        "start": scene.start,
        "slot": what.run.slot,
        "title": display_names.format_title(what.run),
        "cells": f"{across.size * up.size:,}",
        "goal": display_names.format_compact(100 * ARRIVAL_LOSS_FRACTION),
        "labels": translate_table(GRID_LABELS),
        "endings": [ending.name.lower() for ending in Ending],
    }
    columns = (
        {"kind": found.kind, "loss": found.loss, "reached": found.steps_to_goal, "rate": found.measured_rate}
        if found
        else {}
    )
    map_component.show_map(
        COMPONENT_KEY, "pairs", mark, news, header, columns | ({"theory": bowl} if bowl is not None else {}),
        pointed=None,
        picked=(map_component.decode_point, race_cell),
        stopped=(map_component.decode_stop, lambda stopped: set_stopped(get_grid_job, question, stopped)),
    )  # fmt: skip
    pointed = map_component.get_pointed(COMPONENT_KEY)
    run = what.run_at_cell(round(pointed.x), round(pointed.y)) if pointed else None
    if pointed and run:
        x, y = simulate_path(scene, run)
        map_component.show_path(COMPONENT_KEY, pointed, x, y)


def race_cell(point: map_component.MapPoint) -> None:
    """A cell was clicked: its run is in the race."""
    what = make_grid_view(get_scene())
    run = what.run_at_cell(round(point.x), round(point.y)) if what else None
    if run:
        go_to_race(get_scene().replace_run(run._replace(is_on=True)))


def encode_axis(parameter: RunParameter, run: Run) -> dict[str, Any]:
    """What the browser is told of one: what it is called, its values as text, its ticks, and where the run stands."""
    values = make_axis_values(parameter.limits)
    return {
        "label": label_parameter(parameter), "texts": [format_number(value, 4) for value in values],
        "ticks": choose_ticks(parameter.limits, values), "own": find_axis_position(values, parameter.get_value(run)),
    }  # fmt: skip


def label_parameter(parameter: RunParameter) -> str:
    """lr, or lr: peak of its schedule, or Clipped gradient: norm."""
    label, owner = translate(parameter.limits.label), parameter.path[0]
    if len(parameter.path) == 1:
        return label
    wrapper = parameter.belongs_to_wrapper
    outer = display_names.get_display_name(owner) if wrapper else translate(get_range(owner).label)
    return translate("{outer}: {inner}", outer=outer, inner=label)


@lru_cache(maxsize=64)
def make_inset(surface: Call) -> dict[str, Any]:
    """A small landscape, under the path of the run that is pointed at."""
    whole = make_landscape(build_surface(surface), INSET_GRID_SIZE)
    (contour,) = whole["figure"]["data"]
    return {"contour": contour, "box": whole["box"], "minima": whole["minima"], "themes": whole["themes"]}


def show_selectors(scene: Scene) -> None:
    """Whose hyperparameters, which two, and what is shown."""
    titles = [display_names.format_run(run) for run in scene.runs]
    run = get_varied_run(scene)
    names = {one.path: label_parameter(one) for one in list_parameters(run)}
    found = choose_axes(run, get_options(GRID_MAP))
    whose, across, up, what = st.columns([3, 2, 2, 3])
    with whose:
        show_selector("pairs-run", translate("Run"), dict(enumerate(titles)), scene.runs.index(run))
    if not found:
        return
    with across:
        show_selector("pairs-x", translate("Horizontal axis"), names, found[0].path)
    with up:
        show_selector("pairs-y", translate("Vertical axis"), names, found[1].path)
    with what:
        st.session_state["pairs-shown"] = get_quantity(scene)
        st.segmented_control(
            translate("Shown"),
            [word for word in QUANTITIES if word != "rate" or has_measured_rate(scene)],
            key="pairs-shown",
            on_change=apply_selection,
            format_func=lambda word: translate(QUANTITIES[word]),
            required=True,
        )


def show_selector(key: str, label: str, names: dict[Any, str], selected: Any) -> None:
    st.session_state[key] = selected
    st.selectbox(label, list(names), key=key, format_func=lambda which: names.get(which, ""), on_change=apply_selection)


def apply_selection() -> None:
    """The visitor chose otherwise; where both axes are the same then, they are swapped."""
    now, choice = get_scene(), get_options(GRID_MAP)
    run, x, y, what = (st.session_state.get(f"pairs-{name}") for name in ("run", "x", "y", "shown"))
    before = choose_axes(get_varied_run(now), choice)
    if before and x == y:
        x, y = (before[1].path, x) if y != before[1].path else (x, before[0].path)
    if isinstance(run, int) and run != now.runs.index(get_varied_run(now)):
        set_options(GRID_MAP, choice._replace(run=run))
    else:
        set_options(
            GRID_MAP,
            choice._replace(x=x or choice.x, y=y or choice.y, quantity=what if what in QUANTITIES else choice.quantity),
        )
    rerun_fragments()


# ---- in the address


def write_options(scene: Scene, options: GridOptions) -> list[str]:
    if not scene.runs:
        return [f"show={options.quantity}"] if options.quantity != "loss" else []
    known = {one.path for one in list_parameters(get_varied_run(scene, options))}
    given = [f"{name}={format_path(path)}" for name, path in (("x", options.x), ("y", options.y)) if path in known]
    run = scene.runs.index(get_varied_run(scene, options))
    given += [f"run={run + 1}"] if run != find_default_run(scene) else []
    return given + ([f"show={options.quantity}"] if options.quantity != "loss" else [])


def format_path(path: ParameterPath | None) -> str:
    return "" if path is None else path[0] if len(path) == 1 else f"({','.join(path)})"


def read_options(given: Mapping[str, ast.expr]) -> GridOptions:
    for name in given.keys() - {"x", "y", "run", "show"}:
        reject_argument(GRID_MAP.name, name)
    now, choice = get_scene(), GridOptions()
    if "run" in given:
        choice = choice._replace(run=read_run_number(read_literal(given["run"]), RUN_NUMBER_HINT))
    if "show" in given:
        word = get_name(given["show"])
        if word not in QUANTITIES:
            raise UserError("A map shows one of {words}.", words=", ".join(QUANTITIES))
        choice = choice._replace(quantity=word)
    wanted = {name: read_path(given[name]) for name in ("x", "y") if name in given}
    if now.runs:
        run = now.runs[find_default_run(now) if choice.run is None else choice.run]
        for wished in wanted.values():
            if wished not in {one.path for one in list_parameters(run)}:
                reject_argument(run.optimizer.name, format_path(wished))
    if len(wanted) == 2 and wanted["x"] == wanted["y"]:
        raise UserError("A map varies two different hyperparameters, like x=lr, y=mu.")
    return choice._replace(**wanted)


def read_path(node: ast.expr) -> ParameterPath:
    """lr, or (lr,peak) of its schedule, or (clipped,norm) of a wrapper."""
    found = words_of(node)
    path = (found,) if isinstance(found, str) else found
    if not isinstance(path, tuple) or len(path) not in (1, 2) or not all(path):
        raise UserError("A hyperparameter is a name, like x=lr, or two in brackets, like x=(lr,peak).")
    return path


GRID_MAP = MapType(
    "pairs", Translatable("Two hyperparameters"),
    Translatable(
        "**Which values work together?** Every cell of the map is the run with two of its hyperparameters changed: "
        "strong where it ends well, faint where it does not, hatched where it diverges."
    ),
    GridOptions(), read_options, write_options, show_grid,
)  # fmt: skip
