"""The page around every screen: its title, its style, the way from one screen to another."""

from pathlib import Path

import streamlit as st

st.set_page_config(
    "Descent", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide", initial_sidebar_state="auto"
)
st.html(Path(__file__).with_name("style.css"))

RACE = st.Page("screens/race.py", title="Race", icon=None, default=True)
LESSONS = st.Page("screens/lessons.py", title="Lessons", icon=None)

st.navigation([RACE, LESSONS], position="top").run()
