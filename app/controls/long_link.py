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


def notice() -> None:
    """That parts of the link were left out, as long as it is in the address bar."""
    said = st.query_params.get(LEFT_OUT, "")
    if said.isascii() and said.isdecimal() and len(said) < 8 and int(said):
        with st.container(border=True, key=LEFT_OUT):
            st.markdown(
                say("**This link is too long: {n} of its parts were not read.** The rest is as it says.", n=said)
            )
