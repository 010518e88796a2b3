"""The descriptor of a kind of map, its options in the session, and what the panels of all kinds use."""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from app.model.scene import Scene, UserError
from app.session.polled_jobs import GetJob
from app.session.race_scene_and_undo import get_scene
from surfaces.translatable import Translatable

MAP_TYPE_KEY = "map_kind"  # session: the name of the kind that is shown
MAP_OPTIONS_KEY = "map_choices"  # session: the options of each kind, by its name
APP = Path(__file__).parents[1]

Decode = Callable[[object], Any]  # a message of the browser -> its value; None if it cannot be read
Handler = Callable[[Any], None]


class MapType(NamedTuple):
    """A kind of map. Its options, chosen besides the scene, may be any values that can be compared."""

    name: str  # in links: map=name(...)
    arguments: tuple[str, ...]  # in links, the names between the brackets
    title: str  # in the list of kinds
    introduction: str  # Markdown above the map: what its points are
    labels: Mapping[str, str]  # the texts that its `view.js` shows, in English
    default: Any  # the options, as long as the visitor chose no others
    read_options: Callable[[Mapping[str, ast.expr]], Any]  # the arguments of a link -> options; raises UserError
    write_options: Callable[[Scene, Any], list[str]]  # options -> the arguments of a link, without defaults
    get_job: GetJob
    show: Callable[[Scene], None]  # shows the controls and the map
    # The messages of the browser besides "asked" and "stopped": reader and handler; None: they only rerun the fragment
    events: Mapping[str, tuple[Decode, Handler] | None] = {}

    def list_browser_files(self) -> list[str]:
        """The module that draws this kind, and its style sheet if it has one: they lie beside the panel."""
        folder = f"maps/{self.show.__module__.split('.')[-2]}"
        return [f"{folder}/{file}" for file in ("view.js", "view.css") if (APP / folder / file).exists()]


def get_options(map_type: MapType) -> Any:
    return st.session_state.get(MAP_OPTIONS_KEY, {}).get(map_type.name, map_type.default)


def set_options(map_type: MapType, options: Any) -> None:
    st.session_state[MAP_OPTIONS_KEY] = st.session_state.get(MAP_OPTIONS_KEY, {}) | {map_type.name: options}


def show_selector(
    key: str, label: str, titles: Mapping[Any, str], selected: Any, on_change: Callable[[], None], **layout: Any
) -> None:
    """A list of the keys of `titles`, of which `selected` is chosen."""
    st.session_state[key] = selected
    st.selectbox(
        label,
        list(titles),
        key=key,
        format_func=lambda value: str(titles.get(value, value)),
        on_change=on_change,
        **layout,
    )


def read_run_number(number: object, hint: Translatable) -> int:
    """The index of a run whose number in a link counts from 1. `hint` is the error for what is no such number."""
    if type(number) is not int or number < 1:
        raise UserError(hint)
    count = len(get_scene().runs)
    if number > max(1, count):
        raise UserError("There is no run {number} in this race of {count}.", number=str(number)[:9], count=str(count))
    return number - 1
