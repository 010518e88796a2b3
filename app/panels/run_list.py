"""Runs come, go and change their colours."""

import streamlit as st

from app.compute.scene_presets import newcomer
from app.model.scene import Run
from app.session.scene_state import PANEL, attempt, become, refresh, scene


def add(new: Run | None = None) -> None:
    """Another run, unfolded, for the focus is on it; the others fold to a line each."""
    before = scene()
    racer = new or newcomer(before)
    if attempt("add", lambda s, _: s.added(racer)):
        new_slots = {run.slot for run in scene().runs} - {run.slot for run in before.runs}
        st.session_state.unfolded = st.session_state.unfolded & {"more"} | new_slots
        refresh(PANEL)


def duplicate(slot: int | None = None) -> None:
    runs = scene().runs
    if runs:
        add(runs[-1] if slot is None else scene().run(slot))


def remove(slot: int) -> None:
    attempt("add", lambda s, _: s.without(slot))
    st.session_state.unfolded -= {slot}
    refresh(PANEL)


def recolour(slot: int, new: int) -> None:
    """`slot` takes the look `new`; a run that had it takes the old one."""
    become(scene().recoloured(slot, new))
    swap = {slot: new, new: slot}
    st.session_state.unfolded = frozenset(swap.get(slot, slot) for slot in st.session_state.unfolded)
    refresh(PANEL)
