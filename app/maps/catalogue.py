"""All kinds of maps by their name in links, in the order of the list, and the one that is shown."""

from importlib import import_module

import streamlit as st

from app.maps.map_kind import MAP_TYPE_KEY, MapType
from app.session.fragment_reruns import rerun_fragments
from app.translation import translate

# The folders of the kinds, in the order of the list; in each, `panel.py` has a MAP_TYPE.
MAP_FOLDERS = ("basins", "learning_rates", "hyperparameter_pair", "fair_race", "gradient_flow")
_MAP_TYPES: list[MapType] = [import_module(f"app.maps.{folder}.panel").MAP_TYPE for folder in MAP_FOLDERS]
MAP_TYPES = {map_type.name: map_type for map_type in _MAP_TYPES}
DEFAULT_MAP = _MAP_TYPES[0]


def get_map_type() -> MapType:
    return MAP_TYPES[st.session_state.get(MAP_TYPE_KEY, DEFAULT_MAP.name)]


def show_map_selector() -> None:
    st.session_state["map-kind"] = get_map_type().name

    def apply_selection() -> None:
        if st.session_state["map-kind"] in MAP_TYPES:
            st.session_state[MAP_TYPE_KEY] = st.session_state["map-kind"]
        rerun_fragments()

    st.segmented_control(
        translate("Map"),
        list(MAP_TYPES),
        key="map-kind",
        on_change=apply_selection,
        format_func=lambda name: translate(MAP_TYPES[name].title),
        label_visibility="collapsed",
        required=True,
    )
