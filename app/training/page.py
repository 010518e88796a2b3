"""Training: networks learn from data, side by side, and what there is to see of it."""

from functools import partial

import streamlit as st

from app.panels.laboratory_page import LaboratoryPage
from app.panels.playlist_button import ADD_KEY, show_add_button, show_playlist_size
from app.session import lecture_playlist, lecture_state, playlist_text
from app.session.current_scene_and_undo import PANEL, rerun_fragments
from app.training import training_state
from app.training.export_menu import show_export_menu
from app.training.lesson_picture import show_waiting_trainings
from app.training.panel import show_panel_fields
from app.training.picture import COMPONENT_KEY, show_trainings
from app.training.training_state import LECTURE
from app.translation import translate


def show_picture() -> None:
    if LECTURE.is_on():
        lecture_state.show_exit_button(partial(LECTURE.set_mode, False))
    elif lecture_playlist.get_entries():
        lecture_state.show_way_back(LECTURE.enter, LECTURE.go_to_entry)
    if LECTURE.is_waiting():
        show_waiting_trainings()
    else:
        show_trainings()
    if LECTURE.is_on():
        lecture_playlist.mount_overview(COMPONENT_KEY)


def show_buttons() -> None:
    if not LECTURE.is_waiting():  # the files have what the audience is to predict
        show_export_menu()
    show_add_button(add_to_playlist)


def add_to_playlist() -> None:
    playlist_text.try_append(training_state.get_scene(), ADD_KEY)
    rerun_fragments(PANEL)


def show_below_history() -> None:
    show_playlist_size(only_with_scenes=True)
    show_link_to_log()


def show_link_to_log() -> None:
    with st.container(key="to_log"):
        st.page_link(
            "training_log/page.py", label=translate("The log of a training elsewhere: draw it and read it here"),
            icon=":material/upload_file:",
        )  # fmt: skip


LaboratoryPage(
    LECTURE.apply_url,
    LECTURE.update_url,
    lambda: translate(
        "A network learns from real data, epoch by epoch. Add another training to see what one change makes of it."
    ),
    training_state.get_state,
    training_state.undo,
    training_state.redo,
    show_picture,
    show_panel_fields,
    show_buttons,
    show_below_history,
    is_lecture=LECTURE.is_on,
).show()
