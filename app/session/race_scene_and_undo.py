"""The race's scene, its changes, and undo.

The widgets follow the scene: each is set when the scene's value differs, and calls back with the visitor's choice.
An impossible choice leaves the scene as it is, and a note beside the widget says why.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.suited_learning_rates import list_changed_lrs
from app.model.call_reader import Fault
from app.model.presets import DEFAULT_SCENE, find_active_preset
from app.model.scene import Scene
from app.model.view_options import DEFAULT_VIEW
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.scene_history import add_to_past, step_history
from app.session.session_state import get_session
from app.session.stale_widget_values import is_stale
from app.session.widget_notes import PASSING_NOTE, list_passing_notes, try_change

CHANGED_LRS_NOTE = f"rates{PASSING_NOTE}"  # another surface has changed the learning rates
UNFOLDED_CARDS = 2  # cards that are unfolded at first

SceneEdit = Callable[[Scene, Any], Scene]


def get_scene() -> Scene:
    if get_session().scene is None:
        faults = get_session().faults  # of the link of another page, on which the visit began
        begin_visit(DEFAULT_SCENE)
        get_session().faults = faults
    return get_session().scene or DEFAULT_SCENE


def begin_visit(scene: Scene) -> None:
    """Begin with this scene, without an undo history and without the faults of an earlier text."""
    session = get_session()
    session.scene, session.past, session.future, session.faults = scene, (), (), ()
    load_scene(scene)


def load_scene(scene: Scene) -> None:
    """Show another scene as a whole, with its first cards unfolded if it has few."""
    update_scene(scene)
    get_session().opened_count += 1
    get_session().notes = {}
    unfolded_count = UNFOLDED_CARDS if len(scene.runs) <= UNFOLDED_CARDS + 1 else 1
    get_session().unfolded = frozenset(run.slot for run in scene.runs[:unfolded_count])


def update_scene(scene: Scene, *, continues_last: bool = False) -> None:
    """Replace the scene. Undo returns to the old one, unless this continues the last change.

    Moving to another step of the race, or looking at another part of it, is not a change that undo reverts.
    """
    old_scene, session = get_scene(), get_session()
    if scene.without_step_and_zoom() == old_scene.without_step_and_zoom():
        session.scene = scene
    else:
        if not continues_last:
            session.past = add_to_past(session.past, old_scene)
        session.scene, session.future, session.faults = scene, (), ()


def move_start(start: tuple[float, float], *, is_dragging: bool, series: int) -> None:
    """Move the start. Undo reverts a whole drag, and all key presses of a series if no other change came between."""
    session = get_session()
    session.notes = {}
    in_series = series > 0 and session.start_series == (series, get_scene().without_step_and_zoom())
    update_scene(replace(get_scene(), start=start), continues_last=session.is_dragging or in_series)
    session.is_dragging, session.start_series = is_dragging, (series, get_scene().without_step_and_zoom())


def set_read_faults(origin: str, faults: tuple[Fault, ...]) -> None:
    """Keep the faults of the link, text or file of the scene; they are shown until the scene is changed."""
    get_session().faults_origin, get_session().faults = origin, faults


def undo() -> None:
    session = get_session()
    session.past, session.future = _step_history(session.past, session.future)


def redo() -> None:
    session = get_session()
    session.future, session.past = _step_history(session.future, session.past)


def _step_history(source: tuple[Scene, ...], target: tuple[Scene, ...]) -> tuple[tuple[Scene, ...], tuple[Scene, ...]]:
    """Show the last scene of `source`, at the current step and zoom; the current one becomes the last of `target`.

    The zoom of another surface is left.
    """
    if not source:
        return source, target
    current, session = get_scene(), get_session()
    scene, source, target = step_history(source, target, current)
    looked_at = current.view if scene.surface == current.surface else DEFAULT_VIEW
    view = scene.view._replace(step=current.view.step, x=looked_at.x, y=looked_at.y)
    session.scene = scene.with_presentation(view=view)
    session.notes = {}
    return source, target


def apply_edit(
    key: str, edit: SceneEdit, *cleared_notes: str, leaves_panel: bool = False, continues_last: bool = False
) -> None:
    """Change the scene by the value of the widget `key`, or note beside it why that is impossible.

    `leaves_panel`: no other part of the panel shows the changed value; `continues_last`: undo reverts this together
    with the last change.
    """
    if is_stale(key):
        return
    old_preset = find_active_preset(get_scene())
    had_note = any(note_key in get_session().notes for note_key in (key, *cleared_notes, *list_passing_notes()))
    if try_edit(key, edit, *cleared_notes, continues_last=continues_last):
        is_panel_same = leaves_panel and not had_note and old_preset == find_active_preset(get_scene())
        rerun_fragments(*(() if is_panel_same else (PANEL,)))


def try_edit(key: str, edit: SceneEdit, *cleared_notes: str, value: Any = None, continues_last: bool = False) -> bool:
    """Change the scene by `value`, else that of the widget `key`; return True, or note the reason and return False."""
    old_scene = get_scene()

    def change() -> None:
        update_scene(
            edit(old_scene, st.session_state.get(key) if value is None else value), continues_last=continues_last
        )

    is_made = try_change(key, change, *cleared_notes)
    if old_scene.surface != get_scene().surface and list_changed_lrs(old_scene, get_scene()):
        get_session().notes[CHANGED_LRS_NOTE] = "another surface"  # the panel has its sentence
        get_session().scene_before_lrs = old_scene
    return is_made
