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

from app.compute.scene_presets import FIRST, lit
from app.model.scene import Rejected, Scene
from app.scene_text.scene_text import Fault
from app.session.widget_sync import is_echo, leave, tell
from app.translation import language, say

PICTURE, PANEL = "picture", "panel"  # the fragments
TO_RACE = "to_race"  # the visitor has asked for the race page, and the next run of the whole page opens it
DEEP = 50  # scenes that are kept for undo
OPEN = 2  # cards that are unfolded at first

Edit = Callable[[Scene, Any], Scene]


def scene() -> Scene:
    if "scene" not in st.session_state:
        begin(FIRST)
    return st.session_state.scene


def begin(first: Scene) -> None:
    """A visit begins with this scene."""
    st.session_state.scene, st.session_state.past, st.session_state.future = first, (), ()
    st.session_state.faults = ()  # of what the scene was read from
    show(first)


def show(new: Scene) -> None:
    """Another scene as a whole, with its first cards unfolded if it has few."""
    become(new)
    st.session_state.notes = {}
    st.session_state.unfolded = frozenset(run.slot for run in new.runs[: OPEN if len(new.runs) <= OPEN + 1 else 1])


def become(new: Scene, *, going_on: bool = False) -> None:
    """The scene is `new` from now on; the one before can be had back, unless this goes on with the last change.

    Another moment is no change: nothing is undone that was only watched.
    """
    before = scene()
    if new.seen(new.view.playing()) == before.seen(before.view.playing()):
        st.session_state.scene = new
    else:
        if not going_on:
            st.session_state.past = (*st.session_state.past, before)[-DEEP:]
        st.session_state.scene, st.session_state.future, st.session_state.faults = new, (), ()


def blame(where: str, faults: tuple[Fault, ...]) -> None:
    """What could not be read of the link, text or file that the scene was read from; said until it is changed."""
    st.session_state.blamed, st.session_state.faults = where, faults


def undo() -> None:
    """The scene before the last change."""
    st.session_state.past, st.session_state.future = turn(st.session_state.past, st.session_state.future)


def redo() -> None:
    """The change that was undone last, again."""
    st.session_state.future, st.session_state.past = turn(st.session_state.future, st.session_state.past)


def turn(behind: tuple[Scene, ...], ahead: tuple[Scene, ...]) -> tuple[tuple[Scene, ...], tuple[Scene, ...]]:
    """One scene back along `behind`; the present one is then the first of those `ahead`."""
    if not behind:
        return behind, ahead
    now, then = scene(), behind[-1]
    st.session_state.scene = then.seen(then.view._replace(step=now.view.step))
    st.session_state.notes = {}
    return behind[:-1], (*ahead, now)


def edit(key: str, change: Edit, *about: str, alone: bool = False, going_on: bool = False) -> None:
    """The scene changed by the widget `key`; or, beside it, why not. `about` are the notes that no longer hold.

    `alone`: no other part of the panel shows what this changes; `going_on`: it is undone with the last change.
    """
    if is_echo(key):
        return
    before, quiet = scene(), key not in st.session_state.notes
    if attempt(key, change, *about, going_on=going_on):
        refresh(*(() if alone and quiet and lit(before) == lit(scene()) else (PANEL,)))


def attempt(key: str, change: Edit, *about: str, going_on: bool = False) -> bool:
    """Change the scene with what `key` holds; where that cannot be, note the reason."""
    notes = st.session_state.notes
    for old in (key, *about):
        notes.pop(old, None)
    try:
        become(change(scene(), st.session_state.get(key)), going_on=going_on)
    except Rejected as reason:
        notes[key] = reason.sentence
    return key not in notes


def hurry(send: Callable[[], None]) -> None:
    """`send` tells the player of the scene at once; what else is said of it comes with the next run of the picture."""
    st.session_state.hurry = send


def refresh(*fragments: str) -> None:
    """From a callback: run the picture and `fragments` again, and nothing else.

    All is run where the page is to be in another language, or the race is to come: a run of fragments alone would
    take the place of the run that brings it.
    """
    if TO_RACE in st.session_state or st.session_state.get("spoken", language()) != language():
        st.rerun()
    if "hurry" in st.session_state:
        st.session_state.hurry()
    with suppress(StreamlitAPIException):  # the visitor left the page of these fragments: the whole script runs now
        st.rerun([PICTURE, *fragments])


def follow(key: str, value: Any) -> None:
    """Tell a widget its value, unless it shows it already or the visitor has yet to correct it."""
    if key in st.session_state.notes:
        leave(key)
    else:
        tell(key, value)


def note(key: str) -> None:
    if key in st.session_state.notes:
        st.caption(f":red[{escaped(say(st.session_state.notes[key]))}]")


def escaped(text: str) -> str:
    """Text as text: nothing in it is Markdown."""
    return "".join("\\" + c if c in r"\`*_{}[]()<>#+-.!|~$:" else c for c in text)
