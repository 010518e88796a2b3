"""Gradient check: the error of a gradient over h, entry by entry, in words, and the traps."""

from functools import partial
from typing import Any

import streamlit as st

from app.export.gradient_check_script import FILE_NAME, make_gradient_check_script
from app.gradient_check import check_lecture, check_state
from app.gradient_check.lesson_picture import show_waiting_scene
from app.gradient_check.panel import show_panel_fields
from app.gradient_check.picture import COMPONENT_KEY, show_check
from app.panels.export_menu import show_script
from app.panels.playlist_button import ADD_KEY, show_add_button, show_playlist_size
from app.panels.share_panel import show_history_buttons
from app.panels.typed_values import mount_typed_values
from app.session import lecture_playlist, lecture_state, playlist_text
from app.session.current_scene_and_undo import PANEL, PICTURE, rerun_fragments, set_fast_path
from app.session.page_request import follow_page_request
from app.session.polled_jobs import drop_unpolled_jobs
from app.session.stale_widget_values import finish_panel_run
from app.session.url_sync import mark_race_left, show_faults
from app.session.visit_backup import mount_visit
from app.translation import fix_language, translate


@st.fragment(key=PICTURE)
@fix_language
def show_picture() -> None:
    check_state.update_url()
    if check_lecture.is_on():
        lecture_state.show_exit_button(partial(check_lecture.set_mode, False))
    elif lecture_playlist.get_entries():
        lecture_state.show_way_back(check_lecture.enter, check_lecture.go_to_entry)
    mount_visit()
    with drop_unpolled_jobs():
        if check_lecture.is_waiting():
            show_waiting_scene(check_lecture.list_curves_before())
        else:
            show_check()
    if check_lecture.is_on():
        lecture_playlist.mount_overview(COMPONENT_KEY)


@st.fragment(key=PANEL)
@fix_language
def show_panel(top: Any) -> None:
    if check_lecture.is_on():
        with top:
            show_faults()
            st.empty()  # the panel may not come back if `top` stays empty
        with st.sidebar:
            finish_panel_run()
        lecture_playlist.precompute_next_entry()
        return
    with top:
        show_faults()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            st.markdown(translate(
                "Is a gradient that was derived by hand right? It is compared with difference quotients of the loss, "
                "and the step h decides what that is worth."
            ))  # fmt: skip
            state = check_state.get_state()
            show_history_buttons((check_state.undo, bool(state.past)), (check_state.redo, bool(state.future)))
            show_script_to_take_home()
            show_add_button(add_to_playlist)
        show_playlist_size(only_with_scenes=True)
    with st.sidebar:
        show_panel_fields()
        mount_typed_values()
        finish_panel_run()


def add_to_playlist() -> None:
    playlist_text.try_append(check_state.get_scene(), ADD_KEY)
    rerun_fragments(PANEL)


def show_script_to_take_home() -> None:
    """Show the popover with the script that runs this check on a function of the visitor's own."""
    popover = st.popover(translate("Take it home"), key="take_home", on_change="rerun")
    if not popover.open:
        return
    with popover:
        st.caption(translate(
            "One file that needs NumPy alone. Its check(f, grad, x) does what this page does with a function of your "
            "own: it chooses h, takes some entries of every block, looks for kinks, and prints a table and a verdict."
        ))  # fmt: skip
        show_script(make_gradient_check_script(), FILE_NAME)


mark_race_left()
follow_page_request()
set_fast_path(lambda: None)
check_state.apply_url()
top_container = st.container()
with st.container(key="to_hunt"):
    st.page_link(
        "bug_hunt/page.py", label=translate("The bug hunt: find the fault in a backward pass"),
        icon=":material/bug_report:",
    )  # fmt: skip
show_picture()
show_panel(top_container)
