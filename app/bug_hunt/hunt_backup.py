"""The bug hunt in the browser's copy of a visit: its hunts, and the settings of undo, for a page that is reloaded by
itself after a restart of the server. Also where a frame has no storage of its own."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.bug_hunt.hunt_link import PARAMETERS, read_parameters, write_parameters
from app.bug_hunt.hunt_progress import write_progress
from app.bug_hunt.hunt_scene import HUNT_RANGES, HuntScene
from app.bug_hunt.hunt_state import MAX_HUNTS, STATE_KEY, get_visit, take_copy
from app.scene_text.url_parameters_by_name import group_parameters
from app.session.history_backup import HistoryFormat, SceneHistory, export_history, restore_history

MAX_HUNT_CHARACTERS = 40_000  # of all hunts together
MAX_HISTORY_CHARACTERS = 40_000
FORMAT: HistoryFormat[HuntScene] = HistoryFormat(
    write_parameters,
    read=lambda parts: read_parameters(group_parameters(parts)).scene,
    names=PARAMETERS,
    max_parts=len(PARAMETERS),
    max_part_bytes=MAX_HISTORY_CHARACTERS,
)


def export_hunts(max_characters: int) -> Mapping[str, Any]:
    """The settings and the hunts, the newest first as far as there is room; nothing if the page was not opened."""
    if STATE_KEY not in st.session_state:
        return {}
    visit = get_visit()
    number = visit.scene.number
    past, future = (tuple(HuntScene(number, setting) for setting in part) for part in (visit.past, visit.future))
    history = SceneHistory((visit.scene,), past, future)
    exported: dict[str, Any] = export_history(history, FORMAT, min(max_characters // 2, MAX_HISTORY_CHARACTERS))
    exported["hunts"] = {}
    remaining = min(max_characters // 2, MAX_HUNT_CHARACTERS)
    for number, progress in reversed(visit.hunts.items()):
        copy = write_progress(progress)
        remaining -= len(json.dumps(copy))
        if remaining < 0:
            break
        if progress.is_begun:
            exported["hunts"][str(number)] = copy
    return exported


def restore_hunts(copy: Mapping[str, Any]) -> None:
    """Give the settings and hunts of a copy back; the address has had the present settings already."""
    visit = get_visit()
    present, past, future = restore_history(copy, FORMAT, MAX_HISTORY_CHARACTERS)
    if present:
        visit.scene = present[0]
        visit.past, visit.future = (tuple(scene.setting for scene in part) for part in (past, future))
    hunts = copy.get("hunts")
    if not isinstance(hunts, Mapping) or len(hunts) > MAX_HUNTS:
        return
    for name, entry in hunts.items():
        if isinstance(name, str) and name.isdecimal() and len(name) < 6 and HUNT_RANGES["hunt"].contains(int(name)):
            take_copy(int(name), entry)
