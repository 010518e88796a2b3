"""From the landscape on the training page to the race on it."""

import streamlit as st

from app.session.current_scene_and_undo import rerun_fragments
from app.session.page_url import RACE_PAGE
from app.training.landscape_messages import Plane, list_race_parameters, poll_landscape
from app.training.training_job import TrainingRequest, get_training_job
from app.training.training_scene import build_training
from app.training.training_state import get_scene, get_state


def show_landscape(plane: Plane) -> None:
    get_state().plane = plane
    rerun_fragments()


def request_race() -> None:
    """Go to the race on the landscape; a fragment that switches pages itself may leave parts on the new page."""
    get_state().is_race_requested = True
    st.rerun()


def follow_race_request() -> None:
    """Switch to the race if that was requested; to be called when a run of the page begins."""
    state = get_state()
    if not state.is_race_requested or state.plane is None:
        return
    state.is_race_requested = False
    scene = get_scene()
    requests = [TrainingRequest(build_training(scene, chosen), scene.table) for chosen in scene.trainings]
    statuses = [get_training_job(request).status for request in requests]
    landscape = poll_landscape(scene, requests, statuses, state.plane)
    parameters = list_race_parameters(scene, state.plane, landscape.result if landscape else None)
    st.switch_page(RACE_PAGE, query_params=parameters)
