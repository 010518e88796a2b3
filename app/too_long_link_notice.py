"""The notice that a link has more parameters than Streamlit reads, so that some of them were left out."""

import streamlit as st

from app.bug_hunt import hunt_state
from app.gradient_check import check_state
from app.maps import map_url
from app.server.streamlit_websocket_filter import OMITTED_PARAMETER
from app.session import language_switch, lesson_navigation, race_url_sync
from app.session.session_state import get_session
from app.training import training_state
from app.translation import translate

# All parameters that any page reads, and Streamlit's own.
KNOWN_PARAMETERS = frozenset(
    (
        *race_url_sync.RACE_URL.names,
        lesson_navigation.URL_PARAMETER,
        map_url.URL_PARAMETER,
        *check_state.CHECK_URL.names,
        *hunt_state.HUNT_URL.names,
        *training_state.TRAINING_URL.names,
        language_switch.URL_PARAMETER,
        "embed",
        "embed_options",
    )
)


def show_notice(page: str) -> None:
    """Show that parts of the link to this page were left out, until the visitor dismisses it or changes the page.

    The session keeps the number, because the page may put a shorter address into the address bar meanwhile.
    """
    session, count = get_session(), st.query_params.get(OMITTED_PARAMETER, "")
    if count.isascii() and count.isdecimal() and len(count) < 8 and int(count):
        session.omitted_parts = page, count
    notice_page, number = session.omitted_parts
    if notice_page != page or session.omitted_parts == session.dismissed_omission:
        return
    with st.container(border=True, key=OMITTED_PARAMETER):
        st.markdown(
            translate(
                "**This link is too long: {n} of its parts were not read.** Everything else is shown as the link says.",
                n=number,
            )
        )
        st.button(translate("Got it"), key="long_link", on_click=dismiss_notice)


def dismiss_notice() -> None:
    get_session().dismissed_omission = get_session().omitted_parts
