"""The race and another page to go to, as a test wants them."""

from pathlib import Path

import streamlit as st

from app.browser.static_file_routes import make_routes

app = st.App(Path(__file__).with_name("two_pages_script.py"), routes=make_routes())
