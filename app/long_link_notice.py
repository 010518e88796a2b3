"""A link with more parts than Streamlit reads: what it says stands, and that not all of it was read is said."""

import streamlit as st

from app.maps import map_selector
from app.scene_text.writer import PART_NAMES
from app.server.websocket_filter import OMITTED_PARAMETER
from app.session import language_switch, lecture_state, lesson_progress
from app.translation import translate

# All parameters that any page reads, and Streamlit's own.
KNOWN_PARAMETERS = frozenset(
    (
        *PART_NAMES,
        *lecture_state.URL_PARAMETERS,
        lesson_progress.URL_PARAMETER,
        map_selector.URL_PARAMETER,
        language_switch.URL_PARAMETER,
        "embed",
        "embed_options",
    )
)


OMITTED_KEY, DISMISSED_KEY = (
    "long_link_left_out",
    "long_link_read",
)  # in the session: what is to be said and where; what was read


def show_notice(page: str) -> None:
    """That parts of the link to this page were left out, until the visitor has read it or goes to another page.

    The page itself may have put a shorter address into the address bar by then.
    """
    said = st.query_params.get(OMITTED_PARAMETER, "")
    if said.isascii() and said.isdecimal() and len(said) < 8 and int(said):
        st.session_state[OMITTED_KEY] = page, said
    where, left_out = left = st.session_state.get(OMITTED_KEY, (None, ""))
    if where != page or left == st.session_state.get(DISMISSED_KEY):
        return
    with st.container(border=True, key=OMITTED_PARAMETER):
        st.markdown(
            translate("**This link is too long: {n} of its parts were not read.** The rest is as it says.", n=left_out)
        )
        st.button(translate("All right"), key="long_link", on_click=dismiss_notice)


def dismiss_notice() -> None:
    st.session_state[DISMISSED_KEY] = st.session_state[OMITTED_KEY]
