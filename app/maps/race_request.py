"""The way from a map to the race."""

import streamlit as st

from app.model.scene import Scene
from app.scene_text.url_parameters import group_parameters
from app.scene_text.writer import list_link_parts
from app.session.current_scene_and_undo import get_scene, update_scene
from app.session.lesson_predictions import RACE_PAGE
from app.session.session_state import get_session


def go_to_race(new: Scene) -> None:
    """Make this the scene and go to its race; to be called in a callback. The browser's Back leads back to the map."""
    update_scene(new)
    get_session().is_race_requested = True
    st.rerun()  # the whole page: if a fragment switches pages, parts of it may appear on the new page


def follow_race_request() -> None:
    """Switch to the race if `go_to_race` was called; to be called when a run of the page begins."""
    if get_session().is_race_requested:
        get_session().is_race_requested = False
        st.switch_page(RACE_PAGE, query_params=group_parameters(list_link_parts(get_scene())))
