"""Gradient check: the error of a gradient over h, entry by entry, in words, and the traps."""

from functools import partial

import streamlit as st

from app.export.gradient_checker_script import FILE_NAME, make_gradient_check_script
from app.gradient_check import check_lecture, check_state
from app.gradient_check.check_component import COMPONENT_KEY, show_check
from app.gradient_check.check_state import LECTURE
from app.gradient_check.lesson_picture import show_waiting_scene
from app.gradient_check.sidebar_fields import show_panel_fields
from app.panels.export_menu import show_script
from app.panels.laboratory_page import LaboratoryPage
from app.panels.playlist_button import show_add_button, show_playlist_size
from app.translation import translate


def show_way_to_hunt() -> None:
    with st.container(key="to_hunt"):
        st.page_link(
            "bug_hunt/page.py", label=translate("The bug hunt: find the fault in a backward pass"),
            icon=":material/bug_report:",
        )  # fmt: skip


def show_picture() -> None:
    if LECTURE.is_waiting():
        show_waiting_scene(check_lecture.list_curves_before())
    else:
        show_check()


def show_buttons() -> None:
    show_script_to_take_home()
    show_add_button(check_state.get_scene)


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


LaboratoryPage(
    LECTURE.apply_url,
    LECTURE.update_url,
    lambda: translate(
        "Is a gradient that was derived by hand right? It is compared with difference quotients of the loss, and the "
        "step h decides how far these can be trusted."
    ),
    check_state.get_state,
    check_state.undo,
    check_state.redo,
    show_picture,
    show_panel_fields,
    show_beside_history=show_buttons,
    show_below_history=partial(show_playlist_size, only_with_scenes=True),
    show_above_picture=show_way_to_hunt,
    lecture=LECTURE,
    picture_key=COMPONENT_KEY,
).show()
