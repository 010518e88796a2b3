"""The scene of the training laboratory in a visit: its edits, undo, and its link in the address bar."""

from dataclasses import dataclass, replace

import streamlit as st

from app.scene_text.url_parameters import UrlParameters
from app.session import language_switch
from app.session.current_scene_and_undo import set_read_faults
from app.session.page_link import take_new_link, write_link
from app.session.page_url import PageUrl
from app.session.scene_editor import SceneEditor, find_scene_of_link, step_back, step_forward
from app.session.scene_history import add_to_past
from app.session.session_state import get_session
from app.training.landscape_messages import Plane
from app.training.prepared_data import check_scene
from app.training.training_link import PARAMETERS, Reading, is_linkable, read_parameters, write_parameters
from app.training.training_scene import DEFAULT_SCENE, TrainingScene

STATE_KEY = "training"  # session
TRAINING_URL = PageUrl("training", (*PARAMETERS, language_switch.URL_PARAMETER))


@dataclass
class TrainingState:
    scene: TrainingScene = DEFAULT_SCENE
    past: tuple[TrainingScene, ...] = ()
    future: tuple[TrainingScene, ...] = ()
    has_sanity_checks: bool = False  # they are shown
    plane: Plane | None = None  # of the landscape that is shown


def get_state() -> TrainingState:
    state: TrainingState = st.session_state.setdefault(STATE_KEY, TrainingState())
    return state


def get_scene() -> TrainingScene:
    return get_state().scene


def update_scene(scene: TrainingScene) -> None:
    """Replace the scene; undo returns to the old one. To select another training is not a change that undo reverts."""
    state = get_state()
    if scene != replace(state.scene, selected=scene.selected):
        state.past, state.future = add_to_past(state.past, state.scene), ()
    state.scene = scene
    get_session().faults = ()


def undo() -> None:
    step_back(get_state())
    get_session().notes = {}


def redo() -> None:
    step_forward(get_state())
    get_session().notes = {}


def settle(scene: TrainingScene) -> TrainingScene:
    check_scene(scene)
    return scene


EDITOR = SceneEditor(get_scene, update_scene, settle)
apply_edit, try_edit = EDITOR.apply_edit, EDITOR.try_edit


def apply_url() -> None:
    """Show the scene of the address on the first visit, and when the visitor goes back or forward."""
    is_first = TRAINING_URL.get_last() is None
    parameters = take_new_link(TRAINING_URL, has_scene=STATE_KEY in st.session_state)
    if parameters is None:
        return
    reading = find_unlinkable(parameters) or read_parameters(parameters)
    if is_first:
        get_state().scene = reading.scene
    else:
        update_scene(reading.scene)
    set_read_faults("link", reading.faults)


def find_unlinkable(parameters: UrlParameters) -> Reading | None:
    """The scene of this visit that has this link, if that leaves out its data."""
    state = get_state()
    scenes = [scene for scene in (state.scene, *state.past, *state.future) if not is_linkable(scene)]
    scene = find_scene_of_link(scenes, write_parameters, parameters)
    return Reading(scene, ()) if scene else None


def update_url() -> None:
    """Put the link to the scene into the address bar, unless it is there."""
    write_link(TRAINING_URL, write_parameters(get_scene()))
