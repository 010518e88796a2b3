"""The button that adds the scene of a page to the playlist, and how long that is."""

from collections.abc import Callable

import streamlit as st

from app.model.scene import UserError
from app.scene_text import playlist
from app.scene_text.playlist import PlaylistScene
from app.session import playlist_text
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.widget_notes import show_note
from app.translation import translate

ADD_KEY = "to_playlist"  # of the button, and of the note why a scene was not added


def show_add_button(get_scene: Callable[[], PlaylistScene]) -> None:
    """Show the button that adds the scene to the playlist."""
    st.button(
        translate("Add this scene to the playlist"), key=ADD_KEY, icon=":material/playlist_add:", on_click=add_scene,
        args=(get_scene,),
    )  # fmt: skip


def add_scene(get_scene: Callable[[], PlaylistScene]) -> None:
    playlist_text.try_append(get_scene(), ADD_KEY)
    rerun_fragments(PANEL)


def show_playlist_size(*, only_with_scenes: bool = False) -> None:
    """Show how many scenes the playlist has, and why the last one was not added."""
    text, most = playlist_text.get_text(), playlist.MAX_SCENES
    show_note(ADD_KEY)
    try:
        count = len(playlist.read_playlist(text).entries) if text else 0
    except UserError as reason:  # the text is too long
        st.caption(translate(reason.message))
        return
    if count or not only_with_scenes:
        st.caption(translate("The playlist has {count} of {scenes} scenes.", count=count, scenes=most))
