"""The log in a visit: its edits and undo. Nothing of it is in the address, in the browser's copy or on the disk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app.session import language_switch
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.laboratory_url_sync import take_new_link, write_link
from app.session.page_url_parameters import PageUrl
from app.session.scene_history import step_history
from app.session.session_state import get_session
from app.session.stale_widget_values import is_stale
from app.session.widget_notes import try_change
from app.training_log.log_scene import LogScene

STATE_KEY = "training_log"  # session
LOG_URL = PageUrl("training-log", (language_switch.URL_PARAMETER,))
MAX_PAST = 8  # a scene may have 2 MB of text

LogEdit = Callable[[LogScene, Any], LogScene]


@dataclass
class LogState:
    scene: LogScene = field(default_factory=LogScene)
    past: tuple[LogScene, ...] = ()
    future: tuple[LogScene, ...] = ()


def get_state() -> LogState:
    state: LogState = st.session_state.setdefault(STATE_KEY, LogState())
    return state


def get_scene() -> LogScene:
    return get_state().scene


def update_scene(scene: LogScene) -> None:
    """Replace the scene; undo returns to the old one."""
    state = get_state()
    if scene != state.scene:
        state.past, state.future = (*state.past, state.scene)[-MAX_PAST:], ()
        state.scene = scene


def undo() -> None:
    state = get_state()
    state.scene, state.past, state.future = step_history(state.past, state.future, state.scene)
    get_session().notes = {}


def redo() -> None:
    state = get_state()
    state.scene, state.future, state.past = step_history(state.future, state.past, state.scene)
    get_session().notes = {}


def apply_edit(key: str, edit: LogEdit, *cleared_notes: str) -> None:
    """Change the scene by the value of the widget `key`, or note beside it why that is impossible."""
    if is_stale(key):
        return
    try_edit(key, edit, *cleared_notes)
    rerun_fragments(PANEL)


def try_edit(key: str, edit: LogEdit, *cleared_notes: str, value: Any = None) -> bool:
    """Change the scene by `value`, else that of the widget `key`; return True, or note the reason and return False."""

    def change() -> None:
        update_scene(edit(get_scene(), st.session_state.get(key) if value is None else value))

    return try_change(key, change, *cleared_notes)


def apply_url() -> None:
    """Apply the language of the address, its only parameter."""
    take_new_link(LOG_URL, has_scene=True)


def update_url() -> None:
    write_link(LOG_URL, [])
