"""Which map is shown, of what, and what its address says of it."""

import ast
from typing import NamedTuple

import streamlit as st

from app import words
from app.controls import tongue
from app.controls.address import travelled
from app.controls.state import become, begin, blame, refresh, scene
from app.language import say
from app.maps.basins import Window
from app.notation import NAMES, Fault, assembled, linked, number
from app.runs import surface
from app.scene import RUNS, Call, Rejected, Run, Scene, nameless
from app.syntax import literal, named, tree, word_of

PARAMETER = "map"  # of the address
BASINS = "basins"
ADDRESS = "map_address"  # what the address bar says
NOBODY = -1  # no second run
SMALLEST = 1e-6  # of the surface's view: a window is no narrower
LARGEST = 1e3  # nor wider


class Map(NamedTuple):
    """What is chosen on the page besides the scene."""

    window: Window | None = None  # None: the surface's own view
    place: Call | None = None  # the surface to which the window belongs
    runs: tuple[int, ...] = (0, 1)  # of the scene, by their places: whose maps are shown side by side


def chosen() -> Map:
    return st.session_state.get("map", Map())


def choose(new: Map) -> None:
    st.session_state.map = new


def own_window(now: Scene) -> Window | None:
    """The window that was zoomed to on this surface."""
    return chosen().window if chosen().place == now.surface else None


def view(now: Scene) -> Window:
    """The surface's own."""
    (left, right), (bottom, top) = surface(now.surface).box
    return (float(left), float(right)), (float(bottom), float(top))


def window(now: Scene) -> Window:
    """The part of the plane that is mapped."""
    return own_window(now) or view(now)


def look(now: Scene, wanted: Window) -> None:
    """Map another window; what is too narrow for numbers, or too wide to mean anything, is left."""
    whole = view(now)
    shares = [(b - a) / (high - low) for (a, b), (low, high) in zip(wanted, whole, strict=True)]
    if all(SMALLEST <= share <= LARGEST for share in shares):
        choose(chosen()._replace(window=None if same(wanted, whole) else wanted, place=now.surface))


def same(one: Window, other: Window) -> bool:
    """Whether two windows show the same, but for rounding."""
    return all(
        abs(a - b) <= SMALLEST * (ends[1] - ends[0])
        for here, ends in zip(one, other, strict=True)
        for a, b in zip(here, ends, strict=True)
    )


def mapped(now: Scene) -> tuple[Run, ...]:
    """The runs whose maps are shown: one, or two side by side."""
    places = dict.fromkeys(place for place in chosen().runs if place < len(now.runs))
    return tuple(now.runs[place] for place in places) or now.runs[:1]


def pick(now: Scene) -> None:
    """Whose maps are shown."""
    titles = [f"{words.title_of(run)} · {words.settings(run)}".removesuffix(" · ") for run in now.runs]
    shown = [now.runs.index(run) for run in mapped(now)]
    first, second = st.columns(2)
    with first:
        choice("map-first", say("Map of"), list(range(len(titles))), shown[0], titles)
    others = [NOBODY, *(place for place in range(len(titles)) if place != shown[0])]
    with second:
        choice(
            "map-second", say("Beside it"), others, shown[1] if len(shown) > 1 else NOBODY, [*titles, say("nothing")]
        )


def choice(key: str, label: str, places: list[int], now: int, titles: list[str]) -> None:
    st.session_state[key] = now
    st.selectbox(label, places, key=key, format_func=lambda place: titles[place], on_change=paired)


def paired() -> None:
    """The visitor chose other runs."""
    first, second = (st.session_state.get(key) for key in ("map-first", "map-second"))
    choose(chosen()._replace(runs=tuple(place for place in (first, second) if isinstance(place, int) and place >= 0)))
    refresh()


# ---- the address


def said(now: Scene) -> list[tuple[str, str]]:
    """The parts of the address of this map."""
    own, usual = own_window(now), Map().runs
    given = [f"{name}=({number(low)},{number(high)})" for name, (low, high) in zip("xy", own or (), strict=False)]
    given += [f"runs=({','.join(str(place + 1) for place in chosen().runs)},)"] if chosen().runs != usual else []
    return [(PARAMETER, f"{BASINS}({','.join(given)})"), *(p for p in linked(now) if p[0] not in ("view", "mode"))]


def arrive() -> None:
    """Show what the address says where that is news."""
    address = {name: st.query_params.get_all(name) for name in (PARAMETER, *NAMES) if name in st.query_params}
    if not address.keys() - {tongue.PARAMETER}:
        tongue.heed()
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
    try:
        choose(read(address.get(PARAMETER, [""])[0]))
    except Rejected as reason:
        choose(Map())
        faults += (Fault(f"{PARAMETER}={address[PARAMETER][0][:60]}", reason.sentence, f"{BASINS}()"),)
    blame("link", faults)


def read(value: str) -> Map:
    """The map that a part of an address says, of the scene that is."""
    if not value:
        return Map()
    node = tree(value)
    if word_of(node) != BASINS:
        raise Rejected("There is no map {word!r} here.", word=word_of(node)[:40])
    given = named(node)
    for name in given.keys() - {"x", "y", "runs"}:
        nameless(BASINS, name)
    runs = places(given.pop("runs")) if "runs" in given else Map().runs
    if not given:
        return Map(runs=runs)
    if given.keys() != {"x", "y"}:
        raise Rejected("A window is x and y, like x=(-2,2), y=(-2,2).")
    return Map((ends("x", given["x"]), ends("y", given["y"])), scene().surface, runs)


def places(node: ast.expr) -> tuple[int, ...]:
    """The places of one or two runs, counted from 1 in an address."""
    said = tuple(map(literal, node.elts)) if isinstance(node, ast.Tuple) else (literal(node),)
    if len(said) not in (1, 2) or any(type(place) is not int or not 1 <= place <= RUNS for place in said):
        raise Rejected("Maps are of one run or of two, by their places: runs=(1,2).")
    return tuple(place - 1 for place in said)


def ends(name: str, node: ast.expr) -> tuple[float, float]:
    said = tuple(map(literal, node.elts)) if isinstance(node, ast.Tuple) else ()
    if len(said) != 2 or any(isinstance(end, bool) or abs(end) > 1e6 for end in said) or not said[0] < said[1]:
        raise Rejected("{name} is two numbers, the lower one first, like {name}=(-2,2).", name=name)
    return float(said[0]), float(said[1])


def leave_word(now: Scene) -> None:
    """Put the map into the address bar, where that is not what it says."""
    pairs = said(now)
    address: dict[str, list[str]] = {}
    for name, value in pairs:
        address.setdefault(name, []).append(value)
    if address != st.session_state.get(ADDRESS):
        st.session_state[ADDRESS] = address
        st.query_params.from_dict(address)
