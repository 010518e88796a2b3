"""What the browser holds of a visit, so that its page goes on by itself where the server has lost the session.

The scene is in the address. What is not are the scenes of undo and redo, data that are too long for an address, and
which questions of a lecture were answered: the browser has them as links have them, and gives them back to a new
session. They are read as any link is; whoever gives something else back has another history of his own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.controls.lecture import REVEALED, revealed
from app.controls.state import DEEP, PANEL, begin, refresh
from app.language import say
from app.notation import NAMES, assembled, parts
from app.player import sent
from app.player.loader import loader
from app.player.sessions import issue, session_path
from app.playlist import SCENES
from app.scene import RUNS, Scene

KEY = "visit"
TOKEN, RESUMED = "visit_token", "visit_resumed"
ROOM = 200_000  # characters of all that is held
PIECES = 2000  # parts of scenes, each held once
LONGEST = len(NAMES) + RUNS  # parts of one scene

_visit = st.components.v2.component("descent_visit", js=loader("visit", "visit.js", visible=False), isolate_styles=False)


def keep() -> None:
    """Once on every page: the browser watches over the session, and holds what can be gone on with."""
    if TOKEN not in st.session_state:
        st.session_state[TOKEN] = issue()
    token = st.session_state[TOKEN]
    said = {
        "away": say(
            "The server is not answering. You can go on watching, but not change anything until it is back: this page "
            "goes on by itself then."
        ),
        "gone": say("The server has forgotten this page several times. It goes on by itself in a moment."),
        "again": say("Go on now"),
    }
    data = {"token": token, "path": session_path(token), "kept": held(), "words": said}
    _visit(key=KEY, data=data, on_resumed_change=resumed)


def held() -> dict[str, Any] | None:
    """The present scene and those before and after it, nearest first, as places in a list of their parts."""
    state = st.session_state
    if "scene" not in state:
        return None
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
    return {"pieces": list(places), "now": now, "past": past, "future": future, "revealed": sorted(revealed())}


def resumed() -> None:
    """Go on with what the browser gives back, once a session."""
    found = None if RESUMED in st.session_state else given_back(sent(KEY, "resumed"))
    if found is None:
        return
    state = st.session_state
    state[RESUMED] = True
    now, past, future, answered = found
    if "scene" not in state:
        begin(now)
    state.scene, state.past, state.future, state[REVEALED] = now, past, future, answered
    refresh(PANEL)


Kept = tuple[Scene, tuple[Scene, ...], tuple[Scene, ...], frozenset[int]]


def given_back(said: object) -> Kept | None:
    """What `held` made, if it is; None for anything else. No more is read than was held."""
    if not isinstance(said, Mapping):
        return None
    pieces = [tuple(piece) for piece in listed(said.get("pieces"), PIECES) if is_piece(piece)]
    if len(pieces) != len(listed(said.get("pieces"), PIECES)) or sum(len(value) for _, value in pieces) > ROOM:
        return None

    def scenes(name: str, most: int) -> tuple[Scene, ...]:
        found = []
        for places in listed(said.get(name), most):
            chosen = listed(places, LONGEST)
            if not chosen or not all(type(place) is int and 0 <= place < len(pieces) for place in chosen):
                break
            found.append(assembled([pieces[place] for place in chosen]).scene)
        return tuple(reversed(found))

    now = scenes("now", 1)
    answered = frozenset(at for at in listed(said.get("revealed"), SCENES) if type(at) is int and 0 <= at < SCENES)
    return (now[0], scenes("past", DEEP), scenes("future", DEEP), answered) if now else None


def listed(said: object, most: int) -> list[Any]:
    return said if isinstance(said, list) and len(said) <= most else []


def is_piece(piece: object) -> bool:
    """Whether this is a part of a scene: a name that links have, and what it says."""
    return isinstance(piece, list) and len(piece) == 2 and piece[0] in NAMES and isinstance(piece[1], str)
