"""A copy of the visit in the browser, from which the page is restored when the server has lost the session.

The address holds the scene. The copy holds the rest: the scenes of undo and redo, data that are too long for an
address, the answered questions of a lecture, the text of the playlist, the predictions in the lessons, and the bugs
that were found. It is written and read like links, so a manipulated copy can change nothing but its own visit.

When a visitor reloads the page, only the playlist is restored: see `player/net/playlist_storage.js`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from app.browser.component_events import get_component_value
from app.browser.loader_script import make_loader
from app.model.scene import MAX_RUNS, Scene
from app.scene_text.playlist import MAX_PLAYLIST_BYTES, MAX_SCENES
from app.scene_text.reader import assemble_scene
from app.scene_text.writer import PART_NAMES, list_parts
from app.server.session_existence_tokens import issue_token, session_path
from app.session import lesson_predictions, playlist_text
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.history_backup import HistoryFormat, SceneHistory, export_history, restore_history, to_bounded_list
from app.session.race_scene_and_undo import begin_visit, get_scene
from app.session.session_state import get_session
from surfaces.models.seeded_bugs import SEEDED_BUGS

COMPONENT_KEY = "visit"
MAX_VISIT_CHARACTERS = 200_000  # of the race's scenes
MAX_COPY_CHARACTERS = 360_000  # of everything: player/net/state_across_reload.js keeps at most 400,000
RACE_FORMAT: HistoryFormat[Scene] = HistoryFormat(
    list_parts,
    read=lambda parts: assemble_scene(parts).scene,
    names=PART_NAMES,
    max_parts=len(PART_NAMES) + MAX_RUNS,
    max_part_bytes=4 * MAX_VISIT_CHARACTERS,  # a character may take four
)


class PageBackup(NamedTuple):
    """The functions that export the state of a page other than the race, in so many characters, and restore it."""

    export: Callable[[int], Mapping[str, Any]]  # empty if there is nothing
    restore: Callable[[Mapping[str, Any]], None]


page_backups: dict[str, PageBackup] = {}  # by the name of the page

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
        data={
            "token": session.token,
            "path": session_path(session.token),
            "kept": export_visit(),
            "isResumed": session.is_resumed,
        },
        on_resumed_change=restore_visit,
    )


def export_visit() -> dict[str, Any]:
    """The copy from which a new session can be restored. Each page has the room that the others before it leave."""
    copy = {
        **(export_scenes() if get_session().scene else {}),
        "revealed": sorted(get_session().revealed),
        "lessons": lesson_predictions.export_progress(),
        "bugs": sorted(get_session().found_bugs),
        "playlist": playlist_text.get_text(),
    }
    remaining = MAX_COPY_CHARACTERS - count_characters(copy)
    for name, page in page_backups.items():
        if part := page.export(max(0, remaining)):
            copy[name] = part
            remaining -= count_characters(part)
    return copy


def count_characters(part: Mapping[str, Any]) -> int:
    """The length as JSON, as the browser writes it."""
    return len(json.dumps(part, ensure_ascii=False))


def export_scenes() -> dict[str, list[Any]]:
    """The current scene of the race and those before and after it, nearest first."""
    session = get_session()
    history = SceneHistory((get_scene(),), session.past, session.future)
    return export_history(history, RACE_FORMAT, MAX_VISIT_CHARACTERS)


def restore_visit() -> None:
    """Restore the visit from the browser's copy, once a session."""
    session, copy = get_session(), get_component_value(COMPONENT_KEY, "resumed")
    if session.is_resumed or copy is None:
        return
    session.is_resumed = True  # also of what is no copy: the browser says it until it knows that it was heard
    if not isinstance(copy, Mapping):
        return
    lesson_predictions.restore_progress(copy.get("lessons"))
    restore_found_bugs(copy.get("bugs"))
    restore_playlist(copy.get("playlist"))
    session.revealed |= frozenset(
        index
        for index in to_bounded_list(copy.get("revealed"), MAX_SCENES)
        if type(index) is int and 0 <= index < MAX_SCENES
    )
    present, past, future = restore_history(copy, RACE_FORMAT, MAX_VISIT_CHARACTERS)
    for name, page in page_backups.items():
        if isinstance(part := copy.get(name), Mapping):
            page.restore(part)
    if present:
        if session.scene is None:
            begin_visit(present[0])
        session.scene, session.past, session.future = present[0], past, future
    rerun_fragments(PANEL)


def restore_found_bugs(names: object) -> None:
    """Add the bugs that the browser kept, as far as there are such bugs."""
    known = to_bounded_list(names, len(SEEDED_BUGS))
    get_session().found_bugs |= frozenset(bug for bug in known if isinstance(bug, str) and bug in SEEDED_BUGS)


def restore_playlist(text: object) -> None:
    """Restore the text of the playlist, unless the visit has one already: its page reads it from its address."""
    if isinstance(text, str) and len(text) <= MAX_PLAYLIST_BYTES and not playlist_text.get_text():
        playlist_text.set_text(text.encode("utf-8", "replace").decode())  # a surrogate could not be put into a link
