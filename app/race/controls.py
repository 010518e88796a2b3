"""The controls of a race: the buttons above the picture, and the problem and the runs in the sidebar."""

from typing import Any

import streamlit as st

from app.panels.export_menu import show_export_menu
from app.panels.problem_panel import show_preset_lesson, show_presets, show_problem, show_short_preset_lesson
from app.panels.run_cards import show_cards
from app.panels.run_menu import show_requested_explanation
from app.panels.share_panel import show_share_menu
from app.panels.typed_values import mount_typed_values
from app.panels.undo_redo_buttons import show_undo_redo
from app.session.stale_widget_values import finish_panel_run


def show_controls(top_container: Any) -> None:
    with top_container, st.container(horizontal=True, vertical_alignment="top", key="top"):
        show_presets()
        show_undo_redo()
        show_share_menu()
        show_export_menu()
        show_short_preset_lesson()
    with st.sidebar:
        show_preset_lesson()
        show_problem()
        show_cards()
        mount_typed_values()
        finish_panel_run()
    show_requested_explanation()
