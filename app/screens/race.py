"""The race: a landscape, the runs on it, and the panel that changes them."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.controls import address, lecture
from app.controls.cards import cards
from app.controls.echo import stamp
from app.controls.export import export
from app.controls.looks import tints
from app.controls.menu import explanation
from app.controls.place import place, prepared
from app.controls.share import history, share, turn_back
from app.controls.state import PANEL, PICTURE, become, hurry, redo, refresh, scene, undo
from app.controls.visit import keep
from app.language import all_said, fluent, say
from app.player import LABELS, ahead, play
from app.racing import look, racing, waiting
from app.runs import stage
from app.scene import Scene
from app.view import View

PLAYER = "race"
HELD = "held"  # the start is being dragged


def told(now: Scene) -> bytes:
    """The runs of a scene, as the player is told of them."""
    note = "" if any(racer.on for racer in now.runs) else say("Nothing to race yet: add a run in the panel.")
    if lecture.waits():
        return waiting(PLAYER, now, say("Waits at the start."), note=note, **lecture.told())
    return racing(PLAYER, now, note=note, **lecture.told())


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
        lecture.way_out()
    play(
        stage(now.surface),
        told(now),
        key=PLAYER,
        on_start=moved,
        on_turn=turned,
        on_undo=lambda ways: turn_back(*(undo if by < 0 else redo for by in ways)),
        on_view=looked_at,
        on_lecture=lecture.heard,
        place=lecture.place,
        view=now.view,
        labels=all_said(LABELS),
        query="" if st.session_state.get(HELD) else address.of(now),
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
            address.damage()
            st.empty()  # into `above`, else the panel may not come back
        with st.sidebar:
            stamp()
        lecture.prepare()
        return
    with above:
        address.damage()
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
address.arrive()
above = st.container()
picture()  # on its way to the browser while the panel is still being written
panel(above)
