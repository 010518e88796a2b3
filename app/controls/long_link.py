"""A link with more parts than Streamlit reads: what it says stands, and that not all of it was read is said."""

import streamlit as st

from app.controls import course, lecture, tongue
from app.controls.maps import atlas
from app.language import say
from app.notation import NAMES
from app.server.stream import LEFT_OUT

# All parameters that any page reads, and Streamlit's own.
PARAMETERS = frozenset(
    (*NAMES, *lecture.PARAMETERS, course.PARAMETER, atlas.PARAMETER, tongue.PARAMETER, "embed", "embed_options")
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
