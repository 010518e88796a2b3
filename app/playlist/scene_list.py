"""The scenes of the playlist under its text: opened, moved, or left out, by mouse, finger or keys."""

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import streamlit as st

from app.browser.component_events import make_event_handler
from app.browser.loader_script import make_loader
from app.browser.player_protocol import decode_choice, is_serial
from app.figures.palette import PALETTE
from app.scene_text.playlist import MAX_SCENES, Playlist, leave_out_scene, read_playlist, reorder_scenes
from app.session.playlist_text import get_text, set_text
from app.session.scene_cards import SCENE_LIST_LABELS, make_cards
from app.session.session_state import get_session
from app.translation import translate, translate_table

COMPONENT_KEY = "playlist_scenes"

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


def show_scene_list(playlist: Playlist) -> None:
    _scene_list(
        key=COMPONENT_KEY,
        data={
            "id": COMPONENT_KEY,
            "version": get_version(get_text()),
            "scenes": make_cards(playlist.entries),
            "labels": translate_table(SCENE_LIST_LABELS),
            "palette": PALETTE,
        },
        on_order_change=make_event_handler(COMPONENT_KEY, "order", decode_order, apply_order),
        on_opened_change=make_event_handler(COMPONENT_KEY, "opened", partial(decode_scene, name="opened"), open_scene),
        on_left_out_change=make_event_handler(
            COMPONENT_KEY, "left_out", partial(decode_scene, name="left_out"), leave_out
        ),
    )


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
    change_text(reorder_scenes(before, moved.order))
    session.last_reorder = before, get_text()


def change_text(text: str) -> None:
    """Change the text by the list, so that this can be undone."""
    before = get_text()
    set_text(text)
    get_session().last_list_change = before, text


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
