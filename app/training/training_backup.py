"""The trainings in the browser's copy of a visit: their scenes, with a visitor's table that no link can hold."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.scene_text.url_parameters_by_name import group_parameters
from app.session.history_backup import HistoryFormat, SceneHistory, export_history, restore_history
from app.session.session_state import get_session
from app.session.visit_backup import MAX_COPY_CHARACTERS
from app.training.training_state import STATE_KEY, get_state
from app.training_scenes.training_link import PARAMETERS, read_parameters, write_parameters
from app.training_scenes.training_scene import TrainingScene
from optimizers.training.specification import MAX_TRAININGS
from surfaces.models.classification_table import LIMITS

FORMAT: HistoryFormat[TrainingScene] = HistoryFormat(
    list_parts=lambda scene: write_parameters(scene, LIMITS.characters) or [("show", "1")],  # a scene has a part
    read=lambda parts: read_parameters(group_parameters(parts)).scene,
    names=PARAMETERS,
    max_parts=len(PARAMETERS) + MAX_TRAININGS,
    max_part_bytes=4 * LIMITS.characters,  # a character may take four
)


def export_trainings(max_characters: int) -> Mapping[str, Any]:
    """The scenes of the training laboratory; nothing if it was not opened."""
    if STATE_KEY not in st.session_state:
        return {}
    state = get_state()
    return export_history(SceneHistory((state.scene,), state.past, state.future), FORMAT, max_characters)


def restore_trainings(copy: Mapping[str, Any]) -> None:
    """Give the scenes of a copy back; the address has had the scene already, but without a long table."""
    present, past, future = restore_history(copy, FORMAT, MAX_COPY_CHARACTERS)
    if not present:
        return
    state = get_state()
    state.scene, state.past, state.future = present[0], past, future
    get_session().faults, get_session().notes = (), {}
