"""The text of the playlist as it was typed, kept for the session; scenes are added to it from several pages."""

import streamlit as st

from app.model.scene import Rejected, Scene
from app.scene_text.playlist import added

TEXT, FIELD = "playlist_text", "playlist_field"


def text() -> str:
    return st.session_state.get(TEXT, "")


def keep(said: str) -> None:
    """The text is this from now on."""
    st.session_state[TEXT] = st.session_state[FIELD] = said


def put(now: Scene, beside: str) -> None:
    """Add a scene at the end of the text; why that cannot be is said beside the widget of this key."""
    notes = st.session_state.notes
    notes.pop(beside, None)
    try:
        keep(added(text(), now))
    except Rejected as reason:
        notes[beside] = reason.sentence
