"""The editor of the playlist: its text, kept as it was typed, its faults and its scenes."""

import streamlit as st

from app.model.scene import UserError
from app.panels.data_fields import decode_file
from app.playlist.scene_list import show_scene_list, show_undo
from app.scene_text.playlist import (
    LONG_LINK_CHARACTERS,
    MAX_PLAYLIST_BYTES,
    Playlist,
    pack,
    read_playlist,
    unpack,
)
from app.scene_text.url_parameters_by_name import group_parameters
from app.session import language_switch, lecture_playlist
from app.session.page_url_parameters import PageUrl, is_history_navigation
from app.session.playlist_text import FIELD_KEY, get_text, set_text, try_append
from app.session.race_scene_and_undo import get_scene
from app.session.session_state import get_session
from app.session.stale_widget_values import finish_panel_run, is_stale, set_value
from app.session.widget_notes import escape_markdown, show_note
from app.translation import translate

PLAYLIST_URL = PageUrl("playlist", (lecture_playlist.PLAYLIST_PARAMETER,))
FILE_KEY = "playlist_file"
FILE_NAME = "playlist.txt"
EXAMPLE_TEMPLATE = """# {remark}
?surface=ravine()&run=momentum(lr=0.005)&run=nesterov(lr=0.005) {question}
?surface=rosenbrock()&steps=60&run=newton()&run=lbfgs() predict
?trap=kink
?data=digits(epochs=5)&train=network(initialization=zero) predict
"""


def make_example() -> str:
    """The example that the empty field shows."""
    return EXAMPLE_TEMPLATE.format(
        remark=translate(
            "One scene per line: its link, as the address bar shows it. Text after the link is a question, asked "
            "before the race begins."
        ),
        question=translate("Which of the two swings further?"),
    )


def apply_url() -> None:
    """Show the text of the address if the visitor has just opened it, else that of the lecture if the field is empty.

    On a page that stays open, an address counts only after back or forward: otherwise it may be outdated, since the
    browser sends the old address until it has received the new one.
    """
    get_scene()  # a new visit begins here, which clears the notes
    session = get_session()
    has_stayed = PLAYLIST_URL.get_last() is not None and session.previous_page == session.current_page
    parameters = PLAYLIST_URL.take_change()
    if has_stayed and not is_history_navigation():
        parameters = None
    if parameters and (packed := parameters[lecture_playlist.PLAYLIST_PARAMETER][0]):
        try:
            set_text(unpack(packed))
        except UserError as error:
            get_session().notes[FIELD_KEY] = error.message
    elif not get_text() and lecture_playlist.get_entries():
        set_text(unpack(get_session().lecture_packed))


def update_url() -> None:
    """Put the text into the address."""
    parameters = {lecture_playlist.PLAYLIST_PARAMETER: pack(get_text())} if get_text() else {}
    PLAYLIST_URL.remember(group_parameters(parameters.items()))
    st.query_params.from_dict(parameters | language_switch.make_url_parameters())


def apply_typed_text() -> None:
    if is_stale(FIELD_KEY):  # the list has changed the text since
        return
    get_session().playlist_text = st.session_state[FIELD_KEY]
    get_session().notes.pop(FIELD_KEY, None)


def start_opened_scene() -> None:
    """Start the lecture at the scene that was pressed."""
    index, get_session().opened_index = get_session().opened_index, None
    if index is not None:
        page, parameters = lecture_playlist.find_start(get_text(), index)
        st.switch_page(page, query_params=parameters)


def show_playlist() -> None:
    """Show the text, its faults, its scenes, and the link of the lecture."""
    start_opened_scene()
    with st.container(key="playlist"):
        st.title(translate("Playlist"), anchor=False)
        st.markdown(
            translate(
                "The scenes of a lecture, one per line: the link of a race, a gradient check or a training from the "
                "address bar, or the part of it after the question mark. Text after a link is a question: the scene "
                "waits at its start until it is answered; `predict` asks what will happen. Lines that begin with # "
                "are comments."
            )
        )
        set_value(FIELD_KEY, get_text())
        st.text_area(
            translate("Scenes"),
            key=FIELD_KEY,
            on_change=apply_typed_text,
            height=260,
            max_chars=MAX_PLAYLIST_BYTES,
            placeholder=make_example(),
            label_visibility="collapsed",
        )
        show_note(FIELD_KEY)
        with st.container(horizontal=True, vertical_alignment="bottom", key="playlist_acts"):
            st.button(
                translate("Add the scene of the race"),
                key="playlist_add",
                icon=":material/add:",
                on_click=add_race_scene,
            )
            if get_text():
                st.download_button(
                    translate("Save as a file"),
                    get_text(),
                    FILE_NAME,
                    "text/plain",
                    icon=":material/download:",
                    on_click="ignore",
                )
            st.file_uploader(
                translate("Open a file"), type=["txt"], key=FILE_KEY, on_change=apply_file, max_upload_size=1,
                label_visibility="collapsed", width=300,
            )  # fmt: skip
        update_url()
        if get_text():
            st.caption(
                translate("The playlist is kept in this tab and in its address: keep its link, or save the file.")
            )
        show_result(get_text())
    finish_panel_run()


def show_result(text: str) -> None:
    try:
        playlist = read_playlist(text)
    except UserError as reason:
        st.markdown(f":red[{escape_markdown(translate(reason.message))}]")
        return
    show_line_faults(playlist)
    show_undo()  # here also if the last scene was left out
    if not playlist.entries:
        return
    show_lecture_link(text, playlist)
    show_scene_list(playlist)


def show_line_faults(playlist: Playlist) -> None:
    """List the faulty lines with their numbers; the scenes of the others are shown all the same."""
    if playlist.faults and playlist.entries:
        st.markdown(translate("What could not be read is left out; all other scenes are played."))
    for line, fault in playlist.faults:
        text = translate(
            ":red[Line {line}:] {said} – {why}",
            line=line,
            said=f"`{fault.text.replace('`', chr(39))}`",
            why=escape_markdown(translate(fault.reason)),
        )
        is_played = line in playlist.lines
        st.markdown(f"{text} {translate('The rest of this scene is played.')}" if is_played else text)


def show_lecture_link(text: str, playlist: Playlist) -> None:
    page, parameters = lecture_playlist.find_start(text)
    st.page_link(page, label=translate("Start the lecture"), icon=":material/co_present:", query_params=parameters)
    url = (st.context.url or "").partition("?")[0].rstrip("/").removesuffix("playlist")
    link = f"{url}{lecture_playlist.URL_PATHS[page]}?{'&'.join('='.join(pair) for pair in parameters)}"
    st.caption(translate("The whole lecture as one link:"))
    st.code(link, language=None, wrap_lines=True)
    if len(link) > LONG_LINK_CHARACTERS:
        st.markdown(
            translate(
                ":red[This link has {letters} characters.] Mail and chat programs may cut off links of more than "
                "{long}: save the playlist as a file, and open it here.",
                letters=len(link),
                long=LONG_LINK_CHARACTERS,
            )
        )


def add_race_scene() -> None:
    """Add the scene of the race at the end of the text."""
    try_append(get_scene(), FIELD_KEY)


def apply_file() -> None:
    file = st.session_state[FILE_KEY]
    if file is not None:
        get_session().notes.pop(FIELD_KEY, None)
        set_text(decode_file(file.getvalue()[: 2 * MAX_PLAYLIST_BYTES + 4]))  # UTF-16 has two bytes a letter
