"""The current scene, its changes, and undo.

The widgets follow the scene: each is given its value when the scene has another one, and calls back with the
visitor's choice. Where a choice cannot be, the scene stays, and a note beside the widget says why.

The page is two fragments, picture and panel. A slider that moves changes the picture and nothing else of the
panel, so only the picture is run again: that is most of what makes the answer fast.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app.model.call_validation import Fault
from app.model.presets import DEFAULT_SCENE, find_active_preset
from app.model.scene import Scene, UserError
from app.session.session import get_session
from app.session.stale_widget_values import is_stale, mark_present, set_value
from app.translation import get_language, translate

PICTURE, PANEL = "picture", "panel"  # the fragments
MAX_UNDO = 50  # scenes that are kept for undo
UNFOLDED_CARDS = 2  # cards that are unfolded at first

SceneEdit = Callable[[Scene, Any], Scene]


def get_scene() -> Scene:
    if get_session().scene is None:
        begin_visit(DEFAULT_SCENE)
    return get_session().scene or DEFAULT_SCENE


def begin_visit(scene: Scene) -> None:
    """Begin with this scene: without a history, and without the faults of an earlier text."""
    session = get_session()
    session.scene, session.past, session.future, session.faults = scene, (), (), ()
    load_scene(scene)


def load_scene(scene: Scene) -> None:
    """Show another scene as a whole, with its first cards unfolded if it has few."""
    update_scene(scene)
    get_session().notes = {}
    count = UNFOLDED_CARDS if len(scene.runs) <= UNFOLDED_CARDS + 1 else 1
    get_session().unfolded = frozenset(run.slot for run in scene.runs[:count])


def update_scene(scene: Scene, *, continues_last: bool = False) -> None:
    """Replace the scene. The one before can be had back by undo, unless this goes on with the last change.

    Another moment of the race is no change that undo would take back.
    """
    before, session = get_scene(), get_session()
    if scene.without_step() == before.without_step():
        session.scene = scene
    else:
        if not continues_last:
            session.past = (*session.past, before)[-MAX_UNDO:]
        session.scene, session.future, session.faults = scene, (), ()


def set_read_faults(origin: str, faults: tuple[Fault, ...]) -> None:
    """Show what could not be read of the link, text or file of the scene, until the scene is changed."""
    get_session().faults_origin, get_session().faults = origin, faults


def undo() -> None:
    session = get_session()
    session.past, session.future = _step_history(session.past, session.future)


def redo() -> None:
    session = get_session()
    session.future, session.past = _step_history(session.future, session.past)


def _step_history(source: tuple[Scene, ...], target: tuple[Scene, ...]) -> tuple[tuple[Scene, ...], tuple[Scene, ...]]:
    """Show the last scene of `source`, at the present moment; the present scene becomes the last of `target`."""
    if not source:
        return source, target
    before, session = get_scene(), get_session()
    session.scene = source[-1].with_presentation(view=source[-1].view._replace(step=before.view.step))
    session.notes = {}
    return source[:-1], (*target, before)


def apply_edit(
    key: str, edit: SceneEdit, *cleared_notes: str, leaves_panel: bool = False, continues_last: bool = False
) -> None:
    """Change the scene by the value of the widget `key`, or note beside it why that cannot be.

    `leaves_panel`: no other part of the panel shows what this changes; `continues_last`: it is undone with the last
    change.
    """
    if is_stale(key):
        return
    before, quiet = get_scene(), key not in get_session().notes
    if try_edit(key, edit, *cleared_notes, continues_last=continues_last):
        rerun_fragments(
            *(
                ()
                if leaves_panel and quiet and find_active_preset(before) == find_active_preset(get_scene())
                else (PANEL,)
            )
        )


def try_edit(key: str, edit: SceneEdit, *cleared_notes: str, continues_last: bool = False) -> bool:
    """Change the scene by the value of the widget `key`; return whether that could be, else note the reason."""
    notes = get_session().notes
    for old in (key, *cleared_notes):
        notes.pop(old, None)
    try:
        update_scene(edit(get_scene(), st.session_state.get(key)), continues_last=continues_last)
    except UserError as error:
        notes[key] = error.message
    return key not in notes


def set_fast_path(send: Callable[[], None]) -> None:
    """`send` sends the runs to the player at once; the rest comes with the next run of the picture."""
    get_session().fast_path = send


def rerun_fragments(*fragments: str) -> None:
    """From a callback: run the picture and `fragments` again, and nothing else.

    The whole page is run if its language changes, or if its next run is to open the race: Streamlit would put the
    run of the fragments in the place of that run.
    """
    session = get_session()
    if session.is_race_requested or session.page_language not in ("", get_language()):
        st.rerun()
    if session.fast_path:
        session.fast_path()
    with suppress(StreamlitAPIException):  # the visitor left the page of these fragments: the whole script runs now
        st.rerun([PICTURE, *fragments])


def sync_widget(key: str, value: Any) -> None:
    """Give a widget its value, unless it shows it already or the visitor has yet to correct it."""
    if key in get_session().notes:
        mark_present(key)
    else:
        set_value(key, value)


def show_note(key: str) -> None:
    if key in get_session().notes:
        st.caption(f":red[{escape_markdown(translate(get_session().notes[key]))}]")


def escape_markdown(text: str) -> str:
    """Text as text: nothing in it is Markdown."""
    return "".join("\\" + c if c in r"\`*_{}[]()<>#+-.!|~$:" else c for c in text)
