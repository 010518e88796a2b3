"""Lecture mode of the trainings: charts, clock, table and readings alone, in large type, as the race has it."""

from typing import Any

from app.browser.player_component import Events, make_lecture_events
from app.scene_text.writer import encode_query
from app.session import language_switch, lecture_playlist
from app.session.current_scene_and_undo import PANEL, rerun_fragments
from app.session.session_state import get_session
from app.training.training_link import write_parameters
from app.training.training_state import get_scene, get_state, get_view
from app.training.training_view import write_view


def is_on() -> bool:
    return get_state().is_lecture


def set_mode(is_on: bool) -> None:
    get_state().is_lecture = is_on
    rerun_fragments(PANEL)


def list_events() -> Events:
    """How each message of a lecturer is decoded, and what it does."""
    return make_lecture_events({
        "lecture": lambda on: set_mode(bool(on)),
        "scan": lambda on: lecture_playlist.set_scan_code(bool(on)),
    })  # fmt: skip


def make_fields() -> dict[str, Any]:
    """What the browser is told of the lecture. No training is a scene of a playlist, so there is no place in one."""
    scan = {"scan": make_scan_code()} if is_on() and get_session().has_scan_code else {}
    return {"lecture": {"on": is_on(), "place": 0, "places": 0, "question": "", "shown": True, **scan}}


def make_scan_code() -> dict[str, Any]:
    """The link of the scene for the audience, which is on its own page there, and its QR code."""
    of_scene = [*write_parameters(get_scene()), *write_view(get_view())]
    return lecture_playlist.describe_scan_code(
        encode_query([*of_scene, *language_switch.make_url_parameters().items()])
    )
