"""Notes beside widgets: why a change was refused, or what the last one changed besides."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.model.scene import UserError
from app.session.screen_reader_notes import note_container
from app.session.session_state import get_session
from app.session.stale_widget_values import mark_present, set_value
from app.translation import get_punctuation, translate

PASSING_NOTE = ".moved"  # ends the keys of notes that tell of the last change alone


def try_change(key: str, change: Callable[[], None], *cleared_notes: str) -> bool:
    """Make a change of any page's scene, and return True; or note at `key` why it is refused, and return False.

    The notes at `key` and at `cleared_notes` are out of date then.
    """
    notes = get_session().notes
    for note_key in (key, *cleared_notes, *list_passing_notes()):
        notes.pop(note_key, None)
    try:
        change()
    except UserError as error:
        notes[key] = error.message
    return key not in notes


def list_passing_notes() -> list[str]:
    """The keys of the notes that tell of the last change alone, and go with the next one."""
    return [key for key in get_session().notes if key.endswith(PASSING_NOTE)]


def sync_widget(key: str, value: Any) -> None:
    """Give a widget the scene's value, unless its note says that the visitor has to correct what was typed."""
    if key in get_session().notes:
        mark_present(key)
    else:
        set_value(key, value)


def show_note(key: str, label: str = "") -> None:
    """Show the note of a widget; after `label`, the widget's name, where the note stands below several."""
    if key in get_session().notes:
        text = translate(get_session().notes[key])
        if label:
            text = f"{label}{get_punctuation().colon}{text}"
        with note_container(key):
            st.caption(f":red[{escape_markdown(text)}]")


def escape_markdown(text: str) -> str:
    """Escape text so that nothing in it is taken for Markdown."""
    return "".join("\\" + character if character in r"\`*_{}[]()<>#+-.!|~$:" else character for character in text)
