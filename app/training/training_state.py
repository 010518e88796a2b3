"""The scene of the training laboratory in a visit: its edits, undo, and its link in the address bar."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from app.scene_text.url_parameters import UrlParameters
from app.scene_text.writer import LECTURE_MODE
from app.session import language_switch
from app.session.current_scene_and_undo import set_read_faults
from app.session.lecture_playlist import MODE_PARAMETER
from app.session.page_link import take_new_link, write_link
from app.session.page_url import PageUrl
from app.session.scene_editor import SceneEditor, find_scene_of_link, step_back, step_forward
from app.session.scene_history import add_to_past
from app.session.session_state import get_session
from app.training.prepared_data import check_scene
from app.training.training_link import PARAMETERS, Reading, is_linkable, read_parameters, write_parameters
from app.training.training_scene import DEFAULT_SCENE, TrainingScene
from app.training.training_view import DEFAULT_VIEW, VIEW_PARAMETERS, TrainingView, read_view, write_view

STATE_KEY = "training"  # session
TRAINING_URL = PageUrl("training", (*PARAMETERS, *VIEW_PARAMETERS, language_switch.URL_PARAMETER, MODE_PARAMETER))


@dataclass
class TrainingState:
    scene: TrainingScene = DEFAULT_SCENE
    past: tuple[TrainingScene, ...] = ()
    future: tuple[TrainingScene, ...] = ()
    has_sanity_checks: bool = False  # they are shown
    is_lecture: bool = False  # the picture alone, in large type
    view: TrainingView = DEFAULT_VIEW


def get_state() -> TrainingState:
    state: TrainingState = st.session_state.setdefault(STATE_KEY, TrainingState())
    return state


def get_scene() -> TrainingScene:
    return get_state().scene


def get_view() -> TrainingView:
    return get_state().view


def update_view(**choices: Any) -> None:
    """Another choice of the view, which undo leaves alone."""
    state = get_state()
    state.view = state.view._replace(**choices)


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
    if get_session().previous_page != get_session().current_page and MODE_PARAMETER not in st.query_params:
        get_state().is_lecture = False  # the visitor comes from another page, by a link without the mode
    if parameters is None:
        return
    get_state().is_lecture = parameters.pop(MODE_PARAMETER, None) == [LECTURE_MODE]
    get_state().view, faults = read_view(parameters)
    of_scene = {name: values for name, values in parameters.items() if name not in VIEW_PARAMETERS}
    reading = find_unlinkable(of_scene) or read_parameters(of_scene)
    if is_first:
        get_state().scene = reading.scene
    else:
        update_scene(reading.scene)
    set_read_faults("link", (*reading.faults, *faults))


def find_unlinkable(parameters: UrlParameters) -> Reading | None:
    """The scene of this visit that has this link, if that leaves out its data."""
    state = get_state()
    scenes = [scene for scene in (state.scene, *state.past, *state.future) if not is_linkable(scene)]
    scene = find_scene_of_link(scenes, write_parameters, parameters)
    return Reading(scene, ()) if scene else None


def update_url() -> None:
    """Put the link to the scene into the address bar, unless it is there."""
    mode = [(MODE_PARAMETER, LECTURE_MODE)] if get_state().is_lecture else []
    write_link(TRAINING_URL, [*write_parameters(get_scene()), *write_view(get_view()), *mode])
