"""The page's language: the switch at its top, and the URL parameter on pages whose address holds no scene."""

import streamlit as st

from app.scene_text.url_parameters_by_name import group_parameters
from app.session.page_url_parameters import PageUrl
from app.session.race_scene_and_undo import get_scene, update_scene
from app.session.session_state import get_session
from app.session.stale_widget_values import request_resend
from app.session.streamlit_strings import translate_streamlit
from app.translation import LANGUAGES, URL_PARAMETER, get_language, is_offered

LANGUAGE_URL = PageUrl("language", (URL_PARAMETER,))


def apply_url_language() -> None:
    """Switch to the language that the address names, if it has changed."""
    if LANGUAGE_URL.take_change() and is_offered(language := st.query_params[URL_PARAMETER]):
        set_language(language)


def make_url_parameters() -> dict[str, str]:
    """The language parameter; none while the browser's locale decides."""
    language = get_scene().presentation.language
    parameters = {URL_PARAMETER: language} if language else {}
    LANGUAGE_URL.remember(group_parameters(parameters.items()))
    return parameters


def set_language(language: str) -> None:
    update_scene(get_scene().with_presentation(language=language))


def show_language_switch() -> None:
    """Show a button that switches to the other language; its label is that language's own name."""
    language, session = get_language(), get_session()
    if session.page_language not in ("", language):
        request_resend()
    session.page_language = language
    other = next((code for code in LANGUAGES if code != language), "")
    with st.container(key="language"):
        st.button(
            LANGUAGES[other],
            key="switch_language",
            on_click=set_language,
            args=(other,),
            type="tertiary",
            width="content",
        )
        script = f"<script>document.documentElement.lang = '{language}'</script>"  # a key of LANGUAGES
        st.html(script, unsafe_allow_javascript=True)
        translate_streamlit()
