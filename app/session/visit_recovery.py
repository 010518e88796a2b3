"""What the browser holds of a visit, so that its page goes on by itself where the server has lost the session.

The scene is in the address. What is not are the scenes of undo and redo, data that are too long for an address, which
questions of a lecture were answered, and what was said in the lessons: the browser has them as links have them, and
gives them back to a new session. They are read as any link is; whoever gives back something else has another history
of his own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.browser.component_loader import loader
from app.browser.player_component import sent
from app.model.scene import RUNS, Scene
from app.scene_text.playlist import SCENES
from app.scene_text.scene_text import NAMES, assembled, parts
from app.server.session_tokens import issue, session_path
from app.session import lesson_progress
from app.session.lecture_state import REVEALED, revealed
from app.session.scene_state import DEEP, PANEL, begin, refresh

KEY = "visit"
TOKEN, RESUMED = "visit_token", "visit_resumed"
ROOM = 200_000  # characters of all that is held
PIECES = 2000  # parts of scenes, each held once
LONGEST = len(NAMES) + RUNS  # parts of one scene

_visit = st.components.v2.component(
    "descent_visit", js=loader("visit", "player/net/session_recovery.js", visible=False), isolate_styles=False
)


def keep() -> None:
    """Once on every page: the browser watches over the session, and holds what can be gone on with."""
    if TOKEN not in st.session_state:
        st.session_state[TOKEN] = issue()
    token = st.session_state[TOKEN]
    _visit(key=KEY, data={"token": token, "path": session_path(token), "kept": held()}, on_resumed_change=resumed)


def held() -> dict[str, Any]:
    """What is given back to a new session."""
    scenes = scenes_held() if "scene" in st.session_state else {}
    return {**scenes, "revealed": sorted(revealed()), "lessons": lesson_progress.held()}


def scenes_held() -> dict[str, list[Any]]:
    """The present scene and those before and after it, nearest first, as places in a list of their parts."""
    state = st.session_state
    places: dict[tuple[str, str], int] = {}
    room = ROOM

    def written(scene: Scene) -> list[int] | None:
        nonlocal room
        said = parts(scene)
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


def resumed() -> None:
    """Go on with what the browser gives back, once a session."""
    state, kept = st.session_state, sent(KEY, "resumed")
    if RESUMED in state or not isinstance(kept, Mapping):
        return
    state[RESUMED] = True
    lesson_progress.take_back(kept.get("lessons"))
    state[REVEALED] = frozenset(
        at for at in listed(kept.get("revealed"), SCENES) if type(at) is int and 0 <= at < SCENES
    )
    now, past, future = scenes_given_back(kept)
    if now:
        if "scene" not in state:
            begin(now[0])
        state.scene, state.past, state.future = now[0], past, future
    refresh(PANEL)


Scenes = tuple[Scene, ...]


def scenes_given_back(kept: Mapping[str, Any]) -> tuple[Scenes, Scenes, Scenes]:
    """The present scene, if there is one, those before and those after it. No more is read than was held."""
    said = listed(kept.get("pieces"), PIECES)
    pieces = [(piece[0], piece[1]) for piece in said if is_piece(piece)]
    if len(pieces) < len(said) or sum(len(value) for _, value in pieces) > ROOM:
        return (), (), ()

    def scenes(name: str, most: int) -> Scenes:
        found: list[Scene] = []
        for places in listed(kept.get(name), most):
            chosen = listed(places, LONGEST)
            if not chosen or not all(type(place) is int and 0 <= place < len(pieces) for place in chosen):
                break
            found.insert(0, assembled([pieces[place] for place in chosen]).scene)
        return tuple(found)

    return scenes("now", 1), scenes("past", DEEP), scenes("future", DEEP)


def listed(said: object, most: int) -> list[Any]:
    return said if isinstance(said, list) and len(said) <= most else []


def is_piece(piece: object) -> bool:
    """Whether this is a part of a scene: a name that links have, and what it says."""
    return isinstance(piece, list) and len(piece) == 2 and piece[0] in NAMES and isinstance(piece[1], str)
