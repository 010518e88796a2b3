"""Edits of the scene of a laboratory's page by its widgets, and its undo history."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

import streamlit as st

from app.scene_text.url_parameters_by_name import UrlParameters, group_parameters
from app.session import language_switch
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.lecture_playlist import MODE_PARAMETER
from app.session.scene_history import step_history
from app.session.stale_widget_values import is_stale
from app.session.widget_notes import try_change

S = TypeVar("S")

VISITOR_PARAMETERS = (language_switch.URL_PARAMETER, MODE_PARAMETER)


class SceneState(Protocol):
    scene: Any
    past: tuple[Any, ...]
    future: tuple[Any, ...]


class SceneEditor(NamedTuple):
    get_scene: Callable[[], Any]
    update_scene: Callable[[Any], None]  # replaces the scene; undo returns to the old one
    settle: Callable[[Any], Any]  # the scene as it can be shown; raises `UserError` if it cannot

    def apply_edit(self, key: str, edit: Callable[[Any, Any], Any], *cleared_notes: str) -> None:
        """Change the scene by the value of the widget `key`, or note beside it why that is impossible."""
        if is_stale(key):
            return
        self.try_edit(key, edit, *cleared_notes)
        rerun_fragments(PANEL)

    def try_edit(self, key: str, edit: Callable[[Any, Any], Any], *cleared_notes: str, value: Any = None) -> bool:
        """Change the scene by `value`, else by the value of the widget `key`; return whether that is possible."""

        def change() -> None:
            new = edit(self.get_scene(), st.session_state.get(key) if value is None else value)
            self.update_scene(self.settle(new))

        return try_change(key, change, *cleared_notes)


def step_back(state: SceneState) -> None:
    state.scene, state.past, state.future = step_history(state.past, state.future, state.scene)


def step_forward(state: SceneState) -> None:
    state.scene, state.future, state.past = step_history(state.future, state.past, state.scene)


def find_scene_of_link(
    scenes: Sequence[S], write: Callable[[S], Iterable[tuple[str, str]]], parameters: UrlParameters
) -> S | None:
    """The first of these scenes whose link, which leaves out some of its data, has these parameters.

    Language and mode of an address are the visitor's, and of no scene.
    """
    of_scene = {name: values for name, values in parameters.items() if name not in VISITOR_PARAMETERS}
    return next((scene for scene in scenes if group_parameters(write(scene)) == of_scene), None)
