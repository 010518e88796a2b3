"""The scenes of the playlist under its text: opened, moved, or left out, by mouse, finger or keys."""

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import streamlit as st

from app.browser.component_events import make_event_handler
from app.browser.loader_script import make_loader
from app.browser.player_protocol import decode_choice, is_serial
from app.check_scenes.check_scene import CheckScene
from app.check_scenes.check_thumbnail import is_curve_known
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.compute.background_jobs import FINISHED_STATES
from app.compute.training_job import get_training_job
from app.compute.training_thumbnail import list_missing_curves
from app.figures.palette import PALETTE
from app.scene_text.playlist import MAX_SCENES, Playlist, leave_out_scene, read_playlist, reorder_scenes
from app.session.playlist_scene_cards import SCENE_LIST_LABELS, get_scan, make_cards
from app.session.playlist_text import get_text, set_text
from app.session.polled_jobs import GetJob, drop_unpolled_jobs, poll_job
from app.session.session_state import get_session
from app.training_scenes.training_scene import TrainingScene
from app.translation import fix_language, translate, translate_table

COMPONENT_KEY = "playlist_scenes"
JOBS_AT_ONCE = 2  # of the checks and trainings that are computed for their pictures

_scene_list = st.components.v2.component(
    "descent_scenes", js=make_loader("mountPlaylist", "playlist/mount.js"), isolate_styles=False
)


class NewOrder(NamedTuple):
    """The indices of all scenes in their new order, and the text that they are counted in."""

    order: tuple[int, ...]
    version: str


class ChosenScene(NamedTuple):
    index: int
    version: str


@st.fragment
@fix_language
def show_scene_list(playlist: Playlist) -> None:
    """Show the list, again and again while the curves of its pictures are computed."""
    with drop_unpolled_jobs():
        is_complete = compute_curves(playlist)
    _scene_list(
        key=COMPONENT_KEY,
        data={
            "id": COMPONENT_KEY,
            "version": get_version(get_text()),
            "scenes": make_cards(playlist.entries),
            "labels": translate_table(SCENE_LIST_LABELS),
            "palette": PALETTE,
            "state": "done" if is_complete else "working",
        },
        on_asked_change=lambda: None,
        on_order_change=make_event_handler(COMPONENT_KEY, "order", decode_order, apply_order),
        on_opened_change=make_event_handler(COMPONENT_KEY, "opened", partial(decode_scene, name="opened"), open_scene),
        on_left_out_change=make_event_handler(
            COMPONENT_KEY, "left_out", partial(decode_scene, name="left_out"), leave_out
        ),
    )


def compute_curves(playlist: Playlist) -> bool:
    """Have the checks and trainings computed that come first in the list, as far as their pictures need it.

    Return whether all have been, but for what this visitor has stopped.
    """
    working = 0
    for get_job, request in list_missing_jobs(playlist):
        working += poll_job(get_job, request).state != "stopped"
        if working == JOBS_AT_ONCE:
            break
    return working == 0


def list_missing_jobs(playlist: Playlist) -> Iterator[tuple[GetJob, Any]]:
    for entry in playlist.entries:
        if isinstance(entry.scene, CheckScene):
            if not is_curve_known(entry.scene, get_scan(entry.scene)) and not has_failed(entry.scene):
                yield get_scan_job, make_scan_request(entry.scene)
        elif isinstance(entry.scene, TrainingScene):
            yield from ((get_training_job, request) for request in list_missing_curves(entry.scene))


def has_failed(scene: CheckScene) -> bool:
    return get_scan_job(make_scan_request(scene)).status.state in FINISHED_STATES


def get_version(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def decode_order(payload: object) -> NewOrder | None:
    """A new order that the browser sent; None for anything else."""
    order, version, serial = (
        payload.get(name) if isinstance(payload, Mapping) else None for name in ("order", "version", "n")
    )
    is_order = isinstance(order, list) and len(order) <= MAX_SCENES and all(type(index) is int for index in order)
    if isinstance(order, list) and is_order and isinstance(version, str) and is_serial(serial):
        return NewOrder(tuple(order), version)
    return None


def decode_scene(payload: object, name: str) -> ChosenScene | None:
    """A scene that the browser names by its index; None for anything else."""
    index = decode_choice(payload, name, range(MAX_SCENES))
    version: Any = payload.get("version") if isinstance(payload, Mapping) else None
    return None if index is None or not isinstance(version, str) else ChosenScene(index, version)


def apply_order(moved: NewOrder) -> None:
    """Reorder the text. Each order of a fast sequence is counted in the text before the first of them."""
    session, text = get_session(), get_text()
    before_last, after_last = session.last_reorder
    before = before_last if text == after_last and moved.version == get_version(before_last) else text
    if moved.version != get_version(before) or sorted(moved.order) != list(range(len(read_playlist(before).entries))):
        return
    text = reorder_scenes(before, moved.order)
    session.last_reorder = before, text
    change_text(text)


def change_text(text: str) -> None:
    """Change the text by the list, so that this can be undone."""
    before = get_text()
    set_text(text)
    get_session().last_list_change = before, text
    rerun_page()


def rerun_page() -> None:
    """The list is a fragment, which would be run alone."""
    st.rerun()


def is_present(chosen: ChosenScene) -> bool:
    return chosen.version == get_version(get_text()) and chosen.index < len(read_playlist(get_text()).entries)


def leave_out(chosen: ChosenScene) -> None:
    if is_present(chosen):
        change_text(leave_out_scene(get_text(), chosen.index))


def show_undo() -> None:
    """Show the button that undoes the last change of the list, until the text is changed otherwise."""
    before, after = get_session().last_list_change
    if get_text() and get_text() == after:
        st.button(
            translate("Undo the last change of the list"), key="playlist_undo", icon=":material/undo:", type="tertiary",
            on_click=set_text, args=(before,),
        )  # fmt: skip


def open_scene(chosen: ChosenScene) -> None:
    """Have the page start the lecture at this scene."""
    if is_present(chosen):
        get_session().opened_index = chosen.index
        rerun_page()
