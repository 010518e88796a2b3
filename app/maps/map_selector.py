"""Which map is shown, of what, and what its address says of it."""

from typing import Any

import streamlit as st

from app.maps.basins.panel import BASINS
from app.maps.fair_race.panel import FAIR
from app.maps.gradient_flow.panel import FLOW
from app.maps.hyperparameter_pair.panel import PAIRS
from app.maps.learning_rates.panel import RATES
from app.maps.map_kind import CHOSEN, Kind, choose, chosen
from app.model.scene import Rejected, Scene
from app.scene_text.call_syntax import named, tree, word_of
from app.scene_text.scene_text import NAMES, Fault, assembled, linked
from app.session import language_switch
from app.session.scene_state import become, begin, blame, refresh, scene
from app.session.url_sync import grouped, travelled
from app.translation import say

KINDS: dict[str, Kind] = {kind.word: kind for kind in (BASINS, RATES, PAIRS, FAIR, FLOW)}
PARAMETER = "map"  # of the address
ADDRESS = "map_address"  # what the address bar says


def kind() -> Kind:
    return KINDS[st.session_state.get(CHOSEN, BASINS.word)]


def switch() -> None:
    """The kinds, of which one is shown."""
    st.session_state["map-kind"] = kind().word

    def turned() -> None:
        if st.session_state["map-kind"] in KINDS:
            st.session_state[CHOSEN] = st.session_state["map-kind"]
        refresh()

    st.segmented_control(
        say("Map"), list(KINDS), key="map-kind", on_change=turned, format_func=lambda word: say(KINDS[word].title),
        label_visibility="collapsed", required=True,
    )  # fmt: skip


# ---- the address


def said(now: Scene) -> list[tuple[str, str]]:
    """The parts of the address of this map."""
    given = ",".join(kind().said(now, chosen(kind())))
    return [(PARAMETER, f"{kind().word}({given})"), *(p for p in linked(now) if p[0] not in ("view", "mode"))]


def arrive() -> None:
    """Show what the address says where that is news."""
    address = {name: st.query_params.get_all(name) for name in (PARAMETER, *NAMES) if name in st.query_params}
    if not address.keys() - {
        language_switch.PARAMETER
    }:  # the page's name alone, to which the scene is yet to be written
        st.session_state.pop(ADDRESS, None)
        language_switch.heed()
        return
    stayed = st.session_state.came_from == st.session_state.shown
    if address == st.session_state.get(ADDRESS) and stayed and not travelled():
        return
    st.session_state[ADDRESS] = address
    pairs = [(name, value) for name, values in address.items() if name in NAMES for value in values]
    faults: tuple[Fault, ...] = ()
    if pairs:
        reading = assembled(pairs)
        faults = reading.faults
        if linked(reading.scene) != linked(scene()):
            (become if "scene" in st.session_state and travelled() else begin)(reading.scene)
    value = address.get(PARAMETER, [f"{BASINS.word}()"])[0]
    try:
        again = PARAMETER not in address and CHOSEN in st.session_state  # back from the race: the map that it was
        one, choice = (kind(), chosen(kind())) if again else read(value)
    except Rejected as reason:
        one = KINDS.get(value.partition("(")[0], BASINS)
        choice = one.usual
        faults += (Fault(f"{PARAMETER}={value[:60]}", reason.sentence, f"{one.word}()"),)
    st.session_state[CHOSEN] = one.word
    choose(one, choice)
    blame("link", faults)


def read(value: str) -> tuple[Kind, Any]:
    """The map that a part of an address says, of the scene that is."""
    node = tree(value)
    if word_of(node) not in KINDS:
        raise Rejected("There is no map {word!r} here.", word=word_of(node)[:40])
    one = KINDS[word_of(node)]
    return one, one.read(named(node))


def leave_word(now: Scene) -> None:
    """Put the map into the address bar, where that is not what it says."""
    address = grouped(said(now))
    if address != st.session_state.get(ADDRESS):
        st.session_state[ADDRESS] = address
        st.query_params.from_dict(address)
