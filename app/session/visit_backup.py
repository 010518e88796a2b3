"""The copy of a visit in the browser, from which its page goes on by itself when the server has lost the session.

The address holds the scene. The browser holds the rest: the scenes of undo and redo, data that are too long for an
address, the answered questions of a lecture, and the predictions in the lessons. They are written and read like links,
so a manipulated copy can change nothing but the visit that it belongs to.
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
from app.session.scene_state import MAX_UNDO, PANEL, begin_visit, get_scene, rerun_fragments
from app.session.session import get_session

COMPONENT_KEY = "visit"
MAX_VISIT_CHARACTERS = 200_000  # characters of all that is held
MAX_SHARED_PARTS = 2000  # parts of scenes, each held once
MAX_SCENE_PARTS = len(PART_NAMES) + MAX_RUNS  # parts of one scene

_visit_component = st.components.v2.component(
    "descent_visit",
    js=make_loader("mountSessionWatcher", "player/net/lost_session_reload.js", is_visible=False),
    isolate_styles=False,
)


def mount_visit() -> None:
    """Mount, once on every page, the component that holds the copy and notices that the session is lost."""
    session = get_session()
    session.token = session.token or issue_token()
    _visit_component(
        key=COMPONENT_KEY,
        data={"token": session.token, "path": session_path(session.token), "kept": export_visit()},
        on_resumed_change=restore_visit,
    )


def export_visit() -> dict[str, Any]:
    """The copy that is given back to a new session."""
    scenes = export_scenes() if get_session().scene else {}
    return {**scenes, "revealed": sorted(get_session().revealed), "lessons": lesson_predictions.export_progress()}


def export_scenes() -> dict[str, list[Any]]:
    """The present scene and those before and after it, nearest first, as places in a list of their parts."""
    session = get_session()
    places: dict[tuple[str, str], int] = {}
    room = MAX_VISIT_CHARACTERS

    def written(scene: Scene) -> list[int] | None:
        nonlocal room
        said = list_parts(scene)
        room -= sum(len(name) + len(value) for name, value in said if (name, value) not in places) + 4 * len(said)
        return [places.setdefault(part, len(places)) for part in said] if room >= 0 else None

    def those(scenes: Sequence[Scene]) -> list[list[int]]:
        found = []
        for scene in reversed(scenes):
            said = written(scene)
            if said is None:
                break
            found.append(said)
        return found

    now, past, future = those((get_scene(),)), those(session.past), those(session.future)
    return {"pieces": list(places), "now": now, "past": past, "future": future}


def restore_visit() -> None:
    """Go on from the copy that the browser gives back, once a session."""
    session, kept = get_session(), get_component_value(COMPONENT_KEY, "resumed")
    if session.is_resumed or not isinstance(kept, Mapping):
        return
    session.is_resumed = True
    lesson_predictions.restore_progress(kept.get("lessons"))
    session.revealed = frozenset(
        at for at in to_bounded_list(kept.get("revealed"), MAX_SCENES) if type(at) is int and 0 <= at < MAX_SCENES
    )
    now, past, future = restore_scenes(kept)
    if now:
        if session.scene is None:
            begin_visit(now[0])
        session.scene, session.past, session.future = now[0], past, future
    rerun_fragments(PANEL)


Scenes = tuple[Scene, ...]


def restore_scenes(visit: Mapping[str, Any]) -> tuple[Scenes, Scenes, Scenes]:
    """The present scene, if there is one, those before and those after it; no more is read than is written."""
    said = to_bounded_list(visit.get("pieces"), MAX_SHARED_PARTS)
    pieces = [(piece[0], piece[1]) for piece in said if is_scene_part(piece)]
    if len(pieces) < len(said) or sum(len(value) for _, value in pieces) > MAX_VISIT_CHARACTERS:
        return (), (), ()

    def scenes(name: str, most: int) -> Scenes:
        found: list[Scene] = []
        for places in to_bounded_list(visit.get(name), most):
            chosen = to_bounded_list(places, MAX_SCENE_PARTS)
            if not chosen or not all(type(place) is int and 0 <= place < len(pieces) for place in chosen):
                break
            found.insert(0, assemble_scene([pieces[place] for place in chosen]).scene)
        return tuple(found)

    return scenes("now", 1), scenes("past", MAX_UNDO), scenes("future", MAX_UNDO)


def to_bounded_list(value: object, max_length: int) -> list[Any]:
    return value if isinstance(value, list) and len(value) <= max_length else []


def is_scene_part(part: object) -> bool:
    """Is this a part of a scene: a name that links have, and its value?"""
    return isinstance(part, list) and len(part) == 2 and part[0] in PART_NAMES and isinstance(part[1], str)
