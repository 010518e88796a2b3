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

    name: str  # in the address: map=word(...)
    title: str  # on the switch
    introduction: str  # Markdown over the map: what its points are
    default: Any  # the choice as long as nothing else is chosen
    read_options: Callable[[Mapping[str, ast.expr]], Any]  # the arguments in an address -> a choice; raises UserError
    write_options: Callable[
        [Scene, Any], list[str]
    ]  # a scene and a choice -> the arguments of the address; [] for the usual
    show: Callable[[Scene], None]  # draws it, inside the fragment `show` of the page


def get_options(map_type: MapType) -> Any:
    return st.session_state.get(MAP_OPTIONS_KEY, {}).get(map_type.name, map_type.default)


def set_options(map_type: MapType, options: Any) -> None:
    st.session_state[MAP_OPTIONS_KEY] = st.session_state.get(MAP_OPTIONS_KEY, {}) | {map_type.name: options}


def read_run_number(number: object, hint: Translatable) -> int:
    """The index of the scene's run at this place, counted from 1 as in an address; else `hint` is said."""
    if type(number) is not int or number < 1:
        raise UserError(hint)
    count = len(get_scene().runs)
    if number > max(1, count):
        raise UserError("There is no run {number} in this race of {count}.", number=str(number)[:9], count=str(count))
    return number - 1
