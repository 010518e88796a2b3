"""The text of the playlist as it was typed, kept for the session; scenes are added to it from several pages."""

import streamlit as st

from app.model.scene import Scene, UserError
from app.scene_text.playlist import append_scene

TEXT_KEY, FIELD_KEY = "playlist_text", "playlist_field"


def get_text() -> str:
    return st.session_state.get(TEXT_KEY, "")


def set_text(said: str) -> None:
    """The text is this from now on."""
    st.session_state[TEXT_KEY] = st.session_state[FIELD_KEY] = said


def try_append(now: Scene, beside: str) -> None:
    """Add a scene at the end of the text; why that cannot be is said beside the widget of this key."""
    notes = st.session_state.notes
    notes.pop(beside, None)
    try:
        set_text(append_scene(get_text(), now))
    except UserError as reason:
        notes[beside] = reason.sentence
