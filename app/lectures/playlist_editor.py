"""What a lecturer writes down: the text of the playlist, kept as it was typed, and what it comes to."""

import streamlit as st

from app.model import display_names
from app.model.scene import Rejected
from app.scene_text.playlist import LONG, ROOM, Entry, Playlist, pack, read, unpack
from app.session import language_switch, lecture_state
from app.session.playlist_state import FIELD, TEXT, keep, put, text
from app.session.scene_state import escaped, note, scene
from app.translation import say

RACE = "race/page.py"
OPENED = "playlist_file"
FILE = "playlist.txt"
EXAMPLE = """# {remark}
?surface=ravine()&run=momentum(lr=0.005)&run=nesterov(lr=0.005) {question}
?surface=rosenbrock()&steps=60&run=newton()&run=lbfgs() predict
"""


def example() -> str:
    """What a playlist looks like."""
    return EXAMPLE.format(
        remark=say(
            "One scene a line: its link, as the address bar has it. Words behind it are asked before the race begins."
        ),
        question=say("Which of the two swings further?"),
    )


def arrive() -> None:
    """The text of the address, where that is news; it is there after a reload, too."""
    word = st.query_params.get(lecture_state.PLAYLIST, "")
    if word and word != st.session_state.get("playlist_heard"):
        try:
            keep(unpack(word))
        except Rejected as reason:
            st.session_state.setdefault("notes", {})[FIELD] = reason.sentence
        st.session_state.playlist_heard = word
    elif not text() and lecture_state.entries():
        keep(unpack(st.session_state[lecture_state.WORD]))


def tell() -> None:
    """Put the text into the address."""
    word = pack(text()) if text() else ""
    st.session_state.playlist_heard = word
    st.query_params.from_dict(({lecture_state.PLAYLIST: word} if word else {}) | language_switch.parameters())


def typed() -> None:
    st.session_state[TEXT] = st.session_state[FIELD]
    st.session_state.notes.pop(FIELD, None)


def write() -> None:
    """The text, what is wrong with it, the scenes that it has, and the lecture."""
    scene()
    with st.container(key="playlist"):
        st.title(say("Playlist"), anchor=False)
        st.markdown(
            say(
                "The scenes of a lecture, one a line: a link from the address bar, or what is behind its question "
                "mark. Words behind a link are a question: that scene waits at its start until it is answered; "
                "`predict` asks what will happen. Lines that begin with # are your own."
            )
        )
        if FIELD not in st.session_state:
            st.session_state[FIELD] = text()
        st.text_area(
            say("Scenes"), key=FIELD, on_change=typed, height=260, max_chars=ROOM, placeholder=example(),
            label_visibility="collapsed",
        )  # fmt: skip
        note(FIELD)
        with st.container(horizontal=True, vertical_alignment="bottom", key="playlist_acts"):
            st.button(say("Add the scene of the race"), key="playlist_add", icon=":material/add:", on_click=add)
            if text():
                st.download_button(
                    say("Save as a file"), text(), FILE, "text/plain", icon=":material/download:", on_click="ignore"
                )
            st.file_uploader(
                say("Open a file"), type=["txt"], key=OPENED, on_change=opened, max_upload_size=1,
                label_visibility="collapsed", width=300,
            )  # fmt: skip
        tell()
        outcome(text())


def outcome(said: str) -> None:
    try:
        found = read(said)
    except Rejected as reason:
        st.markdown(f":red[{escaped(say(reason.sentence))}]")
        return
    damage(found)
    if found.damages or not found.entries:
        return
    share(said, found)
    for number, entry in enumerate(found.entries, 1):
        st.markdown(f"{number}\\. {titled(entry)}")


def damage(found: Playlist) -> None:
    """Each damaged line, by its number."""
    for line, fault in found.damages:
        st.markdown(
            say(
                ":red[Line {line}:] {said} – {why}",
                line=line,
                said=f"`{fault.said.replace('`', chr(39))}`",
                why=escaped(say(fault.why)),
            )
        )


def share(said: str, found: Playlist) -> None:
    parameters = lecture_state.link(said, **language_switch.parameters())
    st.page_link(RACE, label=say("Start the lecture"), icon=":material/co_present:", query_params=parameters)
    url = (st.context.url or "").partition("?")[0].rstrip("/").removesuffix("playlist")
    whole = f"{url}?{'&'.join('='.join(pair) for pair in parameters)}"
    st.caption(say("The whole lecture as one link:"))
    st.code(whole, language=None, wrap_lines=True)
    if len(whole) > LONG:
        st.markdown(
            say(
                ":red[This link has {letters} characters.] Mails and chats may cut one of more than {long}: "
                "save the playlist as a file, and open it here.",
                letters=len(whole),
                long=LONG,
            )
        )


def titled(entry: Entry) -> str:
    """A scene by its surface and its runs, and its question."""
    runs = ", ".join(escaped(display_names.title_of(racer)) for racer in entry.scene.runs if racer.on)
    asked = escaped(entry.question or say("What will happen?")) if entry.question is not None else ""
    title = f"**{escaped(display_names.name(entry.scene.surface.word))}** · {runs}"
    return f"{title} · *{asked}*" if asked else title


def add() -> None:
    """The scene of the race at the end of the text."""
    put(scene(), FIELD)


def opened() -> None:
    file = st.session_state[OPENED]
    if file is not None:
        keep(file.getvalue()[: ROOM + 1].decode("utf-8", errors="replace"))
