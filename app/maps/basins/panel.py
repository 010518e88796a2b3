"""The map of basins on the page: its options, which are runs and a window, and its link."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.compute.background_jobs import JobStatus
from app.compute.cached_simulation import build_surface, simulate_path
from app.maps.basins.job import (
    BASIN_LABELS,
    ENDING_CODES,
    MAP_SIDE,
    UNKNOWN_CODE,
    BasinMap,
    BasinRequest,
    get_basin_job,
)
from app.maps.go_to_race import go_to_race
from app.maps.map_component import (
    MapPoint,
    decode_point,
    decode_window,
    get_pointed,
    poll_map,
    show_map,
    show_path,
)
from app.maps.map_kind import MapType, get_options, read_run_number, set_options, show_selector
from app.model import display_names
from app.model.call_syntax import read_literal, write_number
from app.model.plane_window import MIN_WINDOW_FRACTION, WINDOW_LIMITS, Window, is_within_limits, round_interval
from app.model.scene import Call, Run, Scene, UserError
from app.session.fragment_reruns import rerun_fragments
from app.session.polled_jobs import poll_job
from app.session.race_scene_and_undo import get_scene
from app.translation import translate
from optimizers.analysis.basins_of_attraction import number_jointly
from optimizers.analysis.ending_classification import Ending
from surfaces.base import Array
from surfaces.translatable import Translatable

NO_RUN = -1  # no second run
COMPONENT_KEYS = ("map-one", "map-two")


class BasinOptions(NamedTuple):
    window: Window | None = None  # None: the surface's own view
    surface: Call | None = None  # the surface to which the window belongs
    runs: tuple[int, ...] = (0, 1)  # the indices in the scene of the runs whose maps are side by side


def get_zoomed_window(scene: Scene) -> Window | None:
    """The window to which the visitor zoomed on this surface."""
    options = get_options(MAP_TYPE)
    return options.window if options.surface == scene.surface else None


def get_full_window(scene: Scene) -> Window:
    """The surface's own view."""
    (left, right), (bottom, top) = build_surface(scene.surface).box
    return (float(left), float(right)), (float(bottom), float(top))


def get_window(scene: Scene) -> Window:
    """The part of the plane that is mapped."""
    return get_zoomed_window(scene) or get_full_window(scene)


def zoom_to(scene: Scene, window: Window) -> None:
    """Map another window, unless it is too narrow for floating point or much too wide."""
    full = get_full_window(scene)
    if is_within_limits(window, full):
        zoomed = None if is_same_window(window, full) else (round_interval(window[0]), round_interval(window[1]))
        set_options(MAP_TYPE, get_options(MAP_TYPE)._replace(window=zoomed, surface=scene.surface))


def is_same_window(one: Window, other: Window) -> bool:
    """Whether two windows differ by rounding only."""
    return all(
        abs(a - b) <= MIN_WINDOW_FRACTION * (ends[1] - ends[0])
        for here, ends in zip(one, other, strict=True)
        for a, b in zip(here, ends, strict=True)
    )


# ---- on the page


def show_basins(scene: Scene) -> None:
    show_run_selectors(scene)
    runs = list_mapped_runs(scene)
    requests = [make_basin_request(scene, run) for run in runs]
    for request in requests:
        poll_job(get_basin_job, request)  # all begin before the page waits for the first
    keys = COMPONENT_KEYS[: len(runs)]
    statuses = [poll_map(MAP_TYPE, key, request) for key, request in zip(keys, requests, strict=True)]
    maps = share_numbers([status.result for status in statuses], scene)
    for column, key, run, request, status, basins in zip(
        st.columns(len(runs)), keys, runs, requests, statuses, maps, strict=True
    ):
        with column:
            show_run_map(key, scene, run, request, status, basins)


def share_numbers(maps: Sequence[BasinMap | None], scene: Scene) -> list[BasinMap | None]:
    """The maps with one numbering of minima, so that a minimum has the same colour in all of them."""
    known = [basins for basins in maps if basins]
    widths = tuple(high - low for low, high in get_full_window(scene))
    numbers, minima = number_jointly([basins.minima for basins in known], widths)
    renumbered = iter(renumber(basins, number, minima) for basins, number in zip(known, numbers, strict=True))
    return [basins and next(renumbered) for basins in maps]


def renumber(basins: BasinMap, number: NDArray[np.intp], minima: Array) -> BasinMap:
    """A map with other numbers of its minima, which are among all the `minima`; what is no minimum stays."""
    table = np.arange(256, dtype=np.uint8)
    table[: number.size] = number
    table[number.size : UNKNOWN_CODE] = minima.shape[1]  # minima that are not told apart
    return basins._replace(code=table[basins.code], minima=minima)


def show_run_map(
    key: str, scene: Scene, run: Run, request: BasinRequest, status: JobStatus, basins: BasinMap | None
) -> None:
    """The map of one run, and the path from the start that is pointed at."""
    header = {
        "side": MAP_SIDE,
        "window": request.window,
        "stride": basins.stride if basins else 0,
        "box": get_full_window(scene),
        "window_limits": WINDOW_LIMITS,
        "start": scene.start,
        "title": display_names.format_name(run, scene.runs),
        "starts": f"{MAP_SIDE**2:,}",
        "endings": {UNKNOWN_CODE: "unknown"}
        | {int(ENDING_CODES[ending]): ending.name.lower() for ending in Ending if ending != Ending.MINIMUM},
    }
    arrays = {"code": basins.code, "step": basins.step, "minima": basins.minima} if basins else {}
    show_map(MAP_TYPE, key, status, header, arrays, request)
    point = get_pointed(key)
    if point:
        show_path(key, point, *simulate_path(replace(scene, start=(point.x, point.y)), run))


def race_from(point: MapPoint) -> None:
    go_to_race(replace(get_scene(), start=(point.x, point.y)))


def make_basin_request(scene: Scene, run: Run) -> BasinRequest:
    return BasinRequest(
        scene.surface, run.optimizer, run.wrapper, scene.steps, scene.noise, scene.seed, get_window(scene)
    )


def list_mapped_runs(scene: Scene) -> tuple[Run, ...]:
    """The runs whose maps are shown: one, or two side by side."""
    indices = dict.fromkeys(index for index in get_options(MAP_TYPE).runs if index < len(scene.runs))
    return tuple(scene.runs[index] for index in indices) or scene.runs[:1]


def show_run_selectors(scene: Scene) -> None:
    titles = {index: display_names.format_run(each, scene.runs) for index, each in enumerate(scene.runs)}
    first, *second = (scene.runs.index(run) for run in list_mapped_runs(scene))
    others = {NO_RUN: translate("nothing")} | {index: title for index, title in titles.items() if index != first}
    left, right = st.columns(2)
    with left:
        show_selector("map-first", translate("Map of"), titles, first, apply_selection)
    with right:
        show_selector("map-second", translate("Beside it"), others, second[0] if second else NO_RUN, apply_selection)


def apply_selection() -> None:
    """The visitor chose other runs. A title that a run no longer has, from a browser that is late, chooses none."""
    selected = [st.session_state.get(key) for key in ("map-first", "map-second")]
    if all(isinstance(index, int) for index in selected):
        runs = tuple(index for index in selected if index != NO_RUN)
        set_options(MAP_TYPE, get_options(MAP_TYPE)._replace(runs=runs))
    rerun_fragments()


# ---- in links


def write_options(scene: Scene, options: BasinOptions) -> list[str]:
    sides = zip("xy", get_zoomed_window(scene) or (), strict=False)
    arguments = [f"{name}=({write_number(low)},{write_number(high)})" for name, (low, high) in sides]
    runs = dict.fromkeys(index for index in options.runs if index < len(scene.runs))  # a removed run cannot be linked
    if not runs or options.runs == (0, 1):
        return arguments
    return [*arguments, f"runs=({','.join(str(index + 1) for index in runs)},)"]


def read_options(arguments: Mapping[str, ast.expr]) -> BasinOptions:
    runs = read_run_numbers(arguments["runs"]) if "runs" in arguments else BasinOptions().runs
    if not arguments.keys() & {"x", "y"}:
        return BasinOptions(runs=runs)
    if not arguments.keys() >= {"x", "y"}:
        raise UserError("A window is x and y, like x=(-2,2), y=(-2,2).")
    window = read_interval("x", arguments["x"]), read_interval("y", arguments["y"])
    return BasinOptions(window, get_scene().surface, runs)


def read_run_numbers(node: ast.expr) -> tuple[int, ...]:
    """The indices of one run or two; in links runs count from 1."""
    numbers = tuple(map(read_literal, node.elts)) if isinstance(node, ast.Tuple) else (read_literal(node),)
    hint = Translatable("A map shows one run or two, given by their numbers: runs=(1,2).")
    if len(numbers) not in (1, 2):
        raise UserError(hint)
    return tuple(read_run_number(number, hint) for number in numbers)


def read_interval(name: str, node: ast.expr) -> tuple[float, float]:
    ends = tuple(map(read_literal, node.elts)) if isinstance(node, ast.Tuple) else ()
    if len(ends) != 2 or any(isinstance(end, bool) or abs(end) > 1e6 for end in ends) or not ends[0] < ends[1]:
        raise UserError("{name} is two numbers, the lower one first, like {name}=(-2,2).", name=name)
    return float(ends[0]), float(ends[1])


MAP_TYPE = MapType(
    name="basins",
    arguments=("x", "y", "runs"),
    title=Translatable("Starts"),
    introduction=Translatable(
        "**Where does each start lead?** Every point of the map is a run from there: its colour is the minimum "
        "that it reaches, strong where it is fast, faint where it is slow."
    ),
    labels=BASIN_LABELS,
    default=BasinOptions(),
    read_options=read_options,
    write_options=write_options,
    get_job=get_basin_job,
    show=show_basins,
    events={
        "pointed": None,
        "picked": (decode_point, race_from),
        "window": (decode_window, lambda window: zoom_to(get_scene(), window)),
    },
)
