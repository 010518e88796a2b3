"""The scene of the gradient check in a visit: its edits, undo, and its link in the address bar."""

from dataclasses import dataclass, replace

import streamlit as st

from app.gradient_check.check_link import (
    PARAMETERS,
    Reading,
    is_linkable,
    read_parameters,
    write_named_parameters,
    write_parameters,
)
from app.gradient_check.check_scene import DEFAULT_SCENE, CheckScene
from app.gradient_check.checked_problem import build_problem, settle_method
from app.gradient_check.traps import TRAPS, mend_trap, set_trap
from app.scene_text.playlist import PlaylistEntry
from app.scene_text.url_parameters import UrlParameters
from app.scene_text.writer import LECTURE_MODE
from app.session import language_switch, lecture_playlist
from app.session.current_scene_and_undo import set_read_faults
from app.session.lecture_playlist import MODE_PARAMETER
from app.session.page_link import take_new_link, write_link
from app.session.page_url import PageUrl
from app.session.scene_editor import SceneEditor, find_scene_of_link, step_back, step_forward
from app.session.scene_history import add_to_past
from app.session.session_state import get_session

STATE_KEY = "gradient_check"  # session
CHECK_URL = PageUrl(
    "gradient-check",
    (*lecture_playlist.URL_PARAMETERS, *PARAMETERS, language_switch.URL_PARAMETER, MODE_PARAMETER),
)


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


def find_check_entry() -> tuple[PlaylistEntry, CheckScene] | None:
    """The current entry of the lecture's playlist, if it is a check."""
    return lecture_playlist.find_entry(CheckScene)


def apply_url() -> None:
    """Show the scene of the address on the first visit, and when the visitor goes back or forward.

    That is the entry of its playlist, unless the address has a scene of its own; for that of a race its page is shown.
    """
    is_first = CHECK_URL.get_last() is None
    is_left = not lecture_playlist.is_loaded(CHECK_URL.read())
    parameters = take_new_link(CHECK_URL, has_scene=STATE_KEY in st.session_state, is_left=is_left)
    has_moved = get_session().previous_page != get_session().current_page
    if has_moved and MODE_PARAMETER not in st.query_params:
        get_state().is_lecture = False  # the lecture has gone on elsewhere, and was left there
    if parameters is None:
        return
    get_state().is_lecture = parameters.get(MODE_PARAMETER) == [LECTURE_MODE]
    is_empty = not parameters.keys() - {language_switch.URL_PARAMETER}  # a lecture on another page goes on
    faults = () if is_empty else lecture_playlist.load_playlist(parameters)
    reading = find_unlinkable(parameters) or read_parameters(parameters)
    if lecture_playlist.PLAYLIST_PARAMETER in parameters and not parameters.keys() & set(PARAMETERS):
        show_entry(get_state().is_lecture)
    elif is_first:
        begin_scene(reading.scene)
    else:
        update_scene(reading.scene)
    set_read_faults("link", (*faults, *reading.faults))


def show_entry(is_lecture: bool) -> None:
    """Show the current entry of the playlist: on this page a check, else on the page of the race."""
    if found := find_check_entry():
        begin_scene(found[1])
    else:
        get_state().is_lecture = False
        lecture_playlist.leave_for_entry(is_lecture)


def find_unlinkable(parameters: UrlParameters) -> Reading | None:
    """The scene of this visit that has this link, if that leaves out its data."""
    state = get_state()
    scenes = [scene for scene in (state.scene, *state.past, *state.future) if not is_linkable(scene)]
    scene = find_scene_of_link(scenes, write_parameters, parameters)
    return Reading(scene, ()) if scene else None


def update_url() -> None:
    """Put the link to the scene into the address bar, unless it is there; with a playlist, if it is not the entry."""
    found, scene, place = find_check_entry(), get_scene(), lecture_playlist.make_place_parameters()
    parts = write_named_parameters(scene) if place else write_parameters(scene)
    mode = [(MODE_PARAMETER, LECTURE_MODE)] if get_state().is_lecture else []
    write_link(CHECK_URL, [*place, *([] if found and found[1] == scene else parts), *mode])
