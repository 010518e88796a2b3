"""Which map is shown, of what, and what its address says of it."""

from typing import Any

import streamlit as st

from app.maps.basins.panel import BASIN_MAP
from app.maps.fair_race.panel import FAIR_MAP
from app.maps.gradient_flow.panel import FLOW_MAP
from app.maps.hyperparameter_pair.panel import GRID_MAP
from app.maps.learning_rates.panel import SWEEP_MAP
from app.maps.map_kind import MAP_TYPE_KEY, MapType, get_options, set_options
from app.model.call_syntax import get_keywords, get_name, parse_value, shorten
from app.model.call_validation import Fault
from app.model.scene import Scene, UserError
from app.scene_text.reader import assemble_scene
from app.scene_text.writer import PART_NAMES, list_link_parts
from app.session import language_switch
from app.session.scene_state import begin_visit, get_scene, rerun_fragments, set_read_faults, update_scene
from app.session.session import get_session
from app.session.url_changes import PageUrl, group_parameters, is_history_navigation
from app.translation import translate

MAP_TYPES: dict[str, MapType] = {kind.name: kind for kind in (BASIN_MAP, SWEEP_MAP, GRID_MAP, FAIR_MAP, FLOW_MAP)}
URL_PARAMETER = "map"  # of the address
MAP_URL = PageUrl("maps", (URL_PARAMETER, *PART_NAMES))


def get_map_type() -> MapType:
    return MAP_TYPES[st.session_state.get(MAP_TYPE_KEY, BASIN_MAP.name)]


def show_map_selector() -> None:
    """The kinds, of which one is shown."""
    st.session_state["map-kind"] = get_map_type().name

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


def write_url_parameters(scene: Scene) -> list[tuple[str, str]]:
    """The parts of the address of this map."""
    given = ",".join(get_map_type().write_options(scene, get_options(get_map_type())))
    return [
        (URL_PARAMETER, f"{get_map_type().name}({given})"),
        *(p for p in list_link_parts(scene) if p[0] not in ("view", "mode")),
    ]


def apply_url() -> None:
    """Show the map and the scene of the address, if that has changed or the visitor comes from another page."""
    session, address = get_session(), MAP_URL.read()
    if not address.keys() - {language_switch.URL_PARAMETER}:  # the page's name, without the scene as yet
        MAP_URL.forget()
        language_switch.apply_url_language()
        return
    stayed = session.previous_page == session.current_page
    if not MAP_URL.take_change() and stayed and not is_history_navigation():
        return
    pairs = [(name, value) for name, values in address.items() if name in PART_NAMES for value in values]
    faults: tuple[Fault, ...] = ()
    if pairs:
        reading = assemble_scene(pairs)
        faults = reading.faults
        if list_link_parts(reading.scene) != list_link_parts(get_scene()):
            (update_scene if session.scene and is_history_navigation() else begin_visit)(reading.scene)
    value = address.get(URL_PARAMETER, [f"{BASIN_MAP.name}()"])[0]
    try:
        again = (
            URL_PARAMETER not in address and MAP_TYPE_KEY in st.session_state
        )  # back from the race: the map that it was
        one, choice = (get_map_type(), get_options(get_map_type())) if again else read_map(value)
    except UserError as reason:
        one = MAP_TYPES.get(value.partition("(")[0], BASIN_MAP)
        choice = one.default
        faults += (Fault(f"{URL_PARAMETER}={shorten(value)}", reason.message, f"{one.name}()"),)
    st.session_state[MAP_TYPE_KEY] = one.name
    set_options(one, choice)
    set_read_faults("link", faults)


def read_map(value: str) -> tuple[MapType, Any]:
    """The map that a part of an address says, of the scene that is."""
    node = parse_value(value)
    if get_name(node) not in MAP_TYPES:
        raise UserError("There is no map {word!r} here.", word=get_name(node)[:40])
    one = MAP_TYPES[get_name(node)]
    return one, one.read_options(get_keywords(node))


def update_url(scene: Scene) -> None:
    """Put the map into the address bar, where that is not what it says."""
    address = group_parameters(write_url_parameters(scene))
    if address != MAP_URL.get_last():
        MAP_URL.remember(address)
        st.query_params.from_dict(address)
