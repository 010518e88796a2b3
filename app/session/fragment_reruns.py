"""The two fragments of a page, picture and panel, and which of them Streamlit runs again after a change.

A slider changes only the picture, so only the picture is run again: most of the speed of the response comes from that.
"""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app.session.session_state import get_session
from app.translation import get_language

PICTURE, PANEL = "picture", "panel"  # the fragments


def set_fast_path(send: Callable[[], None]) -> None:
    """Set the function that sends the runs to the player at once, before the picture is run again."""
    get_session().fast_path = send


def rerun_fragments(*fragments: str) -> None:
    """From a callback: run the picture and `fragments` again, and nothing else.

    If the page's language has changed, or if its next run is to open another one, the whole page is run: Streamlit
    would replace that run by the run of the fragments.
    """
    session = get_session()
    if session.requested_page or session.page_language not in ("", get_language()):
        st.rerun()
    if session.fast_path:
        session.fast_path()
    with suppress(StreamlitAPIException):  # the visitor left the page of these fragments: the whole script runs now
        st.rerun([PICTURE, *fragments])
