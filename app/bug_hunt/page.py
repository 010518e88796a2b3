"""The bug hunt: code with a hidden bug is checked, and the faulty block named, with few evaluations of the loss."""

from typing import Any

import streamlit as st

from app.bug_hunt import hunt_state
from app.bug_hunt.panel import show_panel_fields
from app.bug_hunt.picture import show_hunt
from app.panels.share_panel import show_history_buttons
from app.panels.typed_values import mount_typed_values
from app.session.current_scene_and_undo import PANEL, PICTURE, set_fast_path
from app.session.stale_widget_values import finish_panel_run
from app.session.url_sync import mark_race_left, show_faults
from app.session.visit_backup import mount_visit
from app.translation import fix_language, translate


@st.fragment(key=PICTURE)
@fix_language
def show_picture() -> None:
    hunt_state.update_url()
    mount_visit()
    show_hunt()


@st.fragment(key=PANEL)
@fix_language
def show_panel(top: Any) -> None:
    with top:
        show_faults()
        with (
            st.container(key="hunt_top"),
            st.container(horizontal=True, vertical_alignment="top", key="top"),
        ):
            st.markdown(translate(
                "This backward pass has one bug. Check the gradient until a check fails, and name the block that it is "
                "in with as few evaluations of the loss as you can. A check that passes may only have been too easy: "
                "some bugs hide at the start, without regularization, or in blocks that were not looked at."
            ))  # fmt: skip
            visit = hunt_state.get_visit()
            show_history_buttons((hunt_state.undo, bool(visit.past)), (hunt_state.redo, bool(visit.future)))
    with st.sidebar:
        show_panel_fields()
        mount_typed_values()
        finish_panel_run()


mark_race_left()
set_fast_path(lambda: None)
hunt_state.apply_url()
top_container = st.container()
st.page_link("gradient_check/page.py", label=translate("Back to the gradient check"), icon=":material/arrow_back:")
show_picture()
show_panel(top_container)
