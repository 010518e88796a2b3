"""Training log: the log of a training made elsewhere, drawn and read like those of the laboratory."""

import streamlit as st

from app.panels.laboratory_page import LaboratoryPage
from app.training_log import log_state
from app.training_log.log_component import show_log
from app.training_log.sidebar_fields import show_panel_fields
from app.translation import translate


def show_way_back() -> None:
    with st.container(key="to_training"):
        st.page_link("training/page.py", label=translate("Back to training"), icon=":material/arrow_back:")


LaboratoryPage(
    log_state.apply_url,
    log_state.update_url,
    lambda: translate(
        "A training that you made elsewhere, plotted and read like those of this laboratory. Its log is in the "
        "server's memory for this visit alone: it is not stored, not sent anywhere, and not in the link."
    ),
    log_state.get_state,
    log_state.undo,
    log_state.redo,
    show_log,
    show_panel_fields,
    show_above_picture=show_way_back,
).show()
