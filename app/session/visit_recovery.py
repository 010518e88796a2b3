"""What the browser holds of a visit, so that its page goes on by itself where the server has lost the session.

The scene is in the address. What is not are the scenes of undo and redo, data that are too long for an address, which
questions of a lecture were answered, and what was said in the lessons: the browser has them as links have them, and
gives them back to a new session. They are read as any link is; whoever gives back something else has another history
of his own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.browser.component_loader import make_loader
from app.browser.player_component import get_component_value
from app.model.scene import MAX_RUNS, Scene
from app.scene_text.playlist import MAX_SCENES
from app.scene_text.scene_text import PART_NAMES, assemble_scene, list_parts
from app.server.session_tokens import issue_token, session_path
from app.session import lesson_progress
from app.session.lecture_state import REVEALED_KEY, get_revealed
from app.session.scene_state import MAX_UNDO, PANEL, begin_visit, rerun_fragments

COMPONENT_KEY = "visit"
TOKEN_KEY, RESUMED_KEY = "visit_token", "visit_resumed"
MAX_VISIT_CHARACTERS = 200_000  # characters of all that is held
MAX_SHARED_PARTS = 2000  # parts of scenes, each held once
MAX_SCENE_PARTS = len(PART_NAMES) + MAX_RUNS  # parts of one scene

_visit_component = st.components.v2.component(
    "descent_visit",
    js=make_loader("mountSessionWatcher", "player/net/session_recovery.js", visible=False),
    isolate_styles=False,
)


def mount_visit() -> None:
    """Once on every page: the browser watches over the session, and holds what can be gone on with."""
    if TOKEN_KEY not in st.session_state:
        st.session_state[TOKEN_KEY] = issue_token()
    token = st.session_state[TOKEN_KEY]
    _visit_component(
        key=COMPONENT_KEY,
        data={"token": token, "path": session_path(token), "kept": export_visit()},
        on_resumed_change=restore_visit,
    )


def export_visit() -> dict[str, Any]:
    """What is given back to a new session."""
    scenes = export_scenes() if "scene" in st.session_state else {}
    return {**scenes, "revealed": sorted(get_revealed()), "lessons": lesson_progress.export_progress()}


def export_scenes() -> dict[str, list[Any]]:
    """The present scene and those before and after it, nearest first, as places in a list of their parts."""
    state = st.session_state
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

    now, past, future = those((state.scene,)), those(state.past), those(state.future)
    return {"pieces": list(places), "now": now, "past": past, "future": future}


def restore_visit() -> None:
    """Go on with what the browser gives back, once a session."""
    state, kept = st.session_state, get_component_value(COMPONENT_KEY, "resumed")
    if RESUMED_KEY in state or not isinstance(kept, Mapping):
        return
    state[RESUMED_KEY] = True
    lesson_progress.restore_progress(kept.get("lessons"))
    state[REVEALED_KEY] = frozenset(
        at for at in to_bounded_list(kept.get("revealed"), MAX_SCENES) if type(at) is int and 0 <= at < MAX_SCENES
    )
    now, past, future = restore_scenes(kept)
    if now:
        if "scene" not in state:
            begin_visit(now[0])
        state.scene, state.past, state.future = now[0], past, future
    rerun_fragments(PANEL)


Scenes = tuple[Scene, ...]


def restore_scenes(kept: Mapping[str, Any]) -> tuple[Scenes, Scenes, Scenes]:
    """The present scene, if there is one, those before and those after it. No more is read than was held."""
    said = to_bounded_list(kept.get("pieces"), MAX_SHARED_PARTS)
    pieces = [(piece[0], piece[1]) for piece in said if is_scene_part(piece)]
    if len(pieces) < len(said) or sum(len(value) for _, value in pieces) > MAX_VISIT_CHARACTERS:
        return (), (), ()

    def scenes(name: str, most: int) -> Scenes:
        found: list[Scene] = []
        for places in to_bounded_list(kept.get(name), most):
            chosen = to_bounded_list(places, MAX_SCENE_PARTS)
            if not chosen or not all(type(place) is int and 0 <= place < len(pieces) for place in chosen):
                break
            found.insert(0, assemble_scene([pieces[place] for place in chosen]).scene)
        return tuple(found)

    return scenes("now", 1), scenes("past", MAX_UNDO), scenes("future", MAX_UNDO)


def to_bounded_list(said: object, most: int) -> list[Any]:
    return said if isinstance(said, list) and len(said) <= most else []


def is_scene_part(piece: object) -> bool:
    """Whether this is a part of a scene: a name that links have, and what it says."""
    return isinstance(piece, list) and len(piece) == 2 and piece[0] in PART_NAMES and isinstance(piece[1], str)
