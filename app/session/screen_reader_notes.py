"""Notes that a screen reader says as soon as they are on the page: why a value was refused, what an answer is."""

from typing import Any

import streamlit as st

from app.browser.loader_script import make_loader

COMPONENT_KEY = "spoken-notes"

_screen_reader_notes = st.components.v2.component(
    "descent_spoken_notes",
    js=make_loader("mountScreenReaderNotes", "player/panels/screen_reader_notes.js", is_visible=False),
    isolate_styles=False,
)


def mount_screen_reader_notes() -> None:
    _screen_reader_notes(key=COMPONENT_KEY, data={})


def note_container(key: str) -> Any:
    """The container of a note on the widget `key`, which the browser says and joins to the widget's field."""
    return st.container(key=f"note_{key}")
