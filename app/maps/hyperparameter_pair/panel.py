"""The map of two hyperparameters: whose, which two, and what of the runs is shown."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from app.compute.cached_simulation import build_surface, find_lowest_known_loss, simulate_path
from app.compute.varied_parameters import (
    ParameterPath,
    RunParameter,
    choose_ticks,
    find_axis_position,
    list_parameters,
    make_axis_values,
    with_value,
)
from app.figures.landscape_figure import make_landscape
from app.maps import map_component
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
from optimizers.number_format import format_number
from surfaces.translatable import Translatable

COMPONENT_KEY = "map-pairs"
INSET_GRID_SIZE = 65  # values along each side of the small landscape
RUN_NUMBER_HINT = Translatable("A map is of one run, by its place: run=1.")
QUANTITIES = {
    "loss": Translatable("Final loss"),
    "steps": Translatable("Steps to the goal"),
    "rate": Translatable("Measured rate"),
}


class GridOptions(NamedTuple):
    x: ParameterPath | None = None  # None: the first that is left
    y: ParameterPath | None = None
    run: int | None = None  # of the scene, by its place; None: the first that has two numbers
    shown: str = "loss"


class GridView(NamedTuple):
    """What is mapped, ready to be asked for."""

    run: Run
    x: RunParameter
    y: RunParameter
    question: GridRequest

    def at(self, column: int, row: int) -> Run | None:
        """The run of a cell; None where there is none."""
        across, up = make_axis_values(self.x.knob), make_axis_values(self.y.knob)
        if not (0 <= column < across.size and 0 <= row < up.size):
            return None
        return with_value(with_value(self.run, self.x.path, across[column]), self.y.path, up[row])


def get_varied_run(now: Scene, choice: GridOptions | None = None) -> Run:
    """The run whose hyperparameters are varied, as chosen now or by this choice."""
    wanted = (choice or get_options(GRID_MAP)).run
    return now.runs[wanted if wanted is not None and wanted < len(now.runs) else find_default_run(now)]


def find_default_run(now: Scene) -> int:
    """The place of the first run that has two numbers to vary; the first of all where none has."""
    return next((i for i, run in enumerate(now.runs) if len(list_parameters(run)) > 1), 0)


def choose_axes(run: Run, choice: GridOptions) -> tuple[RunParameter, RunParameter] | None:
    """Across and up: as chosen where the run has them, else the first that are left; None where it has not two."""
    left = {dial.path: dial for dial in list_parameters(run)}
    if len(left) < 2:
        return None
    x, y = (left.pop(wanted, None) if wanted else None for wanted in (choice.x, choice.y))
    x = x or left.pop(next(iter(left)))
    return x, y or left.pop(next(iter(left)))


def make_grid_view(now: Scene) -> GridView | None:
    run = get_varied_run(now)
    found = choose_axes(run, get_options(GRID_MAP))
    if not found:
        return None
    return GridView(run, *found, make_grid_request(now.surface, run, now.start, now.steps, now.noise, now.seed, *found))


def get_quantity(now: Scene) -> str:
    """What of the runs is shown; a rate only where there is one."""
    wanted = get_options(GRID_MAP).shown
    return "loss" if wanted == "rate" and not has_measured_rate(now) else wanted


def has_measured_rate(now: Scene) -> bool:
    return not now.noise and find_quadratic(now.surface) is not None


# ---- on the page


def show_grid(now: Scene) -> None:
    show_selectors(now)
    what = make_grid_view(now)
    if not what:
        st.info(
            translate(
                "{run} has fewer than two numbers to vary: the learning-rate sweep shows what one does. "
                "Give it a wrapper or a schedule in its card, or choose another run.",
                run=display_names.format_title(get_varied_run(now)),
            )
        )
        return
    question = what.question
    mark = f"{hash(question):x}"
    news = poll_job(get_grid_job, question, map_component.get_seen_version(COMPONENT_KEY, mark))
    found: HyperparameterGrid | None = news.found
    across, up = make_axis_values(what.x.knob), make_axis_values(what.y.knob)
    bowl = compute_spectral_radii(question, across, up)
    header = {
        "apart": found.apart if found else 0,
        "columns": across.size,
        "rows": up.size,
        "across": encode_axis(what.x, what.run),
        "up": encode_axis(what.y, what.run),
        "shown": get_quantity(now),
        "steps": now.steps,
        "bottom": find_lowest_known_loss(now.surface),
        "stage": make_inset(now.surface),
        "start": now.start,
        "slot": what.run.slot,
        "title": display_names.format_title(what.run),
        "cells": f"{across.size * up.size:,}",
        "goal": display_names.format_compact(100 * ARRIVAL_LOSS_FRACTION),
        "labels": translate_table(GRID_LABELS),
    }
    columns = {"kind": found.kind, "loss": found.loss, "reached": found.reached, "rate": found.rate} if found else {}
    map_component.show_map(
        COMPONENT_KEY, "pairs", mark, news, header, columns | ({"theory": bowl} if bowl is not None else {}),
        pointed=None,
        picked=(map_component.decode_point, race_cell),
        stopped=(map_component.decode_stop, lambda stopped: set_stopped(get_grid_job, question, stopped)),
    )  # fmt: skip
    pointed = map_component.get_pointed(COMPONENT_KEY)
    run = what.at(round(pointed.x), round(pointed.y)) if pointed else None
    if pointed and run:
        x, y = simulate_path(now, run)
        map_component.show_path(COMPONENT_KEY, pointed, x, y)


def race_cell(at: map_component.MapPoint) -> None:
    """A cell was clicked: its run is in the race."""
    what = make_grid_view(get_scene())
    run = what.at(round(at.x), round(at.y)) if what else None
    if run:
        go_to_race(get_scene().replace_run(run._replace(on=True)))


def encode_axis(dial: RunParameter, run: Run) -> dict[str, Any]:
    """What the browser is told of one: what it is called, its values as text, its ticks, and where the run stands."""
    values = make_axis_values(dial.knob)
    return {
        "label": label_parameter(dial, run), "texts": [format_number(value, 4) for value in values],
        "ticks": choose_ticks(dial.knob, values), "own": find_axis_position(values, dial.value),
    }  # fmt: skip


def label_parameter(dial: RunParameter, run: Run) -> str:
    """lr, or lr: peak of its schedule, or Clipped gradient: norm."""
    *outer, _ = dial.path
    label = translate(dial.knob.label)
    if not outer:
        return label
    wrapped = run.wrapper and outer[0] == run.wrapper.word
    around = display_names.get_display_name(outer[0]) if wrapped else translate(get_range(outer[0]).label)
    return translate("{outer}: {inner}", outer=around, inner=label)


@lru_cache(maxsize=64)
def make_inset(place: Call) -> dict[str, Any]:
    """A small landscape, under the path of the run that is pointed at."""
    whole = make_landscape(build_surface(place), INSET_GRID_SIZE)
    (contour,) = whole["figure"]["data"]
    return {"contour": contour, "box": whole["box"], "minima": whole["minima"], "themes": whole["themes"]}


def show_selectors(now: Scene) -> None:
    """Whose hyperparameters, which two, and what is shown."""
    titles = [display_names.format_run(run) for run in now.runs]
    run = get_varied_run(now)
    names = {dial.path: label_parameter(dial, run) for dial in list_parameters(run)}
    found = choose_axes(run, get_options(GRID_MAP))
    whose, across, up, what = st.columns([3, 2, 2, 3])
    with whose:
        show_selector("pairs-run", translate("Run"), dict(enumerate(titles)), now.runs.index(run))
    if not found:
        return
    with across:
        show_selector("pairs-x", translate("Horizontal axis"), names, found[0].path)
    with up:
        show_selector("pairs-y", translate("Vertical axis"), names, found[1].path)
    with what:
        st.session_state["pairs-shown"] = get_quantity(now)
        st.segmented_control(
            translate("Shown"),
            [word for word in QUANTITIES if word != "rate" or has_measured_rate(now)],
            key="pairs-shown",
            on_change=apply_selection,
            format_func=lambda word: translate(QUANTITIES[word]),
            required=True,
        )


def show_selector(key: str, label: str, names: dict[Any, str], now: Any) -> None:
    st.session_state[key] = now
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
            choice._replace(x=x or choice.x, y=y or choice.y, shown=what if what in QUANTITIES else choice.shown),
        )
    rerun_fragments()


# ---- in the address


def write_options(now: Scene, choice: GridOptions) -> list[str]:
    if not now.runs:
        return [f"show={choice.shown}"] if choice.shown != "loss" else []
    known = {dial.path for dial in list_parameters(get_varied_run(now, choice))}
    given = [f"{name}={format_path(path)}" for name, path in (("x", choice.x), ("y", choice.y)) if path in known]
    run = now.runs.index(get_varied_run(now, choice))
    given += [f"run={run + 1}"] if run != find_default_run(now) else []
    return given + ([f"show={choice.shown}"] if choice.shown != "loss" else [])


def format_path(path: ParameterPath | None) -> str:
    return "" if path is None else path[0] if len(path) == 1 else f"({','.join(path)})"


def read_options(given: Mapping[str, ast.expr]) -> GridOptions:
    for name in given.keys() - {"x", "y", "run", "show"}:
        reject_argument(GRID_MAP.word, name)
    now, choice = get_scene(), GridOptions()
    if "run" in given:
        choice = choice._replace(run=read_run_number(read_literal(given["run"]), RUN_NUMBER_HINT))
    if "show" in given:
        word = get_name(given["show"])
        if word not in QUANTITIES:
            raise UserError("What is shown is one of {words}.", words=", ".join(QUANTITIES))
        choice = choice._replace(shown=word)
    wanted = {name: read_path(given[name]) for name in ("x", "y") if name in given}
    if now.runs:
        run = now.runs[find_default_run(now) if choice.run is None else choice.run]
        for wished in wanted.values():
            if wished not in {dial.path for dial in list_parameters(run)}:
                reject_argument(run.optimizer.word, format_path(wished))
    if len(wanted) == 2 and wanted["x"] == wanted["y"]:
        raise UserError("A map has two different numbers, like x=lr, y=mu.")
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
