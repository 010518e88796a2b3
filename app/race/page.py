"""The race: a landscape, the runs on it, and the panel that changes them."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.browser.player_component import LABELS, ahead, play
from app.browser.run_payload import look, racing, waiting
from app.compute.cached_simulation import stage
from app.model.scene import Scene
from app.model.view_options import View
from app.panels.export_menu import export
from app.panels.problem_panel import place, prepared
from app.panels.run_cards import cards
from app.panels.run_menu import explanation
from app.panels.run_styles import tints
from app.panels.share_panel import history, share, turn_back
from app.session import lecture_state, url_sync
from app.session.scene_state import PANEL, PICTURE, become, hurry, redo, refresh, scene, undo
from app.session.visit_recovery import keep
from app.session.widget_sync import stamp
from app.translation import all_said, fluent, say

PLAYER = "race"
HELD = "held"  # the start is being dragged


def told(now: Scene) -> bytes:
    """The runs of a scene, as the player is told of them."""
    note = "" if any(racer.on for racer in now.runs) else say("Nothing to race yet: add a run in the panel.")
    if lecture_state.waits():
        return waiting(PLAYER, now, say("Waits at the start."), note=note, **lecture_state.told())
    return racing(PLAYER, now, note=note, **lecture_state.told())


def tell() -> None:
    """The player is told of the scene before the fragments are run again, where it has the landscape already."""
    if scene().surface == st.session_state.get("drawn"):
        ahead(PLAYER, told(scene()))


def moved(start: tuple[float, float], held: bool) -> None:
    """The visitor put the start elsewhere; while it is still held, only the picture follows."""
    st.session_state.notes = {}
    become(replace(scene(), start=start), going_on=st.session_state.get(HELD, False))  # a drag is undone as one
    st.session_state[HELD] = held
    if held:
        tell()
    else:
        refresh(PANEL)


def turned(place: int) -> None:
    """A run of the list off, or on again."""
    runs = scene().runs
    if place < len(runs):
        become(scene().with_run(runs[place]._replace(on=not runs[place].on)))
        refresh(PANEL)


def looked_at(view: View) -> None:
    """The visitor looks at the scene in another way, or at another moment."""
    deep = len(st.session_state.past), len(st.session_state.future)
    become(scene().seen(view))
    if deep != (len(st.session_state.past), len(st.session_state.future)):
        refresh(PANEL)


@st.fragment(key=PICTURE)
def picture() -> None:
    now = scene()
    if now.lecture:
        lecture_state.way_out()
    play(
        stage(now.surface),
        told(now),
        key=PLAYER,
        on_start=moved,
        on_turn=turned,
        on_undo=lambda ways: turn_back(*(undo if by < 0 else redo for by in ways)),
        on_view=looked_at,
        on_lecture=lecture_state.heard,
        place=lecture_state.place,
        view=now.view,
        labels=all_said(LABELS),
        query="" if st.session_state.get(HELD) else url_sync.of(now),
    )
    st.session_state.drawn = now.surface
    keep()
    if not now.lecture:
        look(PLAYER, now)


@st.fragment(key=PANEL)
@fluent
def panel(above: Any) -> None:
    if scene().lecture:
        with above:
            url_sync.damage()
            st.empty()  # into `above`, else the panel may not come back
        with st.sidebar:
            stamp()
        lecture_state.prepare()
        return
    with above:
        url_sync.damage()
        with st.container(horizontal=True, vertical_alignment="top", key="top"):
            prepared()
            history()
            share()
            export()
    with st.sidebar:
        place()
        cards()
        stamp()
    explanation()


st.html(tints())
hurry(tell)
url_sync.arrive()
above = st.container()
picture()  # on its way to the browser while the panel is still being written
panel(above)
