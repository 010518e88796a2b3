"""Which map is shown, of what, and what its address says of it."""

from typing import Any

import streamlit as st

from app.maps.basins.panel import BASIN_MAP
from app.maps.fair_race.panel import FAIR_MAP
from app.maps.gradient_flow.panel import FLOW_MAP
from app.maps.hyperparameter_pair.panel import GRID_MAP
from app.maps.learning_rates.panel import SWEEP_MAP
from app.maps.map_kind import MAP_TYPE_KEY, MapType, get_options, set_options
from app.model.call_reader import Fault
from app.model.call_syntax import get_keywords, get_name, parse_value
from app.model.scene import Scene, UserError
from app.scene_text.reader import assemble_scene
from app.scene_text.writer import PART_NAMES, list_link_parts
from app.session import language_switch
from app.session.scene_state import begin_visit, get_scene, rerun_fragments, set_read_faults, update_scene
from app.session.url_sync import group_parameters, is_history_navigation
from app.translation import translate

MAP_TYPES: dict[str, MapType] = {kind.word: kind for kind in (BASIN_MAP, SWEEP_MAP, GRID_MAP, FAIR_MAP, FLOW_MAP)}
URL_PARAMETER = "map"  # of the address
LAST_URL_KEY = "map_address"  # what the address bar says


def get_map_type() -> MapType:
    return MAP_TYPES[st.session_state.get(MAP_TYPE_KEY, BASIN_MAP.word)]


def show_map_selector() -> None:
    """The kinds, of which one is shown."""
    st.session_state["map-kind"] = get_map_type().word

    def turned() -> None:
        if st.session_state["map-kind"] in MAP_TYPES:
            st.session_state[MAP_TYPE_KEY] = st.session_state["map-kind"]
        rerun_fragments()

    st.segmented_control(
        translate("Map"),
        list(MAP_TYPES),
        key="map-kind",
        on_change=turned,
        format_func=lambda word: translate(MAP_TYPES[word].title),
        label_visibility="collapsed",
        required=True,
    )


# ---- the address


def write_url_parameters(now: Scene) -> list[tuple[str, str]]:
    """The parts of the address of this map."""
    given = ",".join(get_map_type().said(now, get_options(get_map_type())))
    return [
        (URL_PARAMETER, f"{get_map_type().word}({given})"),
        *(p for p in list_link_parts(now) if p[0] not in ("view", "mode")),
    ]


def apply_url() -> None:
    """Show what the address says where that is news."""
    address = {name: st.query_params.get_all(name) for name in (URL_PARAMETER, *PART_NAMES) if name in st.query_params}
    if not address.keys() - {
        language_switch.URL_PARAMETER
    }:  # the page's name alone, to which the scene is yet to be written
        st.session_state.pop(LAST_URL_KEY, None)
        language_switch.apply_url_language()
        return
    stayed = st.session_state.came_from == st.session_state.shown
    if address == st.session_state.get(LAST_URL_KEY) and stayed and not is_history_navigation():
        return
    st.session_state[LAST_URL_KEY] = address
    pairs = [(name, value) for name, values in address.items() if name in PART_NAMES for value in values]
    faults: tuple[Fault, ...] = ()
    if pairs:
        reading = assemble_scene(pairs)
        faults = reading.faults
        if list_link_parts(reading.scene) != list_link_parts(get_scene()):
            (update_scene if "scene" in st.session_state and is_history_navigation() else begin_visit)(reading.scene)
    value = address.get(URL_PARAMETER, [f"{BASIN_MAP.word}()"])[0]
    try:
        again = (
            URL_PARAMETER not in address and MAP_TYPE_KEY in st.session_state
        )  # back from the race: the map that it was
        one, choice = (get_map_type(), get_options(get_map_type())) if again else read_map(value)
    except UserError as reason:
        one = MAP_TYPES.get(value.partition("(")[0], BASIN_MAP)
        choice = one.usual
        faults += (Fault(f"{URL_PARAMETER}={value[:60]}", reason.sentence, f"{one.word}()"),)
    st.session_state[MAP_TYPE_KEY] = one.word
    set_options(one, choice)
    set_read_faults("link", faults)


def read_map(value: str) -> tuple[MapType, Any]:
    """The map that a part of an address says, of the scene that is."""
    node = parse_value(value)
    if get_name(node) not in MAP_TYPES:
        raise UserError("There is no map {word!r} here.", word=get_name(node)[:40])
    one = MAP_TYPES[get_name(node)]
    return one, one.read(get_keywords(node))


def update_url(now: Scene) -> None:
    """Put the map into the address bar, where that is not what it says."""
    address = group_parameters(write_url_parameters(now))
    if address != st.session_state.get(LAST_URL_KEY):
        st.session_state[LAST_URL_KEY] = address
        st.query_params.from_dict(address)
