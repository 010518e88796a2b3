"""The scene to take along: its link, its text, a file, a code for a camera; and the way back from a change."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from segno import DataOverflowError, make

from app.model.data_scene import ROOM
from app.model.scene import Rejected
from app.scene_text import playlist
from app.scene_text.scene_text import WHOLE, is_link, linked, parts, query, read, text
from app.session import playlist_state
from app.session.scene_state import PANEL, blame, note, redo, refresh, scene, show, undo
from app.translation import say

FILE = 1_000_000  # bytes of a file that are looked at


def history() -> None:
    """Undo and redo; their keys are the player's."""
    for word, label, keys, act, there in (
        ("undo", say("Undo"), "Ctrl+Z", undo, st.session_state.past),
        ("redo", say("Redo"), "Ctrl+Shift+Z", redo, st.session_state.future),
    ):
        st.button(
            label, icon=f":material/{word}:", key=word, on_click=turn_back, args=(act,), disabled=not there,
            help=f"{label} ({keys})", type="tertiary",
        )  # fmt: skip


def turn_back(*acts: Callable[[], None]) -> None:
    for act in acts:
        act()
    refresh(PANEL)


def share() -> None:
    """The popover with all ways to take a scene along, or to bring one."""
    box = st.popover(say("Share"), key="share", on_change="rerun")
    if not box.open:
        return
    now = scene()
    link = f"{st.context.url.partition('?')[0]}?{query(now)}" if st.context.url else f"?{query(now)}"
    with box:
        st.caption(say("The address bar always holds this scene. Its link:"))
        st.code(link, language=None, wrap_lines=True)
        if linked(now) != parts(now):
            st.caption(
                say("**The data are too long for a link: it does not hold them.** The file and the text below do.")
            )
        code, rest = st.columns([1, 1])
        with code:
            camera(link)
        with rest:
            st.download_button(
                say("Save as a file"),
                text(now),
                "scene.txt",
                "text/plain",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
            )
            st.file_uploader(say("Open a file"), type=["txt"], key="scene_file", on_change=opened, max_upload_size=1)
            note("scene_file")
        if st.session_state.get("scene_shown") != now:
            st.session_state.scene_text, st.session_state.scene_shown = text(now), now
        st.text_area(
            say("The scene as text: change it, or paste another one or a link"),
            key="scene_text",
            height=180,
            max_chars=WHOLE + ROOM,
        )
        note("scene_text")
        st.button(say("Show this scene"), key="scene_read", on_click=pasted)
        from_race()


def camera(link: str) -> None:
    """The link as a QR code; of the longest none can be made."""
    try:
        code = make(link, error="l")
    except DataOverflowError:
        st.caption(say("This link is too long for a QR code: save the scene as a file."))
    else:
        picture = code.svg_data_uri(scale=4, border=3, light="white", dark="black")
        st.image(picture, caption=say("The same link for a camera"), width="stretch")


def pasted() -> None:
    bring("text", st.session_state.scene_text)


def opened() -> None:
    file = st.session_state.scene_file
    if file is not None:
        bring("file", file.getvalue()[:FILE].decode("utf-8", errors="replace"))


def bring(kind: str, said: str) -> None:
    """The scene that a text or file says, with a list of what could not be read; or, beside the field, why none."""
    st.session_state.notes.pop(f"scene_{kind}", None)
    try:
        reading = read(said)
    except Rejected as reason:
        st.session_state.notes[f"scene_{kind}"] = reason.sentence
    else:
        brought = reading.scene
        show(brought if brought.language else replace(brought, language=scene().language))
        blame("link" if is_link(said) else kind, reading.faults)
    refresh(PANEL)


def from_race() -> None:
    """The button of the race page that adds its scene."""
    said = playlist_state.text()
    count = len(playlist.read(said).entries) if said else 0
    st.button(
        say("Add this scene to the playlist"), key="to_playlist", icon=":material/playlist_add:", on_click=put_from_race
    )
    note("to_playlist")
    st.caption(say("The playlist has {count} of {scenes} scenes.", count=count, scenes=playlist.SCENES))


def put_from_race() -> None:
    playlist_state.put(scene(), "to_playlist")
    refresh(PANEL)
