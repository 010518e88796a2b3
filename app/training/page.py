"""Training: networks learn from data, side by side, and what there is to see of it."""

import streamlit as st

from app.panels.laboratory_page import LaboratoryPage
from app.training import training_state
from app.training.export_menu import show_export_menu
from app.training.panel import show_panel_fields
from app.training.picture import show_trainings
from app.translation import translate


def show_link_to_log() -> None:
    with st.container(key="to_log"):
        st.page_link(
            "training_log/page.py", label=translate("The log of a training elsewhere: draw it and read it here"),
            icon=":material/upload_file:",
        )  # fmt: skip


LaboratoryPage(
    training_state.apply_url,
    training_state.update_url,
    lambda: translate(
        "A network learns from real data, epoch by epoch. Add another training to see what one change makes of it."
    ),
    training_state.get_state,
    training_state.undo,
    training_state.redo,
    show_trainings,
    show_panel_fields,
    show_export_menu,
    show_link_to_log,
).show()
