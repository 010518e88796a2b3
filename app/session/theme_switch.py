"""The button in the header that chooses light or dark colours; the choice is the browser's, and Python knows none."""

import streamlit as st

from app.browser.loader_script import make_loader
from app.translation import translate_table
from surfaces.translatable import Translatable

LABELS = {
    "label": Translatable("Colours: {now}. Press for: {next}"),
    "system": Translatable("as the system"),
    "light": Translatable("light"),
    "dark": Translatable("dark"),
}

_theme_switch = st.components.v2.component(
    "descent_theme", js=make_loader("mountThemeSwitch", "player/panels/theme_switch.js"), isolate_styles=False
)


def show_theme_switch() -> None:
    with st.container(key="theme"):
        _theme_switch(key="theme_switch", data={"labels": translate_table(LABELS)})
