"""A lecture: the race alone, in large type, and the scenes of a playlist one after the other.

The playlist and the place in it are beside the scene, in the session and in the address: `playlist=…&place=3`. As long
as the scene is as the playlist has it the address need not repeat it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from app.compute.cached_simulation import run, stage
from app.compute.scene_presets import FIRST
from app.model.scene import Rejected, Scene
from app.scene_text.playlist import Entry, pack, read, tidy, unpack
from app.scene_text.scene_text import NAMES, Fault, Reading, assembled, linked, looking, parts
from app.session.scene_state import PANEL, become, begin, refresh, scene
from app.translation import say
from surfaces.translatable import Sentence

PLAYLIST, PLACE = "playlist", "place"  # parameters of the address
PARAMETERS = (PLAYLIST, PLACE)
AROUND = ("language", "mode")  # parts of a scene that a playlist leaves to the visitor
VIEW = "view"
ENTRIES, WORD, REVEALED = "lecture_entries", "lecture_word", "lecture_revealed"
PLACE_NOW = "lecture_place"
STYLE = Path(__file__).parents[1] / "lectures" / "lecture.css"


def entries() -> tuple[Entry, ...]:
    return st.session_state.get(ENTRIES, ())


def place() -> int:
    """Where the lecture is, from 0."""
    return st.session_state.get(PLACE_NOW, 0)


def entry() -> Entry | None:
    """What the playlist has there, if there is one."""
    return entries()[place()] if entries() else None


def waits() -> bool:
    """Whether the audience is to say first what will happen."""
    now = entry()
    return bool(now and now.question is not None and scene().lecture and place() not in revealed())


def revealed() -> frozenset[int]:
    return st.session_state.get(REVEALED, frozenset())


# ---- the address


def arrive(address: Mapping[str, list[str]]) -> Reading:
    """What an address says: its playlist, where it is there, and the scene; of what is damaged, the rest."""
    faults = take(*(address.get(name, [""])[0] for name in PARAMETERS))
    said = [(name, value) for name, values in address.items() if name in NAMES for value in values]
    now = entry()
    if now is None:
        reading = assembled(said) if said else Reading(FIRST, ())
    elif any(name not in (*AROUND, VIEW) for name, _ in said):
        reading = assembled(said)
    else:
        around, more = assembled(said) if said else Reading(FIRST, ())
        found = at_hand(now, around)
        reading = Reading(found.seen(around.view) if VIEW in address else found, more)
    return Reading(reading.scene, (*faults, *reading.faults))


def take(word: str, number: str) -> tuple[Fault, ...]:
    """Hold the playlist of an address; what of it cannot be read."""
    faults: list[Fault] = []
    found: tuple[Entry, ...] = ()
    if word:
        try:
            listed = read(unpack(word))
        except Rejected as reason:
            faults.append(Fault(f"{PLAYLIST}=…", reason.sentence, Sentence("no playlist")))
        else:
            found = listed.entries
            faults += [fault._replace(said=f"{PLAYLIST}, {line}: {fault.said}") for line, fault in listed.damages]
    at = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 4 else 0
    if (found and number and str(at + 1) != number) or at not in range(len(found)):
        at = 0
        if found:
            why = Sentence("The playlist has scenes 1 to {scenes}.", scenes=len(found))
            faults.append(Fault(f"{PLACE}={number[:20]}", why, f"{PLACE}=1"))
    hold(found, word if found else "", at)
    return tuple(faults)


def hold(found: tuple[Entry, ...], word: str, at: int) -> None:
    if word != st.session_state.get(WORD, ""):
        st.session_state[REVEALED] = frozenset()
    st.session_state[ENTRIES], st.session_state[WORD], st.session_state[PLACE_NOW] = found, word, at


def at_hand(chosen: Entry, now: Scene) -> Scene:
    """A scene of the playlist, in the mode and, where it says nothing else, the language of another one."""
    return replace(chosen.scene, lecture=now.lecture, language=chosen.scene.language or now.language)


def said(now: Scene) -> list[tuple[str, str]]:
    """The parts of the address at a scene."""
    chosen = entry()
    if chosen is None:
        return linked(now)
    usual, around = at_hand(chosen, now), [part for part in parts(now) if part[0] in AROUND]
    where = [(PLAYLIST, st.session_state[WORD]), (PLACE, str(place() + 1))]
    if now.seen(usual.view) != usual:
        return where + linked(now)
    looked_at = now.view if usual.view.step is None else now.view._replace(step=now.view.step or usual.view.step)
    return where + around + ([(VIEW, looking(looked_at))] if looked_at != usual.view else [])


def link(text: str, **more: str) -> list[tuple[str, str]]:
    """The parameters by which a lecture begins with the first scene of a text without damage."""
    return [(PLAYLIST, pack(tidy(text))), (PLACE, "1"), ("mode", "lecture"), *more.items()]


# ---- what the lecturer does


def way_out() -> None:
    """The button that brings the panels back, and the style of a page without them."""
    with st.container(key="lecture"):
        st.html(f"<i></i><style>{STYLE.read_text(encoding='utf-8')}</style>")  # a style alone would outlive this
        st.button(
            say("Leave lecture mode"), key="leave_lecture", icon=":material/close:", on_click=turn, args=(False,),
            help=say("Leave lecture mode (Esc)"),
        )  # fmt: skip


def turn(on: bool) -> None:
    become(replace(scene(), lecture=on))
    refresh(PANEL)


def go(to: int) -> None:
    """Another scene of the playlist; what is undone there was done there."""
    if not 0 <= to < len(entries()):
        return
    st.session_state[PLACE_NOW] = to
    begin(at_hand(entries()[to], scene()))
    st.session_state.linked = None
    refresh(PANEL)


def reveal(at: int) -> None:
    """The scene there has waited long enough."""
    st.session_state[REVEALED] = revealed() | {at}
    refresh(PANEL)


def heard(wish: str, value: int) -> None:
    """What the player was asked for."""
    {"lecture": lambda on: turn(bool(on)), "place": go, "revealed": reveal}[wish](value)


# ---- what the player is told


def told() -> dict[str, Any]:
    """Whether this is a lecture, where in it, and what is asked."""
    chosen = entry()
    question = (chosen.question or say("What will happen?")) if chosen and waits() else ""
    return {"lecture": {"on": scene().lecture, "place": place(), "places": len(entries()), "question": question}}


def prepare() -> None:
    """The next scene is computed while this one is looked at."""
    for coming in entries()[place() + 1 : place() + 2]:
        stage(coming.scene.surface)
        for racer in coming.scene.runs:
            if racer.on:
                run(coming.scene, racer)
