"""What every kind of map is: a word of the address, what it asks, and what it shows."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from app.model.scene import Scene, UserError
from app.session.scene_state import get_scene
from surfaces.translatable import Translatable

MAP_TYPE_KEY = "map_kind"  # the word of the one that is shown
MAP_OPTIONS_KEY = "map_choices"  # what is chosen of each, by its word


class MapType(NamedTuple):
    """`choice` is what is chosen of this kind besides the scene: any value that can be compared."""

    word: str  # in the address: map=word(...)
    title: str  # on the switch
    lead: str  # Markdown over the map: what its points are
    usual: Any  # the choice as long as nothing else is chosen
    read: Callable[[Mapping[str, ast.expr]], Any]  # the arguments in an address -> a choice; raises UserError
    said: Callable[[Scene, Any], list[str]]  # a scene and a choice -> the arguments of the address; [] for the usual
    picture: Callable[[Scene], None]  # draws it, inside the fragment `picture` of the page


def get_options(kind: MapType) -> Any:
    return st.session_state.get(MAP_OPTIONS_KEY, {}).get(kind.word, kind.usual)


def set_options(kind: MapType, choice: Any) -> None:
    st.session_state[MAP_OPTIONS_KEY] = st.session_state.get(MAP_OPTIONS_KEY, {}) | {kind.word: choice}


def read_run_number(number: object, wanted: Translatable) -> int:
    """The index of the scene's run at this place, counted from 1 as in an address; else `wanted` is said."""
    if type(number) is not int or number < 1:
        raise UserError(wanted)
    count = len(get_scene().runs)
    if number > max(1, count):
        raise UserError("There is no run {number} in this race of {count}.", number=str(number)[:9], count=str(count))
    return number - 1
