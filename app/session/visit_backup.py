"""A copy of the visit in the browser, from which the page is restored when the server has lost the session.

The address holds the scene. The copy holds the rest: the scenes of undo and redo, data that are too long for an
address, the answered questions of a lecture, the predictions in the lessons, and the bugs that were found. It is
written and read like links, so a manipulated copy can change nothing but its own visit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.browser.component_events import get_component_value
from app.browser.loader_script import make_loader
from app.model.scene import MAX_RUNS, Scene
from app.scene_text.playlist import MAX_SCENES
from app.scene_text.reader import assemble_scene
from app.scene_text.writer import PART_NAMES, list_parts
from app.server.session_tokens import issue_token, session_path
from app.session import lesson_predictions
from app.session.current_scene_and_undo import PANEL, begin_visit, get_scene, rerun_fragments
from app.session.scene_history import MAX_UNDO
from app.session.session_state import get_session
from surfaces.models.seeded_bugs import SEEDED_BUGS

COMPONENT_KEY = "visit"
MAX_VISIT_CHARACTERS = 200_000
MAX_SHARED_PARTS = 2000  # of all scenes, each stored once
MAX_SCENE_PARTS = len(PART_NAMES) + MAX_RUNS

_visit_component = st.components.v2.component(
    "descent_visit",
    js=make_loader("mountSessionWatcher", "player/net/lost_session_reload.js", is_visible=False),
    isolate_styles=False,
)


def mount_visit() -> None:
    """Mount, once on every page, the component that keeps the copy and detects a lost session."""
    session = get_session()
    session.token = session.token or issue_token()
    _visit_component(
        key=COMPONENT_KEY,
        data={"token": session.token, "path": session_path(session.token), "kept": export_visit()},
        on_resumed_change=restore_visit,
    )


def export_visit() -> dict[str, Any]:
    """The copy from which a new session can be restored."""
    scenes = export_scenes() if get_session().scene else {}
    return {
        **scenes,
        "revealed": sorted(get_session().revealed),
        "lessons": lesson_predictions.export_progress(),
        "bugs": sorted(get_session().found_bugs),
    }


def export_scenes() -> dict[str, list[Any]]:
    """The current scene and those before and after it, nearest first, as indices into a list of their parts."""
    session = get_session()
    part_indices: dict[tuple[str, str], int] = {}
    remaining = MAX_VISIT_CHARACTERS

    def index_scenes(scenes: Sequence[Scene]) -> list[list[int]]:
        nonlocal remaining
        indices = []
        for scene in reversed(scenes):
            parts = list_parts(scene)
            remaining -= 4 * len(parts) + sum(len(part[0]) + len(part[1]) for part in parts if part not in part_indices)
            if remaining < 0:
                break
            indices.append([part_indices.setdefault(part, len(part_indices)) for part in parts])
        return indices

    present, past, future = index_scenes((get_scene(),)), index_scenes(session.past), index_scenes(session.future)
    return {"pieces": list(part_indices), "now": present, "past": past, "future": future}


def restore_visit() -> None:
    """Restore the visit from the browser's copy, once a session."""
    session, copy = get_session(), get_component_value(COMPONENT_KEY, "resumed")
    if session.is_resumed or not isinstance(copy, Mapping):
        return
    session.is_resumed = True
    lesson_predictions.restore_progress(copy.get("lessons"))
    session.found_bugs |= frozenset(
        bug
        for bug in to_bounded_list(copy.get("bugs"), len(SEEDED_BUGS))
        if isinstance(bug, str) and bug in SEEDED_BUGS
    )
    session.revealed = frozenset(
        index
        for index in to_bounded_list(copy.get("revealed"), MAX_SCENES)
        if type(index) is int and 0 <= index < MAX_SCENES
    )
    present, past, future = restore_scenes(copy)
    if present:
        if session.scene is None:
            begin_visit(present[0])
        session.scene, session.past, session.future = present[0], past, future
    rerun_fragments(PANEL)


Scenes = tuple[Scene, ...]


def restore_scenes(visit: Mapping[str, Any]) -> tuple[Scenes, Scenes, Scenes]:
    """The current scene, if there is one, and those before and after it; the limits are those of the export."""
    parts = to_bounded_list(visit.get("pieces"), MAX_SHARED_PARTS)
    valid_parts = [(part[0], part[1]) for part in parts if is_scene_part(part)]
    if len(valid_parts) < len(parts) or sum(len(value) for _, value in valid_parts) > MAX_VISIT_CHARACTERS:
        return (), (), ()

    def restore(name: str, max_length: int) -> Scenes:
        restored: list[Scene] = []
        for scene_indices in to_bounded_list(visit.get(name), max_length):
            indices = to_bounded_list(scene_indices, MAX_SCENE_PARTS)
            if not indices or not all(type(index) is int and 0 <= index < len(valid_parts) for index in indices):
                break
            restored.insert(0, assemble_scene([valid_parts[index] for index in indices]).scene)
        return tuple(restored)

    return restore("now", 1), restore("past", MAX_UNDO), restore("future", MAX_UNDO)


def to_bounded_list(value: object, max_length: int) -> list[Any]:
    return value if isinstance(value, list) and len(value) <= max_length else []


def is_scene_part(part: object) -> bool:
    """Is this a part of a scene, the name of a link's part and a text?"""
    return isinstance(part, list) and len(part) == 2 and part[0] in PART_NAMES and isinstance(part[1], str)
