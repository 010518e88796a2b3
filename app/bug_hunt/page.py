"""The bug hunt: code with a hidden bug is checked, and the faulty block named, with few evaluations of the loss."""

import streamlit as st

from app.bug_hunt import hunt_state
from app.bug_hunt.hunt_component import show_hunt
from app.bug_hunt.sidebar_fields import show_panel_fields
from app.panels.laboratory_page import LaboratoryPage
from app.translation import translate


def show_way_back() -> None:
    st.page_link("gradient_check/page.py", label=translate("Back to the gradient check"), icon=":material/arrow_back:")


LaboratoryPage(
    hunt_state.apply_url,
    hunt_state.update_url,
    lambda: translate(
        "This backward pass has one bug. Check the gradient until a check fails, and name the block that has the bug "
        "with as few evaluations of the loss as you can. A check that passes may just have been too easy: some bugs "
        "stay hidden at the start, without regularization, or in blocks that were not checked."
    ),
    hunt_state.get_visit,
    hunt_state.undo,
    hunt_state.redo,
    show_hunt,
    show_panel_fields,
    show_above_picture=show_way_back,
).show()
