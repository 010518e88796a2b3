"""The share menu, with the scene as a link, text, file and QR code."""

from html import escape

import streamlit as st

from app.browser.copy_button import show_copy_button
from app.browser.player_labels import LABELS
from app.browser.qr_code import make_qr_code
from app.model.display_names import get_display_name
from app.model.scene import Scene, UserError
from app.panels.data_fields import MAX_FILE_BYTES, decode_file
from app.panels.playlist_button import show_add_button, show_playlist_size
from app.scene_text.reader import MAX_TEXT_CHARACTERS, is_link, read_scene
from app.scene_text.writer import list_link_parts, list_parts, write_query, write_scene
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.page_url_parameters import make_race_link
from app.session.race_scene_and_undo import get_scene, load_scene, set_read_faults
from app.session.session_state import get_session
from app.session.widget_notes import show_note
from app.translation import translate
from surfaces.translatable import Translatable

EMBED_PARAMETER = "embed=true"  # Streamlit's
FRAME_SIZE = 'width="100%" style="border:0; max-width:960px; aspect-ratio:16/9"'
BY_HAND = Translatable("Your browser does not let this page copy: copy the text below.")


def show_share_menu() -> None:
    """Show the popover that saves and opens scenes."""
    popover = st.popover(translate("Share"), key="share", on_change="rerun")
    if not popover.open:
        return
    scene = get_scene()
    link = make_race_link(write_query(scene))
    with popover:
        st.caption(translate("The address bar always holds this scene. Its link:"))
        link_column, qr_column = st.columns([1, 1])
        with link_column:
            show_link_button(link)
            show_scene_file(scene)
        with qr_column:
            show_qr_code(link)
        st.code(link, language=None, wrap_lines=True)
        if list_link_parts(scene) != list_parts(scene):
            st.caption(
                translate(
                    "**The data are too long for a link, so it leaves them out.** The file and the text below have "
                    "them."
                )
            )
        with st.container(horizontal=True, key="share_acts"):
            show_add_button(get_scene)
            show_embed_button(scene)
        show_playlist_size()
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


def show_scene_file(scene: Scene) -> None:
    """Show the button that saves the scene as a file, and the field that opens one."""
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


def show_qr_code(link: str) -> None:
    """Show the link as a QR code, unless it is too long for one."""
    qr_code = make_qr_code(link)
    if qr_code is None:
        st.caption(translate(LABELS["scan_too_long"]))
    else:
        image = qr_code.svg_data_uri(scale=4, border=3, light="white", dark="black")
        st.image(image, caption=translate("Scan to open"), width="stretch")


def apply_scene_text() -> None:
    import_scene("text", st.session_state.scene_text)


def apply_scene_file() -> None:
    file = st.session_state.scene_file
    if file is not None:
        import_scene("file", decode_file(file.getvalue()[:MAX_FILE_BYTES]))


def import_scene(origin: str, text: str) -> None:
    """Show the scene of a text or file and its faults, or note beside the field why it has none."""
    get_session().notes.pop(f"scene_{origin}", None)
    try:
        parsed = read_scene(text)
    except UserError as reason:
        get_session().notes[f"scene_{origin}"] = reason.message
    else:
        language = parsed.scene.presentation.language or get_scene().presentation.language
        load_scene(parsed.scene.with_presentation(language=language))
        set_read_faults("link" if is_link(text) else origin, parsed.faults)
    rerun_fragments(PANEL)


def show_link_button(link: str) -> None:
    """Show the button that copies the link, and on a phone the one that hands it to another app."""
    show_copy_button(
        translate("Copy the link"),
        link,
        key="copy_link",
        done=translate("Copied."),
        by_hand=translate(BY_HAND),
        share=translate("Send the link…"),
    )


def show_embed_button(scene: Scene) -> None:
    """Show the button that copies the frame of the picture for a page or a slide, which tells nothing ahead."""
    future = "hidden" if scene.view.future == "auto" else scene.view.future
    link = make_race_link(write_query(scene.with_presentation(view=scene.view._replace(future=future))))
    show_copy_button(
        translate("Copy embed code"),
        write_embed_code(link, translate("Descent: {surface}", surface=get_display_name(scene.surface.name))),
        key="embed_code",
        done=translate("Copied: paste it into a page or a slide."),
        by_hand=translate(BY_HAND),
    )


def write_embed_code(link: str, title: str) -> str:
    """A frame in HTML that shows the scene of a link as a picture that plays."""
    source = escape(f"{link}&{EMBED_PARAMETER}")
    return f'<iframe src="{source}" title="{escape(title)}" {FRAME_SIZE} allowfullscreen></iframe>'
