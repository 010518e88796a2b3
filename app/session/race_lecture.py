"""Lecture mode of the race: the race alone, in large type, stepping through the scenes of a playlist."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from app.model.call_reader import ParsedScene
from app.model.presets import DEFAULT_SCENE
from app.model.scene import Scene
from app.scene_text.playlist import PlaylistEntry, pack, write_line
from app.scene_text.reader import assemble_scene
from app.scene_text.url_parameters_by_name import UrlParameters
from app.scene_text.writer import PART_NAMES, encode_query, list_link_parts, list_parts, write_query, write_view
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.lecture_playlist import (
    PLAYLIST_PARAMETER,
    describe_scan_code,
    find_entry,
    get_current_entry,
    get_entries,
    get_playlist_index,
    go_to_page_of,
    is_revealed,
    leave_for_entry,
    load_playlist,
    make_lecture_fields,
    make_place_parameters,
    reveal_entry,
    set_scan_code,
)
from app.session.race_scene_and_undo import begin_visit, get_scene, update_scene
from app.session.session_state import get_session
from app.translation import translate

VISITOR_PARTS = ("language", "mode")  # parts of a scene that a playlist leaves to the visitor
VIEW_PART = "view"
STYLES = Path(__file__).parents[1] / "playlist"
ALONE_STYLE, LECTURE_STYLE = "race_alone.css", "lecture.css"


def find_race_entry() -> tuple[PlaylistEntry, Scene] | None:
    return find_entry(Scene)


def is_waiting() -> bool:
    """Does the race wait until the audience has predicted what will happen? It does so outside of the mode, too."""
    found = find_race_entry()
    return found is not None and found[0].question is not None and not is_shown()


def is_shown() -> bool:
    """Has the race been seen, so that it may begin by itself? In a lecture each waits for the lecturer at first."""
    return is_revealed() if find_race_entry() else not get_scene().presentation.is_lecture


def is_suspenseful() -> bool:
    """Is the future of the runs hidden until the race reaches it?"""
    return get_scene().presentation.is_lecture or bool(get_entries())


# ---- the address


def read_url(parameters: UrlParameters) -> ParsedScene[Scene]:
    """Load the playlist of an address, and read its scene: from its own parts, or from the playlist's entry.

    If the entry is a gradient check or a training, its page is shown instead.
    """
    faults = load_playlist(parameters)
    pairs = [(name, value) for name, values in parameters.items() if name in PART_NAMES for value in values]
    scene, scene_faults = assemble_scene(pairs) if pairs else ParsedScene(DEFAULT_SCENE, ())
    entry = get_current_entry()
    if entry is not None and all(name in (*VISITOR_PARTS, VIEW_PART) for name, _ in pairs):
        if not isinstance(entry.scene, Scene):
            language = scene.presentation.language
            update_scene(get_scene().with_presentation(language=language, is_lecture=False))
            leave_for_entry(scene.presentation.is_lecture)
        entry_scene = make_entry_scene(entry.scene, scene)
        scene = entry_scene.with_presentation(view=scene.view) if VIEW_PART in parameters else entry_scene
    return ParsedScene(scene, (*faults, *scene_faults))


def make_entry_scene(entry_scene: Scene, scene: Scene) -> Scene:
    """The scene of an entry, in the mode and, if the entry has none, the language of another scene."""
    presentation = scene.presentation
    return entry_scene.with_presentation(
        is_lecture=presentation.is_lecture, language=entry_scene.presentation.language or presentation.language
    )


def write_url_parameters(scene: Scene) -> list[tuple[str, str]]:
    """The parameters of a scene's address: with a playlist, only what differs from its entry."""
    found, lecture = find_race_entry(), make_place_parameters()
    if found is None:
        return lecture + list_link_parts(scene)
    entry_scene = make_entry_scene(found[1], scene)
    if scene.with_presentation(view=entry_scene.view) != entry_scene:
        return lecture + list_link_parts(scene)
    visitor_parts = list_visitor_parts(scene)
    is_playing = scene.view.step is None
    view = scene.view._replace(step=entry_scene.view.step) if is_playing else scene.view
    return lecture + visitor_parts + ([(VIEW_PART, write_view(view))] if view != entry_scene.view else [])


def list_visitor_parts(scene: Scene) -> list[tuple[str, str]]:
    """The parts of a scene's address that a playlist leaves to the visitor."""
    return [part for part in list_parts(scene) if part[0] in VISITOR_PARTS]


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


def show_way_back(enter_lecture: Callable[[], None], go_to_entry: Callable[[int], None]) -> None:
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
            on_click=enter_lecture,
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


def enter_lecture() -> None:
    """Go back to the lecture: to its current entry, which may be on another page."""
    if find_race_entry() or not get_entries():
        set_lecture_mode(True)
    else:
        go_to_page_of(get_playlist_index(), is_lecture=True)


def go_to_entry(index: int) -> None:
    """Show another scene of the playlist, with an undo history of its own."""
    if not 0 <= index < len(get_entries()):
        return
    session, entry_scene = get_session(), get_entries()[index].scene
    if not isinstance(entry_scene, Scene):
        is_lecture = get_scene().presentation.is_lecture
        update_scene(get_scene().with_presentation(is_lecture=False))  # the mode goes along to the other page
        return go_to_page_of(index, is_lecture=is_lecture)
    session.lecture_index = index
    begin_visit(make_entry_scene(entry_scene, get_scene()))
    session.url_scene = None
    rerun_fragments(PANEL)


def handle_lecture_event(event: str, value: int) -> None:
    """Handle an event of the player."""
    handlers: dict[str, Callable[[int], None]] = {
        "lecture": lambda on: enter_lecture() if on else set_lecture_mode(False),
        "place": go_to_entry,
        "revealed": reveal_entry,
        "scan": lambda on: set_scan_code(bool(on)),
    }
    handlers[event](value)


# ---- for the player


def make_player_fields() -> dict[str, Any]:
    """The fields of the player's message: whether this is a lecture, the current entry and its question."""
    found, is_on = find_race_entry(), get_scene().presentation.is_lecture
    fields = make_lecture_fields(found and found[0], is_on=is_on, is_shown=is_shown(), waits=is_waiting())
    scan = {"scan": make_scan_code()} if get_session().has_scan_code else {}
    return {"lecture": {**fields, "framed": is_framed(), **scan}}


def make_scan_code() -> dict[str, Any]:
    """The link of the scene for the audience, and its QR code, which the player keeps while the start is dragged.

    It tells nothing that the race has not reached. With a question it is a playlist of this one scene, which waits at
    its start, also after the lecturer has shown what happens: each in the audience may predict first.
    """
    if get_session().is_dragging:
        return {"link": "", "rows": []}
    found, scene = find_race_entry(), get_scene().without_step().with_presentation(is_lecture=False)
    if found is not None and found[0].question is not None:
        entry, entry_scene = found
        is_lesson = entry_scene.without_step() == scene.with_presentation(language="")
        alone = write_line(entry._replace(scene=scene, lesson=entry.lesson if is_lesson else ""))
        query = encode_query([(PLAYLIST_PARAMETER, pack(alone)), *list_visitor_parts(scene)])
    else:
        query = write_query(scene.with_presentation(view=scene.view._replace(future="hidden")))
    return describe_scan_code(query)
