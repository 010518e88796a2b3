"""The gradient check in the browser's copy of a visit: its scenes, with a visitor's table that no link can hold."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.check_scenes.check_link import PARAMETERS, read_parameters, write_named_parameters
from app.check_scenes.check_scene import CheckScene
from app.gradient_check.check_state import STATE_KEY, get_state
from app.scene_text.url_parameters_by_name import group_parameters
from app.session.history_backup import HistoryFormat, SceneHistory, export_history, restore_history
from app.session.session_state import get_session
from app.session.visit_backup import MAX_COPY_CHARACTERS
from surfaces.models.classification_table import LIMITS

MAX_BEFORE_CHARACTERS = 20_000  # of the scene before a trap, which is in the past as well
FORMAT: HistoryFormat[CheckScene] = HistoryFormat(
    list_parts=lambda scene: write_named_parameters(scene, LIMITS.characters),
    read=lambda parts: read_parameters(group_parameters(parts)).scene,
    names=PARAMETERS,
    max_parts=len(PARAMETERS),
    max_part_bytes=4 * LIMITS.characters,  # a character may take four
)


def export_check(max_characters: int) -> Mapping[str, Any]:
    """The scenes of the gradient check; nothing if it was not opened."""
    if STATE_KEY not in st.session_state:
        return {}
    state = get_state()
    room_before = min(MAX_BEFORE_CHARACTERS, max_characters // 2) if state.before_trap else 0
    history = SceneHistory((state.scene,), state.past, state.future)
    exported = export_history(history, FORMAT, max_characters - room_before)
    if state.before_trap:
        exported["before"] = export_history(SceneHistory((state.before_trap,)), FORMAT, room_before)
    return exported


def restore_check(copy: Mapping[str, Any]) -> None:
    """Give the scenes of a copy back; the address has had the scene already, but without a long table."""
    present, past, future = restore_history(copy, FORMAT, MAX_COPY_CHARACTERS)
    if not present:
        return
    state = get_state()
    state.scene, state.past, state.future, state.typed = present[0], past, future, None
    if isinstance(before := copy.get("before"), Mapping):
        state.before_trap = next(iter(restore_history(before, FORMAT, MAX_BEFORE_CHARACTERS).present), None)
    get_session().faults, get_session().notes = (), {}
