"""The frame of every page: title, style, navigation and language switch."""

from html import escape
from pathlib import Path

import streamlit as st

from app import too_long_link_notice
from app.bug_hunt.hunt_backup import export_hunts, restore_hunts
from app.gradient_check.check_backup import export_check, restore_check
from app.session import polled_jobs
from app.session.component_loading_script import prepare_loading
from app.session.keyboard_focus import mount_keyboard_focus
from app.session.language_switch import show_language_switch
from app.session.lesson_navigation import URL_PARAMETER
from app.session.screen_reader_notes import mount_screen_reader_notes
from app.session.session_state import get_session
from app.session.stale_widget_values import clear_present_widgets
from app.session.theme_switch import show_theme_switch
from app.session.visit_backup import PageBackup, mount_visit, page_backups
from app.session.window_title import set_window_title
from app.training.training_backup import export_trainings, restore_trainings
from app.translation import get_language, translate

APP_FOLDER = Path(__file__).parent
st.set_page_config(page_icon=str(APP_FOLDER / "icon.svg"), layout="wide", initial_sidebar_state="auto")

RACE = st.Page("race/page.py", title=translate("Race"), url_path="race", default=True)
LESSONS = st.Page("lessons/page.py", title=translate("Lessons"), url_path="lessons")
MAPS = st.Page("maps/page.py", title=translate("Maps"), url_path="maps")
CHECK = st.Page("gradient_check/page.py", title=translate("Gradient check"), url_path="gradient-check")
HUNT = st.Page("bug_hunt/page.py", title=translate("The bug hunt"), url_path="bug-hunt", visibility="hidden")
TRAINING = st.Page("training/page.py", title=translate("Training"), url_path="training")
LOG = st.Page("training_log/page.py", title=translate("Training log"), url_path="training-log", visibility="hidden")
PLAYLIST = st.Page("playlist/page.py", title=translate("Playlist"), url_path="playlist")
ABOUT = st.Page("about/page.py", title=translate("About"), url_path="about")
PAGES = [RACE, LESSONS, MAPS, CHECK, TRAINING, PLAYLIST, ABOUT]
WITH_PICTURE = RACE, MAPS, CHECK, HUNT, TRAINING, LOG

page = st.navigation([*PAGES, HUNT, LOG], position="top")  # links lead to these from the pages that they belong to
set_window_title(page.title)
session = get_session()
session.previous_page, session.current_page = session.current_page, page.url_path
if session.previous_page != session.current_page:
    clear_present_widgets()
    polled_jobs.drop_all_jobs()
    session.requested_page = None
with st.container(key="header"):
    with st.container(horizontal=True, key="pages"):  # for a phone, where Streamlit hides its own in the panel
        for target in PAGES:
            st.page_link(target)
    show_language_switch()
    show_theme_switch()
    if page is RACE:  # for a phone, where the name has no room in the header
        sentence = escape(translate(": watch optimizers race to a minimum"))
        st.html(f'<p class="descent-introduction"><b>Descent</b>{sentence}</p>')
    if page in WITH_PICTURE:  # the others have theirs in sight
        st.html(f'<h1 class="unseen">{escape(page.title)}</h1>')
page_backups["check"] = PageBackup(export_check, restore_check)
page_backups["hunt"] = PageBackup(export_hunts, restore_hunts)
page_backups["training"] = PageBackup(export_trainings, restore_trainings)
prepare_loading(page.url_path)
mount_keyboard_focus(f"{page.url_path}/{st.query_params.get(URL_PARAMETER, '')}")
mount_screen_reader_notes()
too_long_link_notice.show_notice(page.url_path)
if page not in WITH_PICTURE:
    st.html(APP_FOLDER / "plain.css")
page.run()
if page not in (*WITH_PICTURE, LESSONS):  # those mount it in a fragment, which is run again by itself
    mount_visit()
if session.page_language != get_language():  # the page has read the scene, and with it the language, by now
    st.rerun()
