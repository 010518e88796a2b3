"""The title of the browser's window, which a screen reader says first after a change of the page."""

import streamlit as st


def set_window_title(name: str) -> None:
    """Name the page; once the navigation is there, whose title this replaces."""
    st.set_page_config(f"{name} · Descent")
