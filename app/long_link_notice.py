"""A link with more parts than Streamlit reads: what it says stands, and that not all of it was read is said."""

import streamlit as st

from app.maps import map_selector
from app.scene_text.scene_text import NAMES
from app.server.websocket_filter import LEFT_OUT
from app.session import language_switch, lecture_state, lesson_progress
from app.translation import say

# All parameters that any page reads, and Streamlit's own.
PARAMETERS = frozenset(
    (
        *NAMES,
        *lecture_state.PARAMETERS,
        lesson_progress.PARAMETER,
        map_selector.PARAMETER,
        language_switch.PARAMETER,
        "embed",
        "embed_options",
    )
)


LEFT, READ = "long_link_left_out", "long_link_read"  # in the session: what is to be said and where; what was read


def notice(page: str) -> None:
    """That parts of the link to this page were left out, until the visitor has read it or goes to another page.

    The page itself may have put a shorter address into the address bar by then.
    """
    said = st.query_params.get(LEFT_OUT, "")
    if said.isascii() and said.isdecimal() and len(said) < 8 and int(said):
        st.session_state[LEFT] = page, said
    where, left_out = left = st.session_state.get(LEFT, (None, ""))
    if where != page or left == st.session_state.get(READ):
        return
    with st.container(border=True, key=LEFT_OUT):
        st.markdown(
            say("**This link is too long: {n} of its parts were not read.** The rest is as it says.", n=left_out)
        )
        st.button(say("All right"), key="long_link", on_click=read)


def read() -> None:
    st.session_state[READ] = st.session_state[LEFT]
