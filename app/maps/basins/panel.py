"""The basin map's choice: whose starts are mapped, and in which window."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from math import floor, log10
from typing import NamedTuple

import streamlit as st

from app.compute.cached_simulation import build_surface, simulate_path
from app.maps import map_component
from app.maps.basins.job import BASIN_LABELS, ENDING_CODES, MAP_SIDE, BasinMap, BasinRequest, Window, get_basin_job
from app.maps.map_jobs import go_to_race, poll_job, set_stopped
from app.maps.map_kind import MapType, get_options, read_run_number, set_options
from app.model import display_names
from app.model.call_syntax import read_literal, write_number
from app.model.scene import Call, Run, Scene, UserError, reject_argument
from app.session.scene_state import get_scene, rerun_fragments
from app.translation import translate, translate_table
from optimizers.analysis.ending_classification import Ending
from surfaces.translatable import Translatable

NO_RUN = -1  # no second run
MIN_WINDOW_FRACTION = 1e-6  # of the surface's view: a window is no narrower
MAX_WINDOW_FRACTION = 1e3  # nor wider


class BasinOptions(NamedTuple):
    window: Window | None = None  # None: the surface's own view
    surface: Call | None = None  # the surface to which the window belongs
    runs: tuple[int, ...] = (0, 1)  # of the scene, by their places: whose maps are shown side by side


def get_zoomed_window(scene: Scene) -> Window | None:
    """The window that was zoomed to on this surface."""
    choice = get_options(BASIN_MAP)
    return choice.window if choice.surface == scene.surface else None


def get_full_window(scene: Scene) -> Window:
    """The surface's own."""
    (left, right), (bottom, top) = build_surface(scene.surface).box
    return (float(left), float(right)), (float(bottom), float(top))


def get_window(scene: Scene) -> Window:
    """The part of the plane that is mapped."""
    return get_zoomed_window(scene) or get_full_window(scene)


def zoom_to(scene: Scene, window: Window) -> None:
    """Map another window; what is too narrow for numbers, or too wide to mean anything, is left."""
    whole = get_full_window(scene)
    shares = [(b - a) / (high - low) for (a, b), (low, high) in zip(window, whole, strict=True)]
    if all(MIN_WINDOW_FRACTION <= share <= MAX_WINDOW_FRACTION for share in shares):
        own = None if is_same_window(window, whole) else (round_interval(window[0]), round_interval(window[1]))
        set_options(BASIN_MAP, get_options(BASIN_MAP)._replace(window=own, surface=scene.surface))


def round_interval(ends: tuple[float, float]) -> tuple[float, float]:
    """To what can be seen, so that an address stays short: a ten thousandth of the side."""
    digits = 4 - floor(log10(ends[1] - ends[0]))
    return round(ends[0], digits), round(ends[1], digits)


def is_same_window(one: Window, other: Window) -> bool:
    """Whether two windows show the same, but for rounding."""
    return all(
        abs(a - b) <= MIN_WINDOW_FRACTION * (ends[1] - ends[0])
        for here, ends in zip(one, other, strict=True)
        for a, b in zip(here, ends, strict=True)
    )


# ---- on the page


def show_basins(scene: Scene) -> None:
    show_run_selectors(scene)
    shown = list_mapped_runs(scene)
    for racer in shown:
        poll_job(get_basin_job, make_basin_request(scene, racer))  # all are begun before the first is waited for
    for column, key, racer in zip(st.columns(len(shown)), ("map-one", "map-two"), shown, strict=False):
        with column:
            show_run_map(key, scene, racer)


def show_run_map(key: str, scene: Scene, run: Run) -> None:
    """The map of one run, and the path of the start that is pointed at."""
    asked = make_basin_request(scene, run)
    mark = f"{hash(asked):x}"
    news = poll_job(get_basin_job, asked, map_component.get_seen_version(key, mark))
    found: BasinMap | None = news.result
    header = {
        "side": MAP_SIDE,
        "window": asked.window,
        "apart": found.stride if found else 0,
        "box": get_full_window(scene),
        "start": scene.start,
        "title": display_names.format_title(run),
        "starts": f"{MAP_SIDE**2:,}",
        "labels": translate_table(BASIN_LABELS),
        "endings": {int(ENDING_CODES[ending]): ending.name.lower() for ending in Ending if ending != Ending.MINIMUM},
    }
    map_component.show_map(
        key, "basins", mark, news, header,
        {"code": found.code, "step": found.step, "minima": found.minima} if found else {},
        pointed=None,
        picked=(map_component.decode_point, lambda place: go_to_race(replace(get_scene(), start=(place.x, place.y)))),
        window=(map_component.decode_window, lambda wanted: zoom_to(get_scene(), wanted)),
        stopped=(map_component.decode_stop, lambda stopped: set_stopped(get_basin_job, asked, stopped)),
    )  # fmt: skip
    pointed = map_component.get_pointed(key)
    if pointed:
        x, y = simulate_path(replace(scene, start=(pointed.x, pointed.y)), run)
        map_component.show_path(key, pointed, x, y)


def make_basin_request(scene: Scene, run: Run) -> BasinRequest:
    return BasinRequest(
        scene.surface, run.optimizer, run.wrapper, scene.steps, scene.noise, scene.seed, get_window(scene)
    )


def list_mapped_runs(scene: Scene) -> tuple[Run, ...]:
    """The runs whose maps are shown: one, or two side by side."""
    places = dict.fromkeys(place for place in get_options(BASIN_MAP).runs if place < len(scene.runs))
    return tuple(scene.runs[place] for place in places) or scene.runs[:1]


def show_run_selectors(scene: Scene) -> None:
    """Whose maps are shown."""
    titles = [display_names.format_run(run) for run in scene.runs]
    shown = [scene.runs.index(run) for run in list_mapped_runs(scene)]
    first, second = st.columns(2)
    with first:
        show_selector("map-first", translate("Map of"), list(range(len(titles))), shown[0], titles)
    others = [NO_RUN, *(place for place in range(len(titles)) if place != shown[0])]
    beside = shown[1] if len(shown) > 1 else NO_RUN
    with second:
        show_selector("map-second", translate("Beside it"), others, beside, [*titles, translate("nothing")])


def show_selector(key: str, label: str, indices: list[int], selected: int, titles: list[str]) -> None:
    st.session_state[key] = selected
    st.selectbox(label, indices, key=key, format_func=lambda place: titles[place], on_change=apply_selection)


def apply_selection() -> None:
    """The visitor chose other runs."""
    first, second = (st.session_state.get(key) for key in ("map-first", "map-second"))
    runs = tuple(place for place in (first, second) if isinstance(place, int) and place >= 0)
    set_options(BASIN_MAP, get_options(BASIN_MAP)._replace(runs=runs))
    rerun_fragments()


# ---- in the address


def write_options(scene: Scene, options: BasinOptions) -> list[str]:
    ends = zip("xy", get_zoomed_window(scene) or (), strict=False)
    given = [f"{name}=({write_number(low)},{write_number(high)})" for name, (low, high) in ends]
    return given + ([f"runs=({','.join(str(place + 1) for place in options.runs)},)"] if options.runs != (0, 1) else [])


def read_options(given: Mapping[str, ast.expr]) -> BasinOptions:
    for name in given.keys() - {"x", "y", "runs"}:
        reject_argument(BASIN_MAP.name, name)
    runs = read_run_numbers(given["runs"]) if "runs" in given else BasinOptions().runs
    if not given.keys() & {"x", "y"}:
        return BasinOptions(runs=runs)
    if not given.keys() >= {"x", "y"}:
        raise UserError("A window is x and y, like x=(-2,2), y=(-2,2).")
    return BasinOptions((read_interval("x", given["x"]), read_interval("y", given["y"])), get_scene().surface, runs)


def read_run_numbers(node: ast.expr) -> tuple[int, ...]:
    """The places of one or two runs, counted from 1 in an address."""
    found = tuple(map(read_literal, node.elts)) if isinstance(node, ast.Tuple) else (read_literal(node),)
    wanted = Translatable("A map shows one run or two, given by their numbers: runs=(1,2).")
    if len(found) not in (1, 2):
        raise UserError(wanted)
    return tuple(read_run_number(place, wanted) for place in found)


def read_interval(name: str, node: ast.expr) -> tuple[float, float]:
    ends = tuple(map(read_literal, node.elts)) if isinstance(node, ast.Tuple) else ()
    if len(ends) != 2 or any(isinstance(end, bool) or abs(end) > 1e6 for end in ends) or not ends[0] < ends[1]:
        raise UserError("{name} is two numbers, the lower one first, like {name}=(-2,2).", name=name)
    return float(ends[0]), float(ends[1])


BASIN_MAP = MapType(
    "basins", Translatable("Starts"),
    Translatable(
        "**Where does each start lead?** Every point of the map is a run from there: its colour is the minimum "
        "that it reaches, strong where it is fast, faint where it is slow."
    ),
    BasinOptions(), read_options, write_options, show_basins,
)  # fmt: skip
