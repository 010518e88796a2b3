"""The scene of the training laboratory in a visit: its edits, undo, its lecture, and its link in the address bar."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from app.model.call_reader import Fault
from app.scene_text.url_parameters_by_name import UrlParameters
from app.session.laboratory_lecture import LaboratoryLecture, make_laboratory_url
from app.session.scene_editor import SceneEditor, step_back, step_forward
from app.session.scene_history import add_to_past
from app.session.session_state import get_session
from app.training.training_view_options import DEFAULT_VIEW, VIEW_PARAMETERS, TrainingView, read_view, write_view
from app.training_scenes import training_link
from app.training_scenes.training_preparation import check_scene
from app.training_scenes.training_scene import DEFAULT_SCENE, TrainingScene

STATE_KEY = "training"  # session
TRAINING_URL = make_laboratory_url("training", (*training_link.PARAMETERS, *VIEW_PARAMETERS))


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


def begin_scene(scene: TrainingScene) -> None:
    """Show another scene, with an undo history of its own."""
    state = get_state()
    state.scene, state.past, state.future = scene, (), ()
    state.has_sanity_checks, state.view = False, DEFAULT_VIEW
    get_session().notes = {}


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


def apply_view(parameters: UrlParameters) -> tuple[Fault, ...]:
    get_state().view, faults = read_view(parameters)
    return faults


LECTURE = LaboratoryLecture(
    TrainingScene, TRAINING_URL, STATE_KEY, get_state, begin_scene, update_scene, training_link, is_played=True,
    write_view=lambda: write_view(get_view()), apply_view=apply_view,
)  # fmt: skip
