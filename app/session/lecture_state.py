"""A lecture: the race alone, in large type, and the scenes of a playlist one after the other.

The playlist and the place in it are beside the scene, in the session and in the address: `playlist=…&place=3`. As long
as the scene is as the playlist has it the address need not repeat it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from app.compute.cached_simulation import compute_landscape, simulate_run
from app.compute.scene_presets import DEFAULT_SCENE
from app.model.call_reader import Fault
from app.model.scene import Scene, UserError
from app.scene_text.playlist import PlaylistEntry, normalize_playlist, pack, read_playlist, unpack
from app.scene_text.reader import ParsedScene, assemble_scene
from app.scene_text.writer import PART_NAMES, list_link_parts, list_parts, write_view
from app.session.scene_state import PANEL, begin_visit, get_scene, rerun_fragments, update_scene
from app.translation import translate
from surfaces.translatable import Translatable

PLAYLIST_PARAMETER, PLACE_PARAMETER = "playlist", "place"  # parameters of the address
URL_PARAMETERS = (PLAYLIST_PARAMETER, PLACE_PARAMETER)
VISITOR_PARTS = ("language", "mode")  # parts of a scene that a playlist leaves to the visitor
VIEW_PART = "view"
ENTRIES_KEY, PACKED_KEY, REVEALED_KEY = "lecture_entries", "lecture_word", "lecture_revealed"
INDEX_KEY = "lecture_place"
STYLE_FILE = Path(__file__).parents[1] / "lectures" / "lecture.css"


def get_entries() -> tuple[PlaylistEntry, ...]:
    return st.session_state.get(ENTRIES_KEY, ())


def get_playlist_index() -> int:
    """Where the lecture is, from 0."""
    return st.session_state.get(INDEX_KEY, 0)


def get_current_entry() -> PlaylistEntry | None:
    """What the playlist has there, if there is one."""
    return get_entries()[get_playlist_index()] if get_entries() else None


def is_waiting() -> bool:
    """Whether the audience is to say first what will happen."""
    now = get_current_entry()
    return bool(now and now.question is not None and get_scene().lecture and get_playlist_index() not in get_revealed())


def get_revealed() -> frozenset[int]:
    return st.session_state.get(REVEALED_KEY, frozenset())


# ---- the address


def read_url(address: Mapping[str, list[str]]) -> ParsedScene:
    """What an address says: its playlist, where it is there, and the scene; of what is damaged, the rest."""
    faults = load_playlist(*(address.get(name, [""])[0] for name in URL_PARAMETERS))
    said = [(name, value) for name, values in address.items() if name in PART_NAMES for value in values]
    now = get_current_entry()
    if now is None:
        reading = assemble_scene(said) if said else ParsedScene(DEFAULT_SCENE, ())
    elif any(name not in (*VISITOR_PARTS, VIEW_PART) for name, _ in said):
        reading = assemble_scene(said)
    else:
        around, more = assemble_scene(said) if said else ParsedScene(DEFAULT_SCENE, ())
        found = make_entry_scene(now, around)
        reading = ParsedScene(found.seen(around.view) if VIEW_PART in address else found, more)
    return ParsedScene(reading.scene, (*faults, *reading.faults))


def load_playlist(word: str, number: str) -> tuple[Fault, ...]:
    """Hold the playlist of an address; what of it cannot be read."""
    faults: list[Fault] = []
    found: tuple[PlaylistEntry, ...] = ()
    if word:
        try:
            listed = read_playlist(unpack(word))
        except UserError as reason:
            faults.append(Fault(f"{PLAYLIST_PARAMETER}=…", reason.sentence, Translatable("no playlist")))
        else:
            found = listed.entries
            faults += [
                fault._replace(text=f"{PLAYLIST_PARAMETER}, {line}: {fault.text}") for line, fault in listed.damages
            ]
    at = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 4 else 0
    if (found and number and str(at + 1) != number) or at not in range(len(found)):
        at = 0
        if found:
            why = Translatable("The playlist has scenes 1 to {scenes}.", scenes=len(found))
            faults.append(Fault(f"{PLACE_PARAMETER}={number[:20]}", why, f"{PLACE_PARAMETER}=1"))
    set_playlist(found, word if found else "", at)
    return tuple(faults)


def set_playlist(found: tuple[PlaylistEntry, ...], word: str, at: int) -> None:
    if word != st.session_state.get(PACKED_KEY, ""):
        st.session_state[REVEALED_KEY] = frozenset()
    st.session_state[ENTRIES_KEY], st.session_state[PACKED_KEY], st.session_state[INDEX_KEY] = found, word, at


def make_entry_scene(chosen: PlaylistEntry, now: Scene) -> Scene:
    """A scene of the playlist, in the mode and, where it says nothing else, the language of another one."""
    return replace(chosen.scene, lecture=now.lecture, language=chosen.scene.language or now.language)


def write_url_parameters(now: Scene) -> list[tuple[str, str]]:
    """The parts of the address at a scene."""
    chosen = get_current_entry()
    if chosen is None:
        return list_link_parts(now)
    usual, around = make_entry_scene(chosen, now), [part for part in list_parts(now) if part[0] in VISITOR_PARTS]
    where = [(PLAYLIST_PARAMETER, st.session_state[PACKED_KEY]), (PLACE_PARAMETER, str(get_playlist_index() + 1))]
    if now.seen(usual.view) != usual:
        return where + list_link_parts(now)
    looked_at = now.view if usual.view.step is None else now.view._replace(step=now.view.step or usual.view.step)
    return where + around + ([(VIEW_PART, write_view(looked_at))] if looked_at != usual.view else [])


def make_lecture_parameters(text: str, **more: str) -> list[tuple[str, str]]:
    """The parameters by which a lecture begins with the first scene of a text without damage."""
    return [
        (PLAYLIST_PARAMETER, pack(normalize_playlist(text))),
        (PLACE_PARAMETER, "1"),
        ("mode", "lecture"),
        *more.items(),
    ]


# ---- what the lecturer does


def show_exit_button() -> None:
    """The button that brings the panels back, and the style of a page without them."""
    with st.container(key="lecture"):
        st.html(f"<i></i><style>{STYLE_FILE.read_text(encoding='utf-8')}</style>")  # a style alone would outlive this
        st.button(
            translate("Leave lecture mode"),
            key="leave_lecture",
            icon=":material/close:",
            on_click=set_lecture_mode,
            args=(False,),
            help=translate("Leave lecture mode (Esc)"),
        )


def set_lecture_mode(on: bool) -> None:
    update_scene(replace(get_scene(), lecture=on))
    rerun_fragments(PANEL)


def go_to_entry(to: int) -> None:
    """Another scene of the playlist; what is undone there was done there."""
    if not 0 <= to < len(get_entries()):
        return
    st.session_state[INDEX_KEY] = to
    begin_visit(make_entry_scene(get_entries()[to], get_scene()))
    st.session_state.linked = None
    rerun_fragments(PANEL)


def reveal_entry(at: int) -> None:
    """The scene there has waited long enough."""
    st.session_state[REVEALED_KEY] = get_revealed() | {at}
    rerun_fragments(PANEL)


def handle_lecture_event(wish: str, value: int) -> None:
    """What the player was asked for."""
    {"lecture": lambda on: set_lecture_mode(bool(on)), "place": go_to_entry, "revealed": reveal_entry}[wish](value)


# ---- what the player is told


def make_player_fields() -> dict[str, Any]:
    """Whether this is a lecture, where in it, and what is asked."""
    chosen = get_current_entry()
    question = (chosen.question or translate("What will happen?")) if chosen and is_waiting() else ""
    return {
        "lecture": {
            "on": get_scene().lecture,
            "place": get_playlist_index(),
            "places": len(get_entries()),
            "question": question,
        }
    }


def precompute_next_entry() -> None:
    """The next scene is computed while this one is looked at."""
    for coming in get_entries()[get_playlist_index() + 1 : get_playlist_index() + 2]:
        compute_landscape(coming.scene.surface)
        for racer in coming.scene.runs:
            if racer.on:
                simulate_run(coming.scene, racer)
