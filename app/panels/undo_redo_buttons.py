"""The buttons of undo and redo, and the keys for them on a page's picture."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from app.browser.player_component import pass_on_history_steps
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import redo, undo
from app.session.session_state import get_session
from app.translation import get_punctuation, translate


def show_undo_redo() -> None:
    """Show the buttons of undo and redo of the race's scene."""
    session = get_session()
    show_history_buttons((undo, bool(session.past)), (redo, bool(session.future)))


def show_history_buttons(backward: tuple[Callable[[], None], bool], forward: tuple[Callable[[], None], bool]) -> None:
    """Show a button for undo and one for redo: what each does, and whether there is anything to do.

    Their keys are those of the page's picture, whose messages `make_history_handler` follows.
    """
    for name, label, keys, (action, is_possible) in (
        ("undo", translate("Undo"), "Ctrl+Z", backward),
        ("redo", translate("Redo"), "Ctrl+Shift+Z", forward),
    ):
        st.button(
            label, icon=f":material/{name}:", key=name, on_click=apply_history, args=(action,),
            disabled=not is_possible, help=f"{label}{get_punctuation().brackets.format(keys)}", type="tertiary",
        )  # fmt: skip


def make_history_handler(
    key: str, undo_change: Callable[[], None], redo_change: Callable[[], None]
) -> Callable[[], None]:
    """The callback of the component `key` for keys of undo and redo."""
    return partial(pass_on_history_steps, key, partial(follow_history_steps, undo_change, redo_change))


def follow_history_steps(
    undo_change: Callable[[], None], redo_change: Callable[[], None], directions: Sequence[int]
) -> None:
    """Undo a change for each -1, redo one for each 1."""
    apply_history(*(undo_change if direction < 0 else redo_change for direction in directions))


def apply_history(*actions: Callable[[], None]) -> None:
    for action in actions:
        action()
    rerun_fragments(PANEL)
