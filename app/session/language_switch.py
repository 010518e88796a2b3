"""The language of the page: the switch at its top, and the parameter of addresses that hold no scene."""

import streamlit as st

from app.session.scene_state import get_scene, update_scene
from app.session.session import get_session
from app.session.stale_widget_values import request_resend
from app.session.streamlit_strings import translate_streamlit
from app.session.url_changes import PageUrl, group_parameters
from app.translation import LANGUAGES, get_language, is_offered

URL_PARAMETER = "language"
LANGUAGE_URL = PageUrl("language", (URL_PARAMETER,))


def apply_url_language() -> None:
    """Switch to the language of the address of a page without a scene, if that has changed."""
    if LANGUAGE_URL.take_change() and is_offered(language := st.query_params[URL_PARAMETER]):
        set_language(language)


def make_url_parameters() -> dict[str, str]:
    """The parameter for such an address; none while the browser decides."""
    language = get_scene().presentation.language
    parameters = {URL_PARAMETER: language} if language else {}
    LANGUAGE_URL.remember(group_parameters(parameters.items()))
    return parameters


def set_language(language: str) -> None:
    update_scene(get_scene().with_presentation(language=language))


def show_language_switch() -> None:
    """A button with the other language's name in that language."""
    now, session = get_language(), get_session()
    if session.page_language not in ("", now):
        request_resend()
    session.page_language = now
    other = next((word for word in LANGUAGES if word != now), "")
    with st.container(key="language"):
        st.button(LANGUAGES[other], key="speak", on_click=set_language, args=(other,), type="tertiary", width="content")
        script = f"<script>document.documentElement.lang = '{now}'</script>"  # a word of LANGUAGES
        st.html(script, unsafe_allow_javascript=True)
        translate_streamlit()
