"""The language of the page: the switch at its top, and what the address says of it where that holds no scene."""

from dataclasses import replace

import streamlit as st

from app.session.scene_state import become, scene
from app.session.streamlit_strings import translate
from app.session.widget_sync import renew
from app.translation import LANGUAGES, language, offered

PARAMETER = "language"
HEARD = "language_heard"  # what the address said of it last
SPOKEN = "spoken"  # in which the page around the fragments is written


def heed() -> None:
    """Speak what the address of a page without a scene says, where that is news."""
    said = st.query_params.get(PARAMETER, "")
    if said != st.session_state.get(HEARD, "") and offered(said):
        speak(said)
    st.session_state[HEARD] = said


def parameters() -> dict[str, str]:
    """What such an address has to say; nothing while the browser decides."""
    chosen = scene().language
    st.session_state[HEARD] = chosen
    return {PARAMETER: chosen} if chosen else {}


def speak(chosen: str) -> None:
    become(replace(scene(), language=chosen))


def switch() -> None:
    """A button that says the other language's name in that language."""
    now = language()
    if st.session_state.get(SPOKEN, now) != now:
        renew()
    st.session_state[SPOKEN] = now
    other = next((word for word in LANGUAGES if word != now), "")
    with st.container(key="language"):
        st.button(LANGUAGES[other], key="speak", on_click=speak, args=(other,), type="tertiary", width="content")
        script = f"<script>document.documentElement.lang = '{now}'</script>"  # a word of LANGUAGES
        st.html(script, unsafe_allow_javascript=True)
        translate()
