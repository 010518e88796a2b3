"""The language of the page: the switch at its top, and what the address says of it where that holds no scene."""

from dataclasses import replace

import streamlit as st

from app.session.scene_state import get_scene, update_scene
from app.session.streamlit_strings import translate_streamlit
from app.session.widget_sync import request_resend
from app.translation import LANGUAGES, get_language, is_offered

URL_PARAMETER = "language"
LAST_URL_LANGUAGE_KEY = "language_heard"  # what the address said of it last
PAGE_LANGUAGE_KEY = "spoken"  # in which the page around the fragments is written


def apply_url_language() -> None:
    """Speak what the address of a page without a scene says, where that is news."""
    said = st.query_params.get(URL_PARAMETER, "")
    if said != st.session_state.get(LAST_URL_LANGUAGE_KEY, "") and is_offered(said):
        set_language(said)
    st.session_state[LAST_URL_LANGUAGE_KEY] = said


def make_url_parameters() -> dict[str, str]:
    """What such an address has to say; nothing while the browser decides."""
    chosen = get_scene().language
    st.session_state[LAST_URL_LANGUAGE_KEY] = chosen
    return {URL_PARAMETER: chosen} if chosen else {}


def set_language(chosen: str) -> None:
    update_scene(replace(get_scene(), language=chosen))


def show_language_switch() -> None:
    """A button that says the other language's name in that language."""
    now = get_language()
    if st.session_state.get(PAGE_LANGUAGE_KEY, now) != now:
        request_resend()
    st.session_state[PAGE_LANGUAGE_KEY] = now
    other = next((word for word in LANGUAGES if word != now), "")
    with st.container(key="language"):
        st.button(LANGUAGES[other], key="speak", on_click=set_language, args=(other,), type="tertiary", width="content")
        script = f"<script>document.documentElement.lang = '{now}'</script>"  # a word of LANGUAGES
        st.html(script, unsafe_allow_javascript=True)
        translate_streamlit()
