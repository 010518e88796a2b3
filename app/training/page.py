"""Training: networks learn from data, side by side, and what there is to see of it."""

from typing import Any

import streamlit as st

from app.panels.share_panel import show_history_buttons
from app.panels.typed_values import mount_typed_values
from app.session.current_scene_and_undo import PANEL, PICTURE, set_fast_path
from app.session.polled_jobs import drop_unpolled_jobs
from app.session.stale_widget_values import finish_panel_run
from app.session.url_sync import mark_race_left, show_faults
from app.session.visit_backup import mount_visit
from app.training import training_state
from app.training.export_menu import show_export_menu
from app.training.panel import show_panel_fields
from app.training.picture import show_trainings
from app.translation import fix_language, translate


@st.fragment(key=PICTURE)
@fix_language
def show_picture() -> None:
    training_state.update_url()
    mount_visit()
    with drop_unpolled_jobs():
        show_trainings()


@st.fragment(key=PANEL)
@fix_language
def show_panel(top: Any) -> None:
    state = training_state.get_state()
    with top:
        show_faults()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            st.markdown(translate(
                "A network learns from real data, epoch by epoch. Add another training to see what one change makes "
                "of it."
            ))  # fmt: skip
            show_history_buttons((training_state.undo, bool(state.past)), (training_state.redo, bool(state.future)))
            show_export_menu()
    with st.sidebar:
        show_panel_fields()
        mount_typed_values()
        finish_panel_run()


mark_race_left()
set_fast_path(lambda: None)
training_state.apply_url()
top_container = st.container()
show_picture()
show_panel(top_container)
