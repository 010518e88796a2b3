"""The link of the map that is shown."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.maps.catalogue import DEFAULT_MAP, MAP_TYPES, get_map_type
from app.maps.map_kind import MAP_TYPE_KEY, MapType, get_options, set_options
from app.model.call_reader import Fault
from app.model.call_syntax import get_keywords, get_name, parse_value, shorten
from app.model.presets import DEFAULT_SCENE, MAP_SCENE, find_active_preset
from app.model.scene import Scene, UserError, reject_argument
from app.scene_text.reader import assemble_scene
from app.scene_text.url_parameters_by_name import group_parameters
from app.scene_text.writer import PART_NAMES, list_link_parts
from app.session import language_switch
from app.session.page_url_parameters import PageUrl, is_history_navigation
from app.session.race_scene_and_undo import begin_visit, get_scene, load_scene, set_read_faults, update_scene
from app.session.session_state import get_session

URL_PARAMETER = "map"
MAP_URL = PageUrl("maps", (URL_PARAMETER, *PART_NAMES))


def write_url_parameters(scene: Scene) -> list[tuple[str, str]]:
    """The parameters of a link to the map that is shown, of this scene."""
    map_type = get_map_type()
    arguments = ",".join(map_type.write_options(scene, get_options(map_type)))
    scene_parts = (part for part in list_link_parts(scene) if part[0] not in ("view", "mode"))
    return [(URL_PARAMETER, f"{map_type.name}({arguments})"), *scene_parts]


def apply_url() -> None:
    """Show the map and the scene of the address, if the visitor has just opened it.

    On a page that stays open, an address counts only after back or forward: otherwise it may be outdated, since the
    browser sends the old address until it has received the new one.
    """
    session, address = get_session(), MAP_URL.read()
    if not address.keys() - {language_switch.URL_PARAMETER}:  # the address has no scene yet
        MAP_URL.forget()
        language_switch.apply_url_language()
        if session.previous_page not in (None, session.current_page) and is_untouched():
            load_scene(replace(MAP_SCENE, presentation=get_scene().presentation))
        return
    has_stayed = MAP_URL.get_last() is not None and session.previous_page == session.current_page
    if has_stayed and not is_history_navigation():
        return
    MAP_URL.remember(address)
    pairs = [(name, value) for name, values in address.items() if name in PART_NAMES for value in values]
    faults: tuple[Fault, ...] = ()
    if pairs:
        reading = assemble_scene(pairs)
        faults = reading.faults
        if list_link_parts(reading.scene) != list_link_parts(get_scene()):
            (update_scene if session.scene and is_history_navigation() else begin_visit)(reading.scene)
    value = address.get(URL_PARAMETER, [f"{DEFAULT_MAP.name}()"])[0]
    try:
        is_return = URL_PARAMETER not in address and MAP_TYPE_KEY in st.session_state  # from the race to the same map
        map_type, options = (get_map_type(), get_options(get_map_type())) if is_return else read_map(value)
    except UserError as reason:
        map_type = MAP_TYPES.get(value.partition("(")[0], DEFAULT_MAP)
        options = map_type.default
        faults += (Fault(f"{URL_PARAMETER}={shorten(value)}", reason.message, f"{map_type.name}()"),)
    st.session_state[MAP_TYPE_KEY] = map_type.name
    set_options(map_type, options)
    set_read_faults("link", faults)


def is_untouched() -> bool:
    """Whether the scene is the one that every visit begins with: nothing is lost if a map shows another one."""
    return find_active_preset(get_scene()) == find_active_preset(DEFAULT_SCENE) and not get_session().past


def read_map(value: str) -> tuple[MapType, Any]:
    """The kind and its options that the value of a link's `map` names."""
    node = parse_value(value)
    if get_name(node) not in MAP_TYPES:
        raise UserError("There is no map “{word}” here.", word=get_name(node)[:40])
    map_type, arguments = MAP_TYPES[get_name(node)], get_keywords(node)
    for name in arguments.keys() - set(map_type.arguments):
        reject_argument(map_type.name, name)
    return map_type, map_type.read_options(arguments)


def update_url(scene: Scene) -> None:
    """Put the link to this map into the address bar, unless it is there."""
    address = group_parameters(write_url_parameters(scene))
    if address != MAP_URL.get_last():
        MAP_URL.remember(address)
        st.query_params.from_dict(address)
