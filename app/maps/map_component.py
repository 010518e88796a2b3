"""The component that shows a map of any kind: the message to the browser, and the messages from it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.browser.binary_message import encode_binary_message
from app.browser.component_events import get_component_value, get_fields, make_event_handler
from app.browser.job_progress_labels import PROGRESS_LABELS
from app.browser.loader_script import make_loader
from app.browser.player_protocol import decode_window as decode_sides
from app.browser.player_protocol import is_coordinate, is_serial
from app.compute.background_jobs import JobStatus
from app.figures.palette import PALETTE, THEMES
from app.maps.map_kind import MapType
from app.model.plane_window import Window
from app.session.polled_jobs import count_others, decode_stop, make_job_id, poll_job, set_stopped
from app.translation import translate_table
from surfaces.base import Array

JOB_LABELS = {
    **PROGRESS_LABELS,
    "failed": "This map could not be computed.",
    "race": "Race this run",
    "click_again": "Click it again to race it.",
    "keys": "Keys",
    "close": "Close",
    "key_cursor": "Move over the map, once Tab has reached it; with Shift eight times as far",
    "key_pick": "Race the run that is shown",
    "key_start": "Move the start, once Tab has reached it; with Shift eight times as far",
    "key_zoom": "Zoom in, zoom out",
    "key_reset": "Reset the view",
}

_map_component = st.components.v2.component(
    "descent_map", js=make_loader("mountMap", "maps/mount.js"), isolate_styles=False
)
_path_component = st.components.v2.component(
    "descent_trace", js=make_loader("receivePath", "maps/mount.js", is_visible=False), isolate_styles=False
)


class MapPoint(NamedTuple):
    """A point of a map that the visitor pointed at or clicked, and the unique number of that message."""

    x: float
    y: float
    serial: int


def poll_map(map_type: MapType, key: str, request: Any) -> JobStatus:
    """The status of a map's job. Waits a moment for a newer one than the browser has shown."""
    job_id, version = get_fields(get_component_value(key, "asked"), "job_id", "seen")
    is_shown = job_id == make_job_id(request) and is_serial(version)
    return poll_job(map_type.get_job, request, version if is_shown else 0)


def show_map(
    map_type: MapType,
    key: str,
    status: JobStatus,
    header: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    *requests: Any,
) -> None:
    """Show the map that the jobs of `requests` have computed so far: `view.js` draws it from the header and the arrays.

    While they go on, the browser sends "asked" again and again, so that the fragment is run again.
    """
    message = {
        **header, "themes": THEMES, "palette": PALETTE, "id": key, "kind": map_type.name,
        "files": map_type.list_browser_files(), "job_id": make_job_id(*requests),
        "labels": translate_table({**JOB_LABELS, **map_type.labels}),
        "number": status.version, "fraction": status.fraction, "state": status.state,
        "others": count_others(status.state),
    }  # fmt: skip

    def stop(is_stopped: bool) -> None:
        for request in requests:
            set_stopped(map_type.get_job, request, is_stopped)

    events = {"asked": None, "stopped": (decode_stop, stop), **map_type.events}
    callbacks = {
        f"on_{name}_change": make_event_handler(key, name, *event) if event else lambda: None
        for name, event in events.items()
    }
    _map_component(key=key, data=encode_binary_message(message, arrays), **callbacks)


def show_path(key: str, point: MapPoint, x: Array, y: Array) -> None:
    """Show the path (steps + 1,) of the run that is pointed at, up to its first non-finite iterate."""
    broken = np.flatnonzero(~np.isfinite(x + y))
    path = {name: values[: broken[0] if broken.size else None].tolist() for name, values in (("x", x), ("y", y))}
    _path_component(
        key=f"{key}-trace", data=json.dumps({"id": key, "n": point.serial, **path}, allow_nan=False).encode()
    )


def get_pointed(key: str) -> MapPoint | None:
    """The point of the map under the pointer."""
    return decode_point(get_component_value(key, "pointed"))


def decode_point(payload: object) -> MapPoint | None:
    x, y, n = get_fields(payload, "x", "y", "n")
    return MapPoint(float(x), float(y), n) if is_coordinate(x) and is_coordinate(y) and is_serial(n) else None


def decode_window(payload: object) -> Window | None:
    x, y, n = get_fields(payload, "x", "y", "n")
    return decode_sides([x, y]) if is_serial(n) else None
