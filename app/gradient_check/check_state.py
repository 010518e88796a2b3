"""The scene of the gradient check in a visit: its edits, undo, and its link in the address bar."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from app.gradient_check.check_link import PARAMETERS, Reading, is_linkable, read_parameters, write_parameters
from app.gradient_check.check_scene import DEFAULT_SCENE, CheckScene
from app.gradient_check.checked_problem import build_problem, settle_method
from app.gradient_check.traps import TRAPS, mend_trap, set_trap
from app.scene_text.url_parameters import group_parameters
from app.session import language_switch
from app.session.current_scene_and_undo import PANEL, rerun_fragments, set_read_faults, try_change
from app.session.page_link import take_new_link, write_link
from app.session.page_url import PageUrl
from app.session.scene_history import add_to_past, step_history
from app.session.session_state import get_session
from app.session.stale_widget_values import is_stale

STATE_KEY = "gradient_check"  # session
MODE_PARAMETER, LECTURE = "mode", "lecture"  # of the address, as the race has it
CHECK_URL = PageUrl("gradient-check", (*PARAMETERS, language_switch.URL_PARAMETER, MODE_PARAMETER))

CheckEdit = Callable[[CheckScene, Any], CheckScene]


@dataclass
class CheckState:
    scene: CheckScene = DEFAULT_SCENE
    past: tuple[CheckScene, ...] = ()
    future: tuple[CheckScene, ...] = ()
    before_trap: CheckScene | None = None  # to which switching a trap off returns
    typed: dict[str, str] | None = None  # the formula as it was typed last, if that is not the scene's
    is_lecture: bool = False  # the picture alone, in large type
    is_h_moving: bool = False  # the last change was that of h: the next one belongs to it


def get_state() -> CheckState:
    state: CheckState = st.session_state.setdefault(STATE_KEY, CheckState())
    return state


def get_scene() -> CheckScene:
    return get_state().scene


def update_scene(scene: CheckScene) -> None:
    """Replace the scene; undo returns to the old one. Changes of h that follow each other are one step."""
    state = get_state()
    if scene == state.scene:
        return
    is_h_alone = scene == replace(state.scene, h=scene.h)
    if not (is_h_alone and state.is_h_moving and state.past):
        state.past = add_to_past(state.past, state.scene)
    state.scene, state.future, state.is_h_moving = scene, (), is_h_alone
    get_session().faults = ()


def undo() -> None:
    state = get_state()
    state.scene, state.past, state.future = step_history(state.past, state.future, state.scene)
    forget_edits(state)


def redo() -> None:
    state = get_state()
    state.scene, state.future, state.past = step_history(state.future, state.past, state.scene)
    forget_edits(state)


def forget_edits(state: CheckState) -> None:
    state.is_h_moving, state.typed = False, None
    get_session().notes = {}


def apply_edit(key: str, edit: CheckEdit, *cleared_notes: str) -> None:
    """Change the scene by the value of the widget `key`, or note beside it why that is impossible."""
    if is_stale(key):
        return
    try_edit(key, edit, *cleared_notes)
    rerun_fragments(PANEL)


def try_edit(key: str, edit: CheckEdit, *cleared_notes: str, value: Any = None) -> bool:
    """Change the scene by `value`, else that of the widget `key`; return True, or note the reason and return False."""

    def change() -> None:
        scene = edit(get_scene(), st.session_state.get(key) if value is None else value)
        build_problem(scene.target, scene.seed, scene.scale)
        update_scene(settle_method(scene))

    return try_change(key, change, *cleared_notes)


# ---- traps


def toggle_trap(name: str) -> None:
    """Show a trap; or, if it is shown, the scene before."""
    state = get_state()
    if name not in TRAPS:
        return
    if state.scene.trap == name:
        update_scene(state.before_trap or DEFAULT_SCENE)
        state.before_trap = None
    else:
        if not state.scene.trap:
            state.before_trap = state.scene
        update_scene(set_trap(name))
    get_session().notes = {}


def toggle_remedy() -> None:
    """Show the scene of the trap without its fault, or with it again."""
    trap = get_scene().trap
    if trap:
        mended = mend_trap(trap)
        update_scene(set_trap(trap) if get_scene() == mended else mended)


# ---- the link


def apply_url() -> None:
    """Show the scene of the address on the first visit, and when the visitor goes back or forward."""
    is_first = CHECK_URL.get_last() is None
    parameters = take_new_link(CHECK_URL, has_scene=STATE_KEY in st.session_state)
    if parameters is None:
        return
    get_state().is_lecture = parameters.get(MODE_PARAMETER) == [LECTURE]
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
    mode = [(MODE_PARAMETER, LECTURE)] if get_state().is_lecture else []
    write_link(CHECK_URL, [*write_parameters(get_scene()), *mode])
