"""A map in the browser, of any kind: what it is sent, and what may come back."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.browser.binary_message import encode_binary_message
from app.browser.component_events import get_component_value, make_event_handler
from app.browser.loader_script import make_loader
from app.browser.player_protocol import is_coordinate, is_serial
from app.compute.background_jobs import JobStatus
from app.figures.palette import PALETTE, THEMES
from app.translation import translate_table
from surfaces.base import Array

JOB_LABELS = {
    "working": "Computing: {share} %",
    "stopped": "Stopped at {share} %",
    "failed": "This map could not be computed.",
    "stop": "Stop",
    "resume": "Go on",
}
DONE_STATUS = JobStatus(1, 1.0, True, "done")  # of a map that needs no work

_map_component = st.components.v2.component(
    "descent_map", js=make_loader("mountMap", "maps/mount.js"), isolate_styles=False
)
_path_component = st.components.v2.component(
    "descent_trace", js=make_loader("receivePath", "maps/mount.js", is_visible=False), isolate_styles=False
)

Decode = Callable[[object], Any]  # what the browser sent -> what it means; None where it means nothing
Handler = Callable[[Any], None]


class MapPoint(NamedTuple):
    """A point of a map that the visitor pointed at or clicked, and a number that no other has."""

    x: float
    y: float
    serial: int


def show_map(
    key: str,
    kind: str,
    job_id: str,
    status: JobStatus,
    header: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    **events: tuple[Decode, Handler] | None,
) -> None:
    """Show what there is of a map: the `view.js` of its kind draws it from the header and the arrays.

    `job_id` tells one piece of work from another. While it goes on the browser asks for more, and the fragment runs
    again. `events` names what the browser may send, each with what reads it and what it does; None where the fragment
    is only to be run again.
    """
    labels = translate_table(JOB_LABELS) | dict(header.get("labels", {}))
    whole = {
        **header, "id": key, "kind": kind, "mark": job_id, "labels": labels, "themes": THEMES, "palette": PALETTE,
        "number": status.version, "share": status.fraction, "state": status.state,
    }  # fmt: skip
    callbacks = {
        f"on_{name}_change": make_event_handler(key, name, *event) if event else lambda: None
        for name, event in {"asked": None, **events}.items()
    }
    _map_component(key=key, data=encode_binary_message(whole, arrays), **callbacks)


def show_path(key: str, place: MapPoint, x: Array, y: Array) -> None:
    """The path (steps + 1,) of the run that is pointed at, as far as it is finite."""
    broken = np.flatnonzero(~np.isfinite(x + y))
    path = {name: values[: broken[0] if broken.size else None].tolist() for name, values in (("x", x), ("y", y))}
    _path_component(
        key=f"{key}-trace", data=json.dumps({"id": key, "n": place.serial, **path}, allow_nan=False).encode()
    )


def get_seen_version(key: str, job_id: str) -> int:
    """The number of the news that the browser has shown of the work with this mark."""
    said_mark, number = get_fields(get_component_value(key, "asked"), "mark", "seen")
    return number if said_mark == job_id and is_serial(number) else 0


def get_pointed(key: str) -> MapPoint | None:
    """Where the visitor points."""
    return decode_point(get_component_value(key, "pointed"))


def decode_point(payload: object) -> MapPoint | None:
    x, y, n = get_fields(payload, "x", "y", "n")
    return MapPoint(float(x), float(y), n) if is_coordinate(x) and is_coordinate(y) and is_serial(n) else None


def decode_window(payload: object) -> tuple[tuple[float, float], tuple[float, float]] | None:
    x, y, n = get_fields(payload, "x", "y", "n")
    return (to_interval(x), to_interval(y)) if is_interval(x) and is_interval(y) and is_serial(n) else None


def decode_stop(payload: object) -> bool | None:
    value, n = get_fields(payload, "value", "n")
    return value if type(value) is bool and is_serial(n) else None


def get_fields(payload: object, *names: str) -> tuple[Any, ...]:
    return tuple(payload.get(name) if isinstance(payload, Mapping) else None for name in names)


def is_interval(ends: object) -> bool:
    """Two finite numbers, the first lower by more than rounding makes of it."""
    whole = isinstance(ends, list) and len(ends) == 2 and all(map(is_coordinate, ends))
    return whole and ends[1] - ends[0] > 1e-9 * max(1.0, *map(abs, ends))  # type: ignore[index]


def to_interval(ends: list[float]) -> tuple[float, float]:
    return float(ends[0]), float(ends[1])
