"""Maps: pictures over thousands of runs of the scene that is in the race."""

from typing import Any

import streamlit as st

from app.compute.cached_simulation import build_surface, is_slow
from app.maps import map_url
from app.maps.catalogue import get_map_type, show_map_selector
from app.panels.problem_panel import show_problem
from app.panels.run_cards import show_cards
from app.panels.run_menu import show_requested_explanation
from app.panels.run_style_sheet import make_run_styles
from app.panels.typed_values import mount_typed_values
from app.panels.undo_redo_buttons import show_undo_redo
from app.session.fragment_reruns import PANEL, PICTURE, set_fast_path
from app.session.page_request import follow_page_request
from app.session.polled_jobs import drop_unpolled_jobs
from app.session.race_scene_and_undo import get_scene
from app.session.race_url_sync import mark_race_left, show_faults
from app.session.stale_widget_values import finish_panel_run
from app.session.visit_backup import mount_visit
from app.translation import fix_language, translate


@st.fragment(key=PICTURE)
def show_picture() -> None:
    scene = get_scene()
    map_url.update_url(scene)
    mount_visit()
    st.markdown(translate(get_map_type().introduction))
    if is_slow(surface := build_surface(scene.surface)):
        st.caption(translate(
            "A value of this surface takes long: its maps run on a spline through {count} × {count} of its values. "
            "The race itself is exact.", count=surface.grid_size,
        ))  # fmt: skip
    with drop_unpolled_jobs():
        if scene.runs:
            get_map_type().show(scene)
        else:
            st.info(translate("Nothing to map yet: add a run in the panel."))


@st.fragment(key=PANEL)
@fix_language
def show_panel(top: Any) -> None:
    with top:
        show_faults()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            show_map_selector()
            show_undo_redo()
    with st.sidebar:
        show_problem()
        show_cards()
        mount_typed_values()
        finish_panel_run()
    show_requested_explanation()


mark_race_left()
follow_page_request()
st.html(make_run_styles())
set_fast_path(lambda: None)
map_url.apply_url()
top_container = st.container()
show_picture()
show_panel(top_container)
