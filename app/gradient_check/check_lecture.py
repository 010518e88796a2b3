"""Lecture mode of the gradient check: verdict, error over h and traps alone, in large type, as the race has it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from app.browser.player_component import LECTURE_EVENTS
from app.browser.player_labels import LABELS as PLAYER_LABELS
from app.browser.player_protocol import decode_choice
from app.browser.qr_code import list_qr_rows
from app.gradient_check.check_link import write_parameters
from app.gradient_check.check_state import get_scene, get_state
from app.scene_text.writer import encode_query
from app.session import language_switch, lecture_state
from app.session.current_scene_and_undo import PANEL, rerun_fragments
from app.session.page_url import make_race_link
from app.session.session_state import get_session

# The player's words for what a lecture has on every page; "the race alone" is not among them.
LECTURE_LABELS = {
    name: PLAYER_LABELS[name]
    for name in (
        "projector", "full", "leave", "keys", "close", "key_lecture", "reveal", "scene_next", "scene_back",
        "scene_place", "blank", "key_blank", "key_scenes", "key_count", "count", "right_choice", "overview", "scan",
        "scan_keep", "scan_enlarge", "scan_off", "key_scan", "key_leave", "open_page",
    )
}  # fmt: skip


def is_on() -> bool:
    return get_state().is_lecture


def set_mode(is_on: bool) -> None:
    get_state().is_lecture = is_on
    rerun_fragments(PANEL)


def list_events() -> dict[str, tuple[Callable[[object], Any], Callable[[Any], None]]]:
    """How each message of a lecturer is checked, and what it does."""
    actions: dict[str, Callable[[int], None]] = {
        "lecture": lambda on: set_mode(bool(on)),
        "scan": lambda on: lecture_state.set_scan_code(bool(on)),
    }
    return {
        name: (partial(decode_choice, name=name, choices=LECTURE_EVENTS[name]), action)
        for name, action in actions.items()
    }


def make_fields() -> dict[str, Any]:
    """What the browser is told of the lecture."""
    fields = {"on": is_on(), "place": 0, "places": 0, "question": "", "shown": True}
    return {"lecture": {**fields, **({"scan": make_scan_code()} if is_on() and get_session().has_scan_code else {})}}


def make_scan_code() -> dict[str, Any]:
    """The link of the scene for the audience, and its QR code."""
    pairs = [*write_parameters(get_scene()), *language_switch.make_url_parameters().items()]
    link = make_race_link(encode_query(pairs))
    return {"link": link, "rows": list_qr_rows(link)}
