"""The page around every screen: its title, its style, the way from one screen to another."""

from pathlib import Path

import streamlit as st

from app import long_link_notice
from app.maps import map_session
from app.session.language_switch import SPOKEN, switch
from app.session.page_loading import prepare_loading
from app.session.visit_recovery import keep
from app.session.widget_sync import elsewhere
from app.translation import language, say

st.set_page_config(
    "Descent", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide", initial_sidebar_state="auto"
)
HERE = Path(__file__).parent
st.html(HERE / "style.css")

RACE = st.Page("race/page.py", title=say("Race"), url_path="race", default=True)
LESSONS = st.Page("lessons/page.py", title=say("Lessons"), url_path="lessons")
MAPS = st.Page("maps/page.py", title=say("Maps"), url_path="maps")
PLAYLIST = st.Page("lectures/page.py", title=say("Playlist"), url_path="playlist")
ABOUT = st.Page("about/page.py", title=say("About"), url_path="about")

page = st.navigation([RACE, LESSONS, MAPS, PLAYLIST, ABOUT], position="top")
st.session_state.came_from, st.session_state.shown = st.session_state.get("shown"), page.url_path
if st.session_state.came_from != st.session_state.shown:
    elsewhere()
    map_session.leave_all()
switch()
prepare_loading()
long_link_notice.notice(page.url_path)
if page not in (RACE, MAPS):
    st.html(HERE / "plain.css")
page.run()
if page not in (RACE, LESSONS, MAPS):  # there a fragment does it, which is run again by itself
    keep()
if st.session_state[SPOKEN] != language():  # the page has read the scene by now
    st.rerun()
