"""The script of the page that loads its components, and its messages when the server does not answer."""

import json
from functools import cache
from pathlib import Path

import streamlit as st
from plotly.offline import get_plotlyjs

from app.browser.loading_sentences import LOADING_SENTENCES
from app.browser.static_file_routes import COMPONENT_MODULES, find_bundle, player_folder, plotly_path
from app.translation import get_language, translate_table
from surfaces.translatable import Translatable

SCRIPT_FILE = Path(__file__).with_suffix(".js")
PAGE_STRINGS = {
    "missing": Translatable("A part of this page could not be loaded from the server."),
    "retry": Translatable("Try again"),
    "away": Translatable(
        "The server is not responding. You can go on watching, but you cannot change anything until it is back. "
        "This page will then continue by itself."
    ),
    "gone": Translatable("The server has lost this page several times. The page will continue by itself in a moment."),
    "again": Translatable("Continue now"),
    "refused": Translatable(
        "This browser does not let the page keep cookies, and without them the server accepts no file. Copy its "
        "text and paste it into the field instead."
    ),
    "failed": Translatable("The file has not reached the server. Try again, or paste its text into the field instead."),
}


def prepare_loading(name: str) -> None:
    """Put the script on the page `name`; `app.browser.loader_script` needs it there before any component."""
    st.html(make_script(name, get_language()), unsafe_allow_javascript=True)


@cache
def make_script(name: str, language: str) -> str:
    pages = translate_table(LOADING_SENTENCES)
    strings = {**translate_table(PAGE_STRINGS), "loading": pages[name], "pages": pages}
    words = json.dumps(strings, ensure_ascii=False).replace("<", "\\u003c")
    code = SCRIPT_FILE.read_text(encoding="utf-8").replace("FOLDER", player_folder(), 1)
    bundles = {module: find_bundle(module) for module in COMPONENT_MODULES}
    code = code.replace("BUNDLES_OF_MODULES", json.dumps(bundles), 1)
    code = code.replace("PLOTLY", plotly_path(get_plotlyjs().encode()), 1)
    return f"<script>{code.replace('WORDS', words, 1)}</script>"
