"""Translations of Streamlit's own strings, which exist in English only."""

import json
from functools import cache
from pathlib import Path

import streamlit as st

from app.translation import get_language, get_translator
from surfaces.translatable import Translatable

STREAMLIT_STRINGS = (
    "Skip to main content",
    "App pages",
    "{n} more",
    "Sidebar",
    "Collapse sidebar",
    "Expand sidebar",
    "Choose an option",
    "Open",
    "Close",
    "Dismiss",
    "No results",
    "{n} options available.",
    "Clear value",
    "Increment",
    "Decrement",
    "Press {keys} to apply",
    "Help for {name}",
    "Copy to clipboard",
    "Copied",
    "Upload",
    "file upload",
    "Add files",
    "Drag and drop a file here",
    "{size} per file",
    "Error:",
    "{kind} files are not allowed.",
    "File must be {size} or smaller.",
    "Remove {name}",
    "Connecting",
    "Connection error",
    "Reconnected to server.",
    "Running...",
    "Stop",
)  # as they stand in its scripts; values in braces vary, and {n} is a number
# What it says of an address without a page, in words that a visitor understands; the race is behind it.
REWORDED_STRINGS = {
    "Page not found": Translatable("Page not found"),
    "The page that you have requested does not seem to exist. Running the app's main page.": Translatable(
        "There is no page at this address. Close this window to see the race; the names above lead to all pages."
    ),
}
SCRIPT_FILE = Path(__file__).with_suffix(".js")


def translate_streamlit() -> None:
    """Have the browser replace Streamlit's strings wherever they appear."""
    st.html(make_script(get_language()), unsafe_allow_javascript=True)


@cache
def make_script(language: str) -> str:
    translator = get_translator(language)
    translations = {text: translator(text) for text in STREAMLIT_STRINGS if translator(text) != text}
    translations |= {text: translator(sentence) for text, sentence in REWORDED_STRINGS.items()}
    words = json.dumps(translations).replace("<", "\\u003c")
    return f"<script>{SCRIPT_FILE.read_text(encoding='utf-8').replace('WORDS', words, 1)}</script>"
