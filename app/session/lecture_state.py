"""Lecture mode: the race alone, in large type, stepping through the scenes of a playlist.

The address holds the playlist and the number of the current entry: `playlist=…&place=3`. It holds a scene only where
that differs from the entry's.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from app.browser.player_component import mount_scene_cards
from app.browser.qr_code import list_qr_rows
from app.compute.cached_simulation import compute_landscape, simulate_run
from app.model.call_reader import Fault
from app.model.presets import DEFAULT_SCENE
from app.model.scene import Scene, UserError
from app.scene_text.playlist import PlaylistEntry, normalize_playlist, pack, read_playlist, unpack, write_line
from app.scene_text.reader import ParsedScene, assemble_scene
from app.scene_text.url_parameters import UrlParameters
from app.scene_text.writer import PART_NAMES, encode_query, list_link_parts, list_parts, write_query, write_view
from app.session.current_scene_and_undo import PANEL, begin_visit, get_scene, rerun_fragments, update_scene
from app.session.page_url import make_race_link
from app.session.playlist_questions import make_question
from app.session.scene_cards import make_cards
from app.session.session_state import get_session
from app.translation import translate
from surfaces.translatable import Translatable

PLAYLIST_PARAMETER, PLACE_PARAMETER = "playlist", "place"  # parameters of the address
URL_PARAMETERS = (PLAYLIST_PARAMETER, PLACE_PARAMETER)
VISITOR_PARTS = ("language", "mode")  # parts of a scene that a playlist leaves to the visitor
VIEW_PART = "view"
STYLES = Path(__file__).parents[1] / "playlist"
ALONE_STYLE, LECTURE_STYLE = "race_alone.css", "lecture.css"


def get_entries() -> tuple[PlaylistEntry, ...]:
    return get_session().lecture_entries


def get_playlist_index() -> int:
    """The index of the current entry."""
    return get_session().lecture_index


def get_current_entry() -> PlaylistEntry | None:
    return get_entries()[get_playlist_index()] if get_entries() else None


def is_waiting() -> bool:
    """Does the race wait until the audience has predicted what will happen? It does so outside of the mode, too."""
    entry = get_current_entry()
    return entry is not None and entry.question is not None and not is_shown()


def is_shown() -> bool:
    """Has the race been seen, so that it may begin by itself? In a lecture each waits for the lecturer at first."""
    session = get_session()
    return session.lecture_index in session.revealed if get_entries() else not get_scene().presentation.is_lecture


def is_suspenseful() -> bool:
    """Is nothing told of a run before the race gets there?"""
    return get_scene().presentation.is_lecture or bool(get_entries())


# ---- the address


def read_url(parameters: UrlParameters) -> ParsedScene:
    """Load the playlist of an address, and read its scene: from its own parts, or from the playlist's entry."""
    faults = load_playlist(*(parameters.get(name, [""])[0] for name in URL_PARAMETERS))
    pairs = [(name, value) for name, values in parameters.items() if name in PART_NAMES for value in values]
    scene, scene_faults = assemble_scene(pairs) if pairs else ParsedScene(DEFAULT_SCENE, ())
    entry = get_current_entry()
    if entry is not None and all(name in (*VISITOR_PARTS, VIEW_PART) for name, _ in pairs):
        entry_scene = make_entry_scene(entry, scene)
        scene = entry_scene.with_presentation(view=scene.view) if VIEW_PART in parameters else entry_scene
    return ParsedScene(scene, (*faults, *scene_faults))


def load_playlist(packed: str, place: str) -> tuple[Fault, ...]:
    """Load the playlist of an address; return the faults in it."""
    faults: list[Fault] = []
    entries: tuple[PlaylistEntry, ...] = ()
    if packed:
        try:
            playlist = read_playlist(unpack(packed), keeps_places=True)
        except UserError as error:
            faults.append(Fault(f"{PLAYLIST_PARAMETER}=…", error.message, Translatable("no playlist")))
        else:
            entries = playlist.entries
            faults += [
                fault._replace(text=f"{PLAYLIST_PARAMETER}, {line}: {fault.text}") for line, fault in playlist.faults
            ]
    index = int(place) - 1 if place.isascii() and place.isdecimal() and len(place) < 4 else 0
    if (entries and place and str(index + 1) != place) or index not in range(len(entries)):
        index = 0
        if entries:
            reason = Translatable("The playlist has scenes 1 to {scenes}.", scenes=len(entries))
            faults.append(Fault(f"{PLACE_PARAMETER}={place[:20]}", reason, f"{PLACE_PARAMETER}=1"))
    session = get_session()
    packed = packed if entries else ""
    if packed != session.lecture_packed:
        session.revealed = frozenset()
    session.lecture_entries, session.lecture_packed, session.lecture_index = entries, packed, index
    return tuple(faults)


def make_entry_scene(entry: PlaylistEntry, scene: Scene) -> Scene:
    """The scene of an entry, in the mode and, if the entry has none, the language of another scene."""
    presentation = scene.presentation
    return entry.scene.with_presentation(
        is_lecture=presentation.is_lecture, language=entry.scene.presentation.language or presentation.language
    )


def write_url_parameters(scene: Scene) -> list[tuple[str, str]]:
    """The parameters of a scene's address: with a playlist, only what differs from its entry."""
    entry = get_current_entry()
    if entry is None:
        return list_link_parts(scene)
    entry_scene = make_entry_scene(entry, scene)
    lecture = [(PLAYLIST_PARAMETER, get_session().lecture_packed), (PLACE_PARAMETER, str(get_playlist_index() + 1))]
    if scene.with_presentation(view=entry_scene.view) != entry_scene:
        return lecture + list_link_parts(scene)
    visitor_parts = list_visitor_parts(scene)
    step = None if entry_scene.view.step is None else scene.view.step or entry_scene.view.step
    view = scene.view if step is None else scene.view._replace(step=step)
    return lecture + visitor_parts + ([(VIEW_PART, write_view(view))] if view != entry_scene.view else [])


def list_visitor_parts(scene: Scene) -> list[tuple[str, str]]:
    """The parts of a scene's address that a playlist leaves to the visitor."""
    return [part for part in list_parts(scene) if part[0] in VISITOR_PARTS]


def make_lecture_parameters(text: str, index: int = 0, **other_parameters: str) -> list[tuple[str, str]]:
    """The parameters of a link that starts a lecture at a scene of a playlist's text."""
    return [
        (PLAYLIST_PARAMETER, pack(normalize_playlist(text))),
        (PLACE_PARAMETER, str(index + 1)),
        ("mode", "lecture"),
        *other_parameters.items(),
    ]


# ---- actions of the lecturer


def show_exit_button(leave: Callable[[], None] | None = None) -> None:
    """Show the button that leaves lecture mode, and apply the style that hides the panels.

    `leave()` is by default that of the race.
    """
    with st.container(key="lecture"):
        apply_styles(ALONE_STYLE, LECTURE_STYLE)
        st.button(
            translate("Leave lecture mode"),
            key="leave_lecture",
            icon=":material/close:",
            on_click=leave or partial(set_lecture_mode, False),
            help=translate("Leave lecture mode (Esc)"),
        )


def apply_styles(*names: str) -> None:
    styles = "".join((STYLES / name).read_text(encoding="utf-8") for name in names)
    st.html(f"<i></i><style>{styles}</style>")  # a style alone would outlive this


def hide_panels() -> None:
    """Show the race alone in the frame of another page."""
    with st.container(key="framed"):
        apply_styles(ALONE_STYLE)


def is_framed() -> bool:
    """Is the page in a frame of another page, whose address has `embed=true`?"""
    return bool(st.context.is_embedded)


def show_way_back() -> None:
    """Show where in the playlist the scene is, and the way back to the lecture.

    A playlist of one scene is the link for the audience, which has no lecture to go back to.
    """
    index, count = get_playlist_index(), len(get_entries())
    if count == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="lecture_back"):
        st.button(
            translate("Back to the lecture"),
            key="enter_lecture",
            icon=":material/co_present:",
            on_click=set_lecture_mode,
            args=(True,),
        )
        st.markdown(translate("Scene {place} of {places}", place=index + 1, places=count), width="content")
        for label, key, other in (
            (translate("Previous scene"), "scene_back", index - 1),
            (translate("Next scene"), "scene_next", index + 1),
        ):
            st.button(
                label, key=key, type="tertiary", on_click=go_to_entry, args=(other,),
                disabled=other not in range(count),
            )  # fmt: skip


def set_lecture_mode(is_on: bool) -> None:
    update_scene(get_scene().with_presentation(is_lecture=is_on))
    rerun_fragments(PANEL)


def go_to_entry(index: int) -> None:
    """Show another scene of the playlist, with an undo history of its own."""
    if not 0 <= index < len(get_entries()):
        return
    session = get_session()
    session.lecture_index = index
    begin_visit(make_entry_scene(get_entries()[index], get_scene()))
    session.url_scene = None
    rerun_fragments(PANEL)


def set_scan_code(is_on: bool) -> None:
    get_session().has_scan_code = is_on
    rerun_fragments()


def reveal_entry(index: int) -> None:
    """Mark an entry as shown: its question was answered, or its race has begun."""
    get_session().revealed |= {index}
    rerun_fragments(PANEL)


def handle_lecture_event(event: str, value: int) -> None:
    """Handle an event of the player."""
    handlers: dict[str, Callable[[int], None]] = {
        "lecture": lambda on: set_lecture_mode(bool(on)),
        "place": go_to_entry,
        "revealed": reveal_entry,
        "scan": lambda on: set_scan_code(bool(on)),
    }
    handlers[event](value)


# ---- for the player


def make_player_fields() -> dict[str, Any]:
    """The fields of the player's message: whether this is a lecture, the current entry and its question."""
    entry = get_current_entry()
    question = make_question(entry) if entry else None
    asked = {"question": question.text, "choices": question.choices} if question else {}
    if question and not is_waiting():
        asked["right"] = question.right
    return {
        "lecture": {
            "on": get_scene().presentation.is_lecture,
            "place": get_playlist_index(),
            "places": len(get_entries()),
            "question": question.text if question and is_waiting() else "",
            "shown": is_shown(),
            "framed": is_framed(),
            **({"asked": asked} if asked else {}),
            **({"scan": make_scan_code()} if get_session().has_scan_code else {}),
        }
    }


def make_scan_code() -> dict[str, Any]:
    """The link of the scene for the audience, and its QR code, which the player keeps while the start is dragged.

    It tells nothing that the race has not reached. With a question it is a playlist of this one scene, which waits at
    its start, also after the lecturer has shown what happens: each in the audience may predict first.
    """
    if get_session().is_dragging:
        return {"link": "", "rows": []}
    entry, scene = get_current_entry(), get_scene().without_step().with_presentation(is_lecture=False)
    if entry is not None and entry.question is not None:
        is_lesson = entry.scene.without_step() == scene.with_presentation(language="")
        alone = write_line(entry._replace(scene=scene, lesson=entry.lesson if is_lesson else ""))
        query = encode_query([(PLAYLIST_PARAMETER, pack(alone)), *list_visitor_parts(scene)])
    else:
        query = write_query(scene.with_presentation(view=scene.view._replace(future="hidden")))
    link = make_race_link(query)
    return {"link": link, "rows": list_qr_rows(link)}


def mount_overview(key: str) -> None:
    """Send the player `key` all scenes with their pictures; what the runs do is seen where it has been shown."""
    if get_entries():
        mount_scene_cards(key, make_cards(get_entries(), with_paths=get_session().revealed))


def precompute_next_entry() -> None:
    """Compute and cache the next scene while this one is watched."""
    for entry in get_entries()[get_playlist_index() + 1 : get_playlist_index() + 2]:
        compute_landscape(entry.scene.surface)
        for run in entry.scene.runs:
            if run.is_on:
                simulate_run(entry.scene, run)
