"""The component that keeps the focus of a visitor with a keyboard in a useful place, on every page."""

import streamlit as st

from app.browser.loader_script import make_loader

COMPONENT_KEY = "keyboard-focus"

_keyboard_focus = st.components.v2.component(
    "descent_keyboard_focus",
    js=make_loader("mountKeyboardFocus", "player/focus/keyboard_focus.js", is_visible=False),
    isolate_styles=False,
)


def mount_keyboard_focus(page: str) -> None:
    """Mount it; when `page` changes, the heading of the new page takes the focus."""
    _keyboard_focus(key=COMPONENT_KEY, data={"page": page})
