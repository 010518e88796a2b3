"""The map in the browser: what it is sent, and what may come back."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.figures.palette import THEMES
from app.maps.basins import SIDE, Basins, Window
from app.maps.jobs import News
from app.maps.parcel import parcel
from app.player import is_new, loader, sent
from app.player.message import is_coordinate, is_serial
from surfaces.base import Array

MAP_LABELS = {
    "map": "Map of where each start leads; arrow keys move a cross over it, Enter starts the race there",
    "point": "Point at a start: its run is drawn. A click starts the race there.",
    "working": "Computing: {share} %",
    "stopped": "Stopped at {share} %",
    "failed": "This map could not be computed.",
    "done": "{starts} starts",
    "stop": "Stop",
    "resume": "Go on",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Reset the view",
    "minimum": "Minimum {place}",
    "others": "Further minima",
    "saddle": "Stops at a saddle or a maximum",
    "stalled": "Stalled, or still on its way",
    "lost": "Diverges, or falls without end",
    "pace": "Strong colours: there for good within {fast} steps; faint ones: after {slow}.",
    "at": "From {place}:",
    "to_minimum": "minimum {place}, after {n} steps",
    "to_saddle": "stops at a saddle or a maximum",
    "to_stalled": "stalled, or still on its way",
    "to_lost": "diverges, or falls without end",
    "share": "{share} %",
}

_map = st.components.v2.component("descent_map", js=loader("map", "maps/map.js"), isolate_styles=False)
_trace = st.components.v2.component("descent_trace", js=loader("trace", "maps/map.js"), isolate_styles=False)


class Place(NamedTuple):
    """A start that the visitor pointed at or clicked, and a number that no other has."""

    x: float
    y: float
    n: int


def show(
    key: str,
    news: News,
    window: Window,
    *,
    labels: Mapping[str, str],
    on_pick: Callable[[Place], None],
    on_window: Callable[[Window], None],
    on_stop: Callable[[bool], None],
    **said: Any,
) -> None:
    """Show what there is of a basin map. While it is worked on the browser asks for more, and the fragment runs again.

    `on_pick(place)` is called with a start that was clicked, `on_window(window)` after a zoom, `on_stop(stopped)` when
    the work is to stop, or to go on. `said` goes into the header.
    """
    found: Basins | None = news.found
    arrays = {"code": found.code, "step": found.step, "minima": found.minima} if found else {}
    header = {
        "id": key, "side": SIDE, "window": window, "number": news.number, "share": news.share, "state": news.state,
        "apart": found.apart if found else 0, "labels": dict(labels), "themes": THEMES, **said,
    }  # fmt: skip
    _map(
        key=key,
        data=parcel(header, arrays),
        on_asked_change=lambda: None,
        on_pointed_change=lambda: None,
        on_picked_change=lambda: told(key, "picked", decode_place, on_pick),
        on_window_change=lambda: told(key, "window", decode_window, on_window),
        on_stopped_change=lambda: told(key, "stopped", decode_stop, on_stop),
    )


def trace(key: str, place: Place, x: Array, y: Array) -> None:
    """The path (steps + 1,) of the run from the place that is pointed at, as far as it is finite."""
    broken = np.flatnonzero(~np.isfinite(x + y))
    path = {name: values[: broken[0] if broken.size else None].tolist() for name, values in (("x", x), ("y", y))}
    _trace(key=f"{key}-trace", data=json.dumps({"id": key, "n": place.n, **path}, allow_nan=False).encode())


def seen(key: str, mark: str) -> int:
    """The number of the news that the browser has shown of the work with this mark."""
    said_mark, number = parts(sent(key, "asked"), "mark", "seen")
    return number if said_mark == mark and is_serial(number) else 0


def pointed(key: str) -> Place | None:
    """Where the visitor points."""
    return decode_place(sent(key, "pointed"))


def told(key: str, name: str, decode: Callable[[object], Any], act: Callable[[Any], None]) -> None:
    """Pass on what the browser sent, if it can be read and is new."""
    said = sent(key, name)
    found = decode(said)
    if found is not None and isinstance(said, Mapping) and is_new(f"{key}-{name}", said["n"]):
        act(found)


def decode_place(said: object) -> Place | None:
    x, y, n = parts(said, "x", "y", "n")
    return Place(float(x), float(y), n) if is_coordinate(x) and is_coordinate(y) and is_serial(n) else None


def decode_window(said: object) -> Window | None:
    x, y, n = parts(said, "x", "y", "n")
    return (side(x), side(y)) if is_side(x) and is_side(y) and is_serial(n) else None


def decode_stop(said: object) -> bool | None:
    value, n = parts(said, "value", "n")
    return value if type(value) is bool and is_serial(n) else None


def parts(said: object, *names: str) -> tuple[Any, ...]:
    return tuple(said.get(name) if isinstance(said, Mapping) else None for name in names)


def is_side(ends: object) -> bool:
    """Two finite numbers, the first lower by more than rounding makes of it."""
    whole = isinstance(ends, list) and len(ends) == 2 and all(map(is_coordinate, ends))
    return whole and ends[1] - ends[0] > 1e-9 * max(1.0, *map(abs, ends))  # type: ignore[index]


def side(ends: list[float]) -> tuple[float, float]:
    return float(ends[0]), float(ends[1])
