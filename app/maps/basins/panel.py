"""The basin map's choice: whose starts are mapped, and in which window."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from math import floor, log10
from typing import NamedTuple

import streamlit as st

from app.compute.cached_simulation import path, surface
from app.maps import map_component
from app.maps.basins.compute import BASIN_LABELS, SIDE, Basins, Question, Window, basins
from app.maps.map_kind import Kind, choose, chosen, run_at
from app.maps.map_session import news_of, race, turned
from app.model import display_names
from app.model.scene import Call, Rejected, Run, Scene, nameless
from app.scene_text.call_syntax import literal
from app.scene_text.scene_text import number
from app.session.scene_state import refresh, scene
from app.translation import all_said, say
from surfaces.translatable import Sentence

NOBODY = -1  # no second run
SMALLEST = 1e-6  # of the surface's view: a window is no narrower
LARGEST = 1e3  # nor wider


class Choice(NamedTuple):
    window: Window | None = None  # None: the surface's own view
    place: Call | None = None  # the surface to which the window belongs
    runs: tuple[int, ...] = (0, 1)  # of the scene, by their places: whose maps are shown side by side


def own_window(now: Scene) -> Window | None:
    """The window that was zoomed to on this surface."""
    choice = chosen(BASINS)
    return choice.window if choice.place == now.surface else None


def view(now: Scene) -> Window:
    """The surface's own."""
    (left, right), (bottom, top) = surface(now.surface).box
    return (float(left), float(right)), (float(bottom), float(top))


def window(now: Scene) -> Window:
    """The part of the plane that is mapped."""
    return own_window(now) or view(now)


def look(now: Scene, wanted: Window) -> None:
    """Map another window; what is too narrow for numbers, or too wide to mean anything, is left."""
    whole = view(now)
    shares = [(b - a) / (high - low) for (a, b), (low, high) in zip(wanted, whole, strict=True)]
    if all(SMALLEST <= share <= LARGEST for share in shares):
        own = None if same(wanted, whole) else (rounded(wanted[0]), rounded(wanted[1]))
        choose(BASINS, chosen(BASINS)._replace(window=own, place=now.surface))


def rounded(ends: tuple[float, float]) -> tuple[float, float]:
    """To what can be seen, so that an address stays short: a ten thousandth of the side."""
    digits = 4 - floor(log10(ends[1] - ends[0]))
    return round(ends[0], digits), round(ends[1], digits)


def same(one: Window, other: Window) -> bool:
    """Whether two windows show the same, but for rounding."""
    return all(
        abs(a - b) <= SMALLEST * (ends[1] - ends[0])
        for here, ends in zip(one, other, strict=True)
        for a, b in zip(here, ends, strict=True)
    )


# ---- on the page


def picture(now: Scene) -> None:
    pick(now)
    shown = mapped(now)
    for racer in shown:
        news_of(basins, question(now, racer))  # all are begun before the first is waited for
    for column, key, racer in zip(st.columns(len(shown)), ("map-one", "map-two"), shown, strict=False):
        with column:
            one(key, now, racer)


def one(key: str, now: Scene, racer: Run) -> None:
    """The map of one run, and the path of the start that is pointed at."""
    asked = question(now, racer)
    mark = f"{hash(asked):x}"
    news = news_of(basins, asked, map_component.seen(key, mark))
    found: Basins | None = news.found
    header = {
        "side": SIDE, "window": asked.window, "apart": found.apart if found else 0, "box": view(now), "start":
        now.start, "title": display_names.title_of(racer), "starts": f"{SIDE**2:,}", "labels": all_said(BASIN_LABELS),
    }  # fmt: skip
    map_component.show(
        key, "basins", mark, news, header,
        {"code": found.code, "step": found.step, "minima": found.minima} if found else {},
        pointed=None,
        picked=(map_component.decode_place, lambda place: race(replace(scene(), start=(place.x, place.y)))),
        window=(map_component.decode_window, lambda wanted: look(scene(), wanted)),
        stopped=(map_component.decode_stop, lambda stopped: turned(basins, asked, stopped)),
    )  # fmt: skip
    pointed = map_component.pointed(key)
    if pointed:
        x, y = path(replace(now, start=(pointed.x, pointed.y)), racer)
        map_component.trace(key, pointed, x, y)


def question(now: Scene, racer: Run) -> Question:
    return Question(now.surface, racer.optimizer, racer.wrapper, now.steps, now.noise, now.seed, window(now))


def mapped(now: Scene) -> tuple[Run, ...]:
    """The runs whose maps are shown: one, or two side by side."""
    places = dict.fromkeys(place for place in chosen(BASINS).runs if place < len(now.runs))
    return tuple(now.runs[place] for place in places) or now.runs[:1]


def pick(now: Scene) -> None:
    """Whose maps are shown."""
    titles = [display_names.named(run) for run in now.runs]
    shown = [now.runs.index(run) for run in mapped(now)]
    first, second = st.columns(2)
    with first:
        select("map-first", say("Map of"), list(range(len(titles))), shown[0], titles)
    others = [NOBODY, *(place for place in range(len(titles)) if place != shown[0])]
    beside = shown[1] if len(shown) > 1 else NOBODY
    with second:
        select("map-second", say("Beside it"), others, beside, [*titles, say("nothing")])


def select(key: str, label: str, places: list[int], now: int, titles: list[str]) -> None:
    st.session_state[key] = now
    st.selectbox(label, places, key=key, format_func=lambda place: titles[place], on_change=paired)


def paired() -> None:
    """The visitor chose other runs."""
    first, second = (st.session_state.get(key) for key in ("map-first", "map-second"))
    runs = tuple(place for place in (first, second) if isinstance(place, int) and place >= 0)
    choose(BASINS, chosen(BASINS)._replace(runs=runs))
    refresh()


# ---- in the address


def said(now: Scene, choice: Choice) -> list[str]:
    ends = zip("xy", own_window(now) or (), strict=False)
    given = [f"{name}=({number(low)},{number(high)})" for name, (low, high) in ends]
    return given + ([f"runs=({','.join(str(place + 1) for place in choice.runs)},)"] if choice.runs != (0, 1) else [])


def read(given: Mapping[str, ast.expr]) -> Choice:
    for name in given.keys() - {"x", "y", "runs"}:
        nameless(BASINS.word, name)
    runs = places(given["runs"]) if "runs" in given else Choice().runs
    if not given.keys() & {"x", "y"}:
        return Choice(runs=runs)
    if not given.keys() >= {"x", "y"}:
        raise Rejected("A window is x and y, like x=(-2,2), y=(-2,2).")
    return Choice((side("x", given["x"]), side("y", given["y"])), scene().surface, runs)


def places(node: ast.expr) -> tuple[int, ...]:
    """The places of one or two runs, counted from 1 in an address."""
    found = tuple(map(literal, node.elts)) if isinstance(node, ast.Tuple) else (literal(node),)
    wanted = Sentence("Maps are of one run or of two, by their places: runs=(1,2).")
    if len(found) not in (1, 2):
        raise Rejected(wanted)
    return tuple(run_at(place, wanted) for place in found)


def side(name: str, node: ast.expr) -> tuple[float, float]:
    ends = tuple(map(literal, node.elts)) if isinstance(node, ast.Tuple) else ()
    if len(ends) != 2 or any(isinstance(end, bool) or abs(end) > 1e6 for end in ends) or not ends[0] < ends[1]:
        raise Rejected("{name} is two numbers, the lower one first, like {name}=(-2,2).", name=name)
    return float(ends[0]), float(ends[1])


BASINS = Kind(
    "basins", Sentence("Starts"),
    Sentence(
        "**Where does each start lead?** Every point of the map is a run from there: its colour is the minimum "
        "that it reaches, strong where it is fast, faint where it is slow."
    ),
    Choice(), read, said, picture,
)  # fmt: skip
