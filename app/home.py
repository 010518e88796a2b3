"""The page around every screen: its title, its style, the way from one screen to another."""

from pathlib import Path

import streamlit as st

from app.controls import long_link
from app.controls.echo import elsewhere
from app.controls.loading import prepare_loading
from app.controls.maps import desk
from app.controls.tongue import SPOKEN, switch
from app.controls.visit import keep
from app.language import language, say

st.set_page_config(
    "Descent", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide", initial_sidebar_state="auto"
)
HERE = Path(__file__).parent
st.html(HERE / "style.css")

RACE = st.Page("screens/race.py", title=say("Race"), icon=None, default=True)
LESSONS = st.Page("screens/lessons.py", title=say("Lessons"), icon=None)
MAPS = st.Page("screens/maps.py", title=say("Maps"), icon=None)
PLAYLIST = st.Page("screens/playlist.py", title=say("Playlist"), icon=None)
ABOUT = st.Page("screens/about.py", title=say("About"), icon=None)

page = st.navigation([RACE, LESSONS, MAPS, PLAYLIST, ABOUT], position="top")
st.session_state.came_from, st.session_state.shown = st.session_state.get("shown"), page.url_path
if st.session_state.came_from != st.session_state.shown:
    elsewhere()
    desk.leave_all()
switch()
prepare_loading()
long_link.notice(page.url_path)
if page not in (RACE, MAPS):
    st.html(HERE / "plain.css")
page.run()
if page not in (RACE, LESSONS, MAPS):  # there a fragment does it, which is run again by itself
    keep()
if st.session_state[SPOKEN] != language():  # the page has read the scene by now
    st.rerun()
