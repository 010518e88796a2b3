"""The scene of the training laboratory in a visit: its edits, undo, and its link in the address bar."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from app.scene_text.url_parameters import group_parameters
from app.session import language_switch
from app.session.current_scene_and_undo import PANEL, rerun_fragments, set_read_faults, try_change
from app.session.page_link import take_new_link, write_link
from app.session.page_url import PageUrl
from app.session.scene_history import add_to_past, step_history
from app.session.session_state import get_session
from app.session.stale_widget_values import is_stale
from app.training.prepared_data import check_scene
from app.training.training_link import PARAMETERS, Reading, is_linkable, read_parameters, write_parameters
from app.training.training_scene import DEFAULT_SCENE, TrainingScene

STATE_KEY = "training"  # session
TRAINING_URL = PageUrl("training", (*PARAMETERS, language_switch.URL_PARAMETER))

TrainingEdit = Callable[[TrainingScene, Any], TrainingScene]


@dataclass
class TrainingState:
    scene: TrainingScene = DEFAULT_SCENE
    past: tuple[TrainingScene, ...] = ()
    future: tuple[TrainingScene, ...] = ()
    has_sanity_checks: bool = False  # they are shown


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
    state = get_state()
    state.scene, state.past, state.future = step_history(state.past, state.future, state.scene)
    get_session().notes = {}


def redo() -> None:
    state = get_state()
    state.scene, state.future, state.past = step_history(state.future, state.past, state.scene)
    get_session().notes = {}


def apply_edit(key: str, edit: TrainingEdit, *cleared_notes: str) -> None:
    """Change the scene by the value of the widget `key`, or note beside it why that is impossible."""
    if is_stale(key):
        return
    try_edit(key, edit, *cleared_notes)
    rerun_fragments(PANEL)


def try_edit(key: str, edit: TrainingEdit, *cleared_notes: str, value: Any = None) -> bool:
    """Change the scene by `value`, else that of the widget `key`; return True, or note the reason and return False."""

    def change() -> None:
        scene = edit(get_scene(), st.session_state.get(key) if value is None else value)
        check_scene(scene)
        update_scene(scene)

    return try_change(key, change, *cleared_notes)


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


def find_unlinkable(parameters: Any) -> Reading | None:
    """The scene of this visit that has this link, if that leaves out its data."""
    state = get_state()
    for scene in (state.scene, *state.past, *state.future):
        if not is_linkable(scene) and group_parameters(write_parameters(scene)) == parameters:
            return Reading(scene, ())
    return None


def update_url() -> None:
    """Put the link to the scene into the address bar, unless it is there."""
    write_link(TRAINING_URL, write_parameters(get_scene()))
