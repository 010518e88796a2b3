"""Lecture mode of the gradient check: verdict, error over h and traps alone, in large type, as the race has it.

A check may be a scene of a playlist, with a question: nothing of its result is shown before that is answered.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from app.browser.player_component import LECTURE_EVENTS
from app.browser.player_labels import LABELS as PLAYER_LABELS
from app.browser.player_protocol import decode_choice
from app.browser.qr_code import list_qr_rows
from app.figures.palette import PALETTE
from app.gradient_check.check_link import write_parameters
from app.gradient_check.check_scene import CheckScene
from app.gradient_check.check_state import begin_scene, find_check_entry, get_scene, get_state
from app.lessons.catalogue import CHECK_LESSONS
from app.lessons.lesson import ShownCurve
from app.scene_text.playlist import pack, write_line
from app.scene_text.writer import encode_query
from app.session import language_switch, lecture_playlist
from app.session.current_scene_and_undo import PANEL, rerun_fragments
from app.session.page_url import make_race_link
from app.session.session_state import get_session

# The player's words for what a lecture has on every page; "the race alone" is not among them.
LECTURE_LABELS = {
    name: PLAYER_LABELS[name]
    for name in (
        "projector", "full", "leave", "keys", "close", "key_lecture", "reveal", "scene_next", "scene_back",
        "scene_place", "blank", "key_blank", "key_scenes", "key_count", "key_reveal", "count", "right_choice",
        "overview", "scan", "scan_keep", "scan_enlarge", "scan_off", "key_scan", "key_leave", "open_page",
    )
}  # fmt: skip


def is_on() -> bool:
    return get_state().is_lecture


def is_waiting() -> bool:
    """Does the result wait until the audience has predicted it? It does so outside of the mode, too."""
    found = find_check_entry()
    return found is not None and found[0].question is not None and not lecture_playlist.is_revealed()


def list_curves_before() -> Sequence[ShownCurve]:
    """What is shown of the error while the result waits: what a lesson shows before its question."""
    found = find_check_entry()
    return CHECK_LESSONS[found[0].lesson].curves_before if found and found[0].lesson in CHECK_LESSONS else ()


# ---- actions of the lecturer


def set_mode(is_on: bool) -> None:
    get_state().is_lecture = is_on
    rerun_fragments(PANEL)


def enter() -> None:
    """Go back to the lecture: to its current entry, which may be on another page."""
    if find_check_entry() or not lecture_playlist.get_entries():
        set_mode(True)
    else:
        lecture_playlist.go_to_page_of(lecture_playlist.get_playlist_index(), is_lecture=True)


def go_to_entry(index: int) -> None:
    """Show another scene of the playlist; a check has an undo history of its own."""
    if not 0 <= index < len(lecture_playlist.get_entries()):
        return
    scene = lecture_playlist.get_entries()[index].scene
    if not isinstance(scene, CheckScene):
        is_lecture, get_state().is_lecture = is_on(), False  # the mode goes along to the other page
        return lecture_playlist.go_to_page_of(index, is_lecture=is_lecture)
    get_session().lecture_index = index
    begin_scene(scene)
    rerun_fragments(PANEL)


def list_events() -> dict[str, tuple[Callable[[object], Any], Callable[[Any], None]]]:
    """How each message of a lecturer is checked, and what it does."""
    actions: dict[str, Callable[[int], None]] = {
        "lecture": lambda on: enter() if on else set_mode(False),
        "place": go_to_entry,
        "revealed": lecture_playlist.reveal_entry,
        "scan": lambda on: lecture_playlist.set_scan_code(bool(on)),
    }
    return {
        name: (partial(decode_choice, name=name, choices=LECTURE_EVENTS[name]), action)
        for name, action in actions.items()
    }


# ---- for the browser


def make_fields() -> dict[str, Any]:
    """What the browser is told of the lecture. A check without a question is shown as soon as it is there."""
    found = find_check_entry()
    entry = found and found[0]
    if entry and entry.question is None:
        get_session().revealed |= {lecture_playlist.get_playlist_index()}
    fields = lecture_playlist.make_lecture_fields(entry, is_on=is_on(), is_shown=not is_waiting(), waits=is_waiting())
    looks = {"styles": PALETTE["styles"]} if lecture_playlist.get_entries() else {}  # of the races' pictures
    scan = {"scan": make_scan_code()} if is_on() and get_session().has_scan_code else {}
    return {"lecture": {**fields, **scan}, **looks}


def make_scan_code() -> dict[str, Any]:
    """The link of the scene for the audience, and its QR code.

    With a question it is a playlist of this one scene, which waits, also after the lecturer has shown the result.
    """
    found, scene = find_check_entry(), get_scene()
    pairs = write_parameters(scene)
    if found and found[0].question is not None:
        entry, entry_scene = found
        alone = write_line(entry._replace(scene=scene, lesson=entry.lesson if scene == entry_scene else ""))
        pairs = [(lecture_playlist.PLAYLIST_PARAMETER, pack(alone))]
    link = make_race_link(encode_query([*pairs, *language_switch.make_url_parameters().items()]))
    return {"link": link, "rows": list_qr_rows(link)}
