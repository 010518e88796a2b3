"""The scene that is on the screen, what becomes of a change of it, and the way back.

The scene is the truth and the widgets follow it: each is told its value when the scene says otherwise,
and calls back with what the visitor chose. What cannot be is answered by a sentence at the widget, and
the scene stays.

The page is two fragments, picture and panel. A slider that moves changes the picture and nothing of the
panel but itself, so only the picture is run again: that is most of the way to a fast answer.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app.compute.scene_presets import DEFAULT_SCENE, find_active_preset
from app.model.scene import Scene, UserError
from app.scene_text.scene_text import Fault
from app.session.widget_sync import is_stale, mark_present, set_value
from app.translation import get_language, translate

PICTURE, PANEL = "picture", "panel"  # the fragments
RACE_REQUESTED_KEY = "to_race"  # the next run of the whole page is to open the race page
MAX_UNDO = 50  # scenes that are kept for undo
UNFOLDED_CARDS = 2  # cards that are unfolded at first

SceneEdit = Callable[[Scene, Any], Scene]


def get_scene() -> Scene:
    if "scene" not in st.session_state:
        begin_visit(DEFAULT_SCENE)
    return st.session_state.scene


def begin_visit(first: Scene) -> None:
    """A visit begins with this scene."""
    st.session_state.scene, st.session_state.past, st.session_state.future = first, (), ()
    st.session_state.faults = ()  # of what the scene was read from
    load_scene(first)


def load_scene(new: Scene) -> None:
    """Another scene as a whole, with its first cards unfolded if it has few."""
    update_scene(new)
    st.session_state.notes = {}
    st.session_state.unfolded = frozenset(
        run.slot for run in new.runs[: UNFOLDED_CARDS if len(new.runs) <= UNFOLDED_CARDS + 1 else 1]
    )


def update_scene(new: Scene, *, going_on: bool = False) -> None:
    """The scene is `new` from now on; the one before can be had back, unless this goes on with the last change.

    Another moment is no change: nothing is undone that was only watched.
    """
    before = get_scene()
    if new.seen(new.view.playing()) == before.seen(before.view.playing()):
        st.session_state.scene = new
    else:
        if not going_on:
            st.session_state.past = (*st.session_state.past, before)[-MAX_UNDO:]
        st.session_state.scene, st.session_state.future, st.session_state.faults = new, (), ()


def set_read_faults(where: str, faults: tuple[Fault, ...]) -> None:
    """What could not be read of the link, text or file that the scene was read from; said until it is changed."""
    st.session_state.blamed, st.session_state.faults = where, faults


def undo() -> None:
    """The scene before the last change."""
    st.session_state.past, st.session_state.future = _step_history(st.session_state.past, st.session_state.future)


def redo() -> None:
    """The change that was undone last, again."""
    st.session_state.future, st.session_state.past = _step_history(st.session_state.future, st.session_state.past)


def _step_history(behind: tuple[Scene, ...], ahead: tuple[Scene, ...]) -> tuple[tuple[Scene, ...], tuple[Scene, ...]]:
    """One scene back along `behind`; the present one is then the first of those `ahead`."""
    if not behind:
        return behind, ahead
    now, then = get_scene(), behind[-1]
    st.session_state.scene = then.seen(then.view._replace(step=now.view.step))
    st.session_state.notes = {}
    return behind[:-1], (*ahead, now)


def apply_edit(key: str, change: SceneEdit, *about: str, alone: bool = False, going_on: bool = False) -> None:
    """The scene changed by the widget `key`; or, beside it, why not. `about` are the notes that no longer hold.

    `alone`: no other part of the panel shows what this changes; `going_on`: it is undone with the last change.
    """
    if is_stale(key):
        return
    before, quiet = get_scene(), key not in st.session_state.notes
    if try_edit(key, change, *about, going_on=going_on):
        rerun_fragments(
            *(() if alone and quiet and find_active_preset(before) == find_active_preset(get_scene()) else (PANEL,))
        )


def try_edit(key: str, change: SceneEdit, *about: str, going_on: bool = False) -> bool:
    """Change the scene with what `key` holds; where that cannot be, note the reason."""
    notes = st.session_state.notes
    for old in (key, *about):
        notes.pop(old, None)
    try:
        update_scene(change(get_scene(), st.session_state.get(key)), going_on=going_on)
    except UserError as reason:
        notes[key] = reason.sentence
    return key not in notes


def set_fast_path(send: Callable[[], None]) -> None:
    """`send` tells the player of the scene at once; what else is said of it comes with the next run of the picture."""
    st.session_state.hurry = send


def rerun_fragments(*fragments: str) -> None:
    """From a callback: run the picture and `fragments` again, and nothing else.

    The whole page is run if its language changes, or if its next run is to open the race: Streamlit would put the
    run of the fragments in the place of that run.
    """
    if RACE_REQUESTED_KEY in st.session_state or st.session_state.get("spoken", get_language()) != get_language():
        st.rerun()
    if "hurry" in st.session_state:
        st.session_state.hurry()
    with suppress(StreamlitAPIException):  # the visitor left the page of these fragments: the whole script runs now
        st.rerun([PICTURE, *fragments])


def sync_widget(key: str, value: Any) -> None:
    """Tell a widget its value, unless it shows it already or the visitor has yet to correct it."""
    if key in st.session_state.notes:
        mark_present(key)
    else:
        set_value(key, value)


def show_note(key: str) -> None:
    if key in st.session_state.notes:
        st.caption(f":red[{escape_markdown(translate(st.session_state.notes[key]))}]")


def escape_markdown(text: str) -> str:
    """Text as text: nothing in it is Markdown."""
    return "".join("\\" + c if c in r"\`*_{}[]()<>#+-.!|~$:" else c for c in text)
