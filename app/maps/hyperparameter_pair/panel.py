"""The map of two hyperparameters on the page: its options, which are a run, two axes and a quantity, and its link."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from app.compute.cached_simulation import build_map_surface, find_lowest_known_loss, simulate_path
from app.compute.tunable_run_parameters import ParameterPath, RunParameter, list_parameters, with_values
from app.figures.landscape_figure import encode_float32, make_landscape
from app.maps.go_to_race import go_to_race
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
from app.maps.map_component import MapPoint, decode_point, get_pointed, poll_map, show_map, show_path
from app.maps.map_kind import MapType, get_options, read_run_number, set_options, show_selector
from app.model import display_names
from app.model.call_syntax import get_name, read_choice, read_literal
from app.model.hyperparameter_table import get_range
from app.model.scene import Call, Run, Scene, UserError, reject_argument
from app.session.fragment_reruns import rerun_fragments
from app.session.race_scene_and_undo import get_scene
from app.translation import translate
from optimizers.analysis.ending_classification import Ending
from surfaces.number_format import format_number
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
    x: ParameterPath | None = None  # None: the first that is not the other axis
    y: ParameterPath | None = None
    run: int | None = None  # its index in the scene; None: the first with two numbers to vary
    quantity: str = "loss"


class GridView(NamedTuple):
    """The run that is mapped, its axes, and the request."""

    run: Run
    x: RunParameter
    y: RunParameter
    request: GridRequest

    def run_at_cell(self, column: int, row: int) -> Run | None:
        """The run of a cell; None outside the map."""
        across, up = make_axis_values(self.x.limits), make_axis_values(self.y.limits)
        if not (0 <= column < across.size and 0 <= row < up.size):
            return None
        return with_values(self.run, (self.x, self.y), (across[column], up[row]))


def get_varied_run(scene: Scene, options: GridOptions | None = None) -> Run:
    """The run whose hyperparameters are varied, by these options or those in force."""
    index = (options or get_options(MAP_TYPE)).run
    return scene.runs[index if index is not None and index < len(scene.runs) else find_default_run(scene)]


def find_default_run(scene: Scene) -> int:
    """The index of the first run with two numbers to vary; 0 if there is none."""
    return next((i for i, run in enumerate(scene.runs) if len(list_parameters(run)) > 1), 0)


def choose_axes(run: Run, options: GridOptions) -> tuple[RunParameter, RunParameter] | None:
    """The horizontal and the vertical axis, by default the first that are left; None if the run has not two."""
    left = {parameter.path: parameter for parameter in list_parameters(run)}
    if len(left) < 2:
        return None
    x, y = (left.pop(path, None) if path else None for path in (options.x, options.y))
    x = x or left.pop(next(iter(left)))
    return x, y or left.pop(next(iter(left)))


def make_grid_view(scene: Scene) -> GridView | None:
    run = get_varied_run(scene)
    axes = choose_axes(run, get_options(MAP_TYPE))
    if not axes:
        return None
    return GridView(
        run, *axes, make_grid_request(scene.surface, run, scene.start, scene.steps, scene.noise, scene.seed, *axes)
    )


def get_quantity(scene: Scene) -> str:
    """The quantity that is shown; a rate only if there is one."""
    quantity = get_options(MAP_TYPE).quantity
    return "loss" if quantity == "rate" and not has_measured_rate(scene) else quantity


def has_measured_rate(scene: Scene) -> bool:
    return not scene.noise and find_quadratic(scene.surface) is not None


# ---- on the page


def show_grid(scene: Scene) -> None:
    show_selectors(scene)
    view = make_grid_view(scene)
    if not view:
        st.info(
            translate(
                "{run} has fewer than two numbers to vary: the learning-rate sweep shows what one does. "
                "Give it a wrapper or a schedule in its card, or choose another run.",
                run=display_names.format_name(get_varied_run(scene), scene.runs),
            )
        )
        return
    status = poll_map(MAP_TYPE, COMPONENT_KEY, view.request)
    grid: HyperparameterGrid | None = status.result
    across, up = make_axis_values(view.x.limits), make_axis_values(view.y.limits)
    spectral_radii = compute_spectral_radii(view.request, across, up)
    header = {
        "stride": grid.stride if grid else 0,
        "columns": across.size,
        "rows": up.size,
        "across": encode_axis(view.x, view.run),
        "up": encode_axis(view.y, view.run),
        "shown": get_quantity(scene),
        "steps": scene.steps,
        "bottom": find_lowest_known_loss(scene.surface),
        "endings": [ending.name.lower() for ending in Ending],
        "stage": make_inset(scene.surface),
        "start": scene.start,
        "slot": view.run.slot,
        "title": display_names.format_name(view.run, scene.runs),
        "cells": f"{across.size * up.size:,}",
        "goal": display_names.format_compact(100 * ARRIVAL_LOSS_FRACTION),
    }
    arrays: dict[str, Any] = {"theory": spectral_radii} if spectral_radii is not None else {}
    if grid:
        arrays |= {
            "kind": grid.kind, "loss": grid.loss, "reached": grid.steps_to_goal, "rate": grid.measured_rate
        }  # fmt: skip
    show_map(MAP_TYPE, COMPONENT_KEY, status, header, arrays, view.request)
    point = get_pointed(COMPONENT_KEY)
    run = view.run_at_cell(round(point.x), round(point.y)) if point else None
    if point and run:
        show_path(COMPONENT_KEY, point, *simulate_path(scene, run))


def race_cell(point: MapPoint) -> None:
    """A cell was clicked: go to the race with its run."""
    view = make_grid_view(get_scene())
    run = view.run_at_cell(round(point.x), round(point.y)) if view else None
    if run:
        go_to_race(get_scene().replace_run(run._replace(is_on=True)))


def encode_axis(parameter: RunParameter, run: Run) -> dict[str, Any]:
    """An axis for the browser: its label, its values as text, its ticks, and the position of the run's own value."""
    values = make_axis_values(parameter.limits)
    return {
        "label": label_parameter(parameter), "texts": [format_number(value, 4) for value in values],
        "ticks": choose_ticks(parameter.limits, values), "own": find_axis_position(values, parameter.get_value(run)),
    }  # fmt: skip


def label_parameter(parameter: RunParameter) -> str:
    """For example "lr", "lr: peak" of its schedule, or "Clipped gradient: norm" of its wrapper."""
    label, owner = translate(parameter.limits.label), parameter.path[0]
    if len(parameter.path) == 1:
        return label
    is_wrapper = parameter.belongs_to_wrapper
    outer = display_names.get_display_name(owner) if is_wrapper else translate(get_range(owner).label)
    return translate("{outer}: {inner}", outer=outer, inner=label)


@lru_cache(maxsize=64)
def make_inset(surface: Call) -> dict[str, Any]:
    """The small landscape under the path of the run that is pointed at."""
    whole = make_landscape(build_map_surface(surface), INSET_GRID_SIZE)
    (contour,) = whole["figure"]["data"]
    contour["z"] = encode_float32(contour["z"])
    return {"contour": contour, "box": whole["box"], "minima": whole["minima"], "themes": whole["themes"]}


def show_selectors(scene: Scene) -> None:
    """Widgets for the run, the two axes and the quantity."""
    run = get_varied_run(scene)
    titles = {index: display_names.format_run(each, scene.runs) for index, each in enumerate(scene.runs)}
    names = {parameter.path: label_parameter(parameter) for parameter in list_parameters(run)}
    axes = choose_axes(run, get_options(MAP_TYPE))
    columns = st.columns([3, 2, 2, 3])
    with columns[0]:
        show_selector("pairs-run", translate("Run"), titles, scene.runs.index(run), apply_selection)
    if not axes:
        return
    with columns[1]:
        show_selector("pairs-x", translate("Horizontal axis"), names, axes[0].path, apply_selection)
    with columns[2]:
        show_selector("pairs-y", translate("Vertical axis"), names, axes[1].path, apply_selection)
    with columns[3]:
        quantities = {
            key: translate(text) for key, text in QUANTITIES.items() if key != "rate" or has_measured_rate(scene)
        }
        show_selector("pairs-shown", translate("Shown"), quantities, get_quantity(scene), apply_selection)


def apply_selection() -> None:
    """The visitor chose other options. If both axes are the same now, they are swapped."""
    scene, options = get_scene(), get_options(MAP_TYPE)
    run, x, y, quantity = (st.session_state.get(f"pairs-{name}") for name in ("run", "x", "y", "shown"))
    axes = choose_axes(get_varied_run(scene), options)
    if axes and x == y:
        x, y = (axes[1].path, x) if y != axes[1].path else (x, axes[0].path)
    if isinstance(run, int) and run != scene.runs.index(get_varied_run(scene)):
        options = options._replace(run=run)
    else:
        options = options._replace(
            x=x or options.x, y=y or options.y, quantity=quantity if quantity in QUANTITIES else options.quantity
        )
    set_options(MAP_TYPE, options)
    rerun_fragments()


# ---- in links


def write_options(scene: Scene, options: GridOptions) -> list[str]:
    arguments = []
    if scene.runs:
        run = get_varied_run(scene, options)
        known = {parameter.path for parameter in list_parameters(run)}
        arguments += [
            f"{name}={format_path(path)}" for name, path in (("x", options.x), ("y", options.y)) if path in known
        ]
        arguments += [f"run={scene.runs.index(run) + 1}"] if scene.runs.index(run) != find_default_run(scene) else []
    return arguments + ([f"show={options.quantity}"] if options.quantity != "loss" else [])


def format_path(path: ParameterPath | None) -> str:
    return "" if path is None else path[0] if len(path) == 1 else f"({','.join(path)})"


def read_options(arguments: Mapping[str, ast.expr]) -> GridOptions:
    scene, options = get_scene(), GridOptions()
    if "run" in arguments:
        options = options._replace(run=read_run_number(read_literal(arguments["run"]), RUN_NUMBER_HINT))
    if "show" in arguments:
        quantity = get_name(arguments["show"])
        if quantity not in QUANTITIES:
            raise UserError("A map shows one of {words}.", words=", ".join(QUANTITIES))
        options = options._replace(quantity=quantity)
    paths = {name: read_path(arguments[name]) for name in ("x", "y") if name in arguments}
    if scene.runs:
        run = scene.runs[find_default_run(scene) if options.run is None else options.run]
        for path in paths.values():
            if path not in {parameter.path for parameter in list_parameters(run)}:
                reject_argument(run.optimizer.name, format_path(path))
    if len(paths) == 2 and paths["x"] == paths["y"]:
        raise UserError("A map varies two different hyperparameters, like x=lr, y=mu.")
    return options._replace(**paths)


def read_path(node: ast.expr) -> ParameterPath:
    """Read lr, or (lr,peak) of its schedule, or (clipped,norm) of a wrapper."""
    names = read_choice(node)
    path = (names,) if isinstance(names, str) else names
    is_path = isinstance(path, tuple) and len(path) in (1, 2)
    if not is_path or not all(isinstance(name, str) and name for name in path):
        raise UserError("A hyperparameter is a name, like x=lr, or two in brackets, like x=(lr,peak).")
    return path


MAP_TYPE = MapType(
    name="pairs",
    arguments=("x", "y", "run", "show"),
    title=Translatable("Two hyperparameters"),
    introduction=Translatable(
        "**Which values work together?** Every cell of the map is the run with two of its hyperparameters changed: "
        "strong where it ends well, faint where it does not, hatched where it diverges."
    ),
    labels=GRID_LABELS,
    default=GridOptions(),
    read_options=read_options,
    write_options=write_options,
    get_job=get_grid_job,
    show=show_grid,
    events={"pointed": None, "picked": (decode_point, race_cell)},
)
