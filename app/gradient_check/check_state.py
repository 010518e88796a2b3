"""The scene of the gradient check in a visit: its edits, undo, its lecture, and its link in the address bar."""

from dataclasses import dataclass, replace

import streamlit as st

from app.check_scenes import check_link
from app.check_scenes.check_scene import DEFAULT_SCENE, CheckScene
from app.check_scenes.checked_problem import build_problem, settle_method
from app.check_scenes.traps import TRAPS, mend_trap, set_trap
from app.session.laboratory_lecture import LaboratoryLecture, make_laboratory_url
from app.session.scene_editor import SceneEditor, step_back, step_forward
from app.session.scene_history import add_to_past
from app.session.session_state import get_session

STATE_KEY = "gradient_check"  # session
CHECK_URL = make_laboratory_url("gradient-check", check_link.PARAMETERS)


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


def begin_scene(scene: CheckScene) -> None:
    """Show another scene, with an undo history of its own."""
    state = get_state()
    state.scene, state.past, state.future, state.before_trap = scene, (), (), None
    forget_edits(state)


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
    step_back(state)
    forget_edits(state)


def redo() -> None:
    state = get_state()
    step_forward(state)
    forget_edits(state)


def forget_edits(state: CheckState) -> None:
    state.is_h_moving, state.typed = False, None
    get_session().notes = {}


def settle(scene: CheckScene) -> CheckScene:
    build_problem(scene.target, scene.seed, scene.scale)
    return settle_method(scene)


EDITOR = SceneEditor(get_scene, update_scene, settle)
apply_edit, try_edit = EDITOR.apply_edit, EDITOR.try_edit
LECTURE = LaboratoryLecture(CheckScene, CHECK_URL, STATE_KEY, get_state, begin_scene, update_scene, check_link)


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
