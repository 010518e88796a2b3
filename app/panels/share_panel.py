"""The share menu with the scene as a link, text, file and QR code; and the buttons of undo and redo."""

from collections.abc import Callable

import streamlit as st
from segno import DataOverflowError, make

from app.model.scene import UserError
from app.scene_text import playlist
from app.scene_text.reader import MAX_TEXT_CHARACTERS, is_link, read_scene
from app.scene_text.writer import list_link_parts, list_parts, write_query, write_scene
from app.session import playlist_state
from app.session.scene_state import (
    PANEL,
    get_scene,
    load_scene,
    redo,
    rerun_fragments,
    set_read_faults,
    show_note,
    undo,
)
from app.session.session import get_session
from app.translation import translate

MAX_FILE_BYTES = 1_000_000  # of a file that are read


def show_undo_redo() -> None:
    """The buttons of undo and redo; the player has their keys."""
    for word, label, keys, act, there in (
        ("undo", translate("Undo"), "Ctrl+Z", undo, get_session().past),
        ("redo", translate("Redo"), "Ctrl+Shift+Z", redo, get_session().future),
    ):
        st.button(
            label, icon=f":material/{word}:", key=word, on_click=apply_history, args=(act,), disabled=not there,
            help=f"{label} ({keys})", type="tertiary",
        )  # fmt: skip


def apply_history(*actions: Callable[[], None]) -> None:
    for act in actions:
        act()
    rerun_fragments(PANEL)


def show_share_menu() -> None:
    """The popover that saves and opens scenes."""
    box = st.popover(translate("Share"), key="share", on_change="rerun")
    if not box.open:
        return
    scene = get_scene()
    link = f"{st.context.url.partition('?')[0]}?{write_query(scene)}" if st.context.url else f"?{write_query(scene)}"
    with box:
        st.caption(translate("The address bar always holds this scene. Its link:"))
        st.code(link, language=None, wrap_lines=True)
        if list_link_parts(scene) != list_parts(scene):
            st.caption(
                translate(
                    "**The data are too long for a link: it does not hold them.** The file and the text below do."
                )
            )
        code, rest = st.columns([1, 1])
        with code:
            show_qr_code(link)
        with rest:
            st.download_button(
                translate("Save as a file"),
                write_scene(scene),
                "scene.txt",
                "text/plain",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
            )
            st.file_uploader(
                translate("Open a file"), type=["txt"], key="scene_file", on_change=apply_scene_file, max_upload_size=1
            )
            show_note("scene_file")
        if get_session().scene_text_of != scene:
            st.session_state.scene_text, get_session().scene_text_of = write_scene(scene), scene
        st.text_area(
            translate("The scene as text: change it, or paste another one or a link"),
            key="scene_text",
            height=180,
            max_chars=MAX_TEXT_CHARACTERS,
        )
        show_note("scene_text")
        st.button(translate("Show this scene"), key="scene_read", on_click=apply_scene_text)
        show_add_button()


def show_qr_code(link: str) -> None:
    """The link as a QR code; the longest links do not fit into one."""
    try:
        code = make(link, error="l")
    except DataOverflowError:
        st.caption(translate("This link is too long for a QR code: save the scene as a file."))
    else:
        picture = code.svg_data_uri(scale=4, border=3, light="white", dark="black")
        st.image(picture, caption=translate("The same link for a camera"), width="stretch")


def apply_scene_text() -> None:
    import_scene("text", st.session_state.scene_text)


def apply_scene_file() -> None:
    file = st.session_state.scene_file
    if file is not None:
        import_scene("file", file.getvalue()[:MAX_FILE_BYTES].decode("utf-8", errors="replace"))


def import_scene(origin: str, text: str) -> None:
    """Show the scene of a text or file and its faults; or note beside the field why there is none."""
    get_session().notes.pop(f"scene_{origin}", None)
    try:
        reading = read_scene(text)
    except UserError as reason:
        get_session().notes[f"scene_{origin}"] = reason.message
    else:
        language = reading.scene.presentation.language or get_scene().presentation.language
        load_scene(reading.scene.with_presentation(language=language))
        set_read_faults("link" if is_link(text) else origin, reading.faults)
    rerun_fragments(PANEL)


def show_add_button() -> None:
    """The button of the race page that adds its scene."""
    text = playlist_state.get_text()
    count = len(playlist.read_playlist(text).entries) if text else 0
    st.button(
        translate("Add this scene to the playlist"),
        key="to_playlist",
        icon=":material/playlist_add:",
        on_click=add_from_race_page,
    )
    show_note("to_playlist")
    st.caption(translate("The playlist has {count} of {scenes} scenes.", count=count, scenes=playlist.MAX_SCENES))


def add_from_race_page() -> None:
    playlist_state.try_append(get_scene(), "to_playlist")
    rerun_fragments(PANEL)
