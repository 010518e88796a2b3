"""Training: networks learn from data, side by side, and what there is to see of it."""

import streamlit as st

from app.panels.laboratory_page import LaboratoryPage
from app.panels.playlist_button import show_add_button, show_playlist_size
from app.training import training_state
from app.training.export_menu import show_export_menu
from app.training.lesson_picture import show_waiting_trainings
from app.training.sidebar_fields import show_panel_fields
from app.training.training_component import COMPONENT_KEY, show_trainings
from app.training.training_state import LECTURE
from app.translation import translate


def show_picture() -> None:
    if LECTURE.is_waiting():
        show_waiting_trainings()
    else:
        show_trainings()


def show_buttons() -> None:
    if not LECTURE.is_waiting():  # the files have what the audience is to predict
        show_export_menu()
    show_add_button(training_state.get_scene)


def show_below_history() -> None:
    show_playlist_size(only_with_scenes=True)
    show_link_to_log()


def show_link_to_log() -> None:
    with st.container(key="to_log"):
        st.page_link(
            "training_log/page.py", label=translate("A log of a training made elsewhere: plot and read it here"),
            icon=":material/upload_file:",
        )  # fmt: skip


LaboratoryPage(
    LECTURE.apply_url,
    LECTURE.update_url,
    lambda: translate(
        "A network learns from real data, epoch by epoch. Add another training to see what difference one change makes."
    ),
    training_state.get_state,
    training_state.undo,
    training_state.redo,
    show_picture,
    show_panel_fields,
    show_buttons,
    show_below_history,
    lecture=LECTURE,
    picture_key=COMPONENT_KEY,
).show()
