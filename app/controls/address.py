"""The address bar holds the scene: what comes in by it is shown, and every change of the scene goes there."""

import streamlit as st

from app.controls.state import PANEL, begin, escaped, refresh, scene, show
from app.notation import NAMES, Fault, Reading, assembled, parts, query
from app.scene import Scene
from app.scenes import FIRST

AWAY = "away"  # another page was shown since the race
Address = dict[str, list[str]]  # the values of each name, in their order


def arrive() -> None:
    """Show what the address says where that is news: at the first visit, and when the visitor goes back or forward."""
    address = {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}
    away = st.session_state.pop(AWAY, False)
    if address == st.session_state.get("address"):
        return
    if away and not address and "address" in st.session_state:  # back by the page's name, which says no scene
        st.session_state.address, st.session_state.linked = address, None
        return
    reading = meaning(address)
    (show if "address" in st.session_state else begin)(reading.scene)
    st.session_state.address, st.session_state.linked, st.session_state.faults = address, scene(), reading.faults


def leave() -> None:
    """Another page is shown: the scene waits until the visitor comes back."""
    st.session_state[AWAY] = True


def meaning(address: Address) -> Reading:
    """The scene at an address; at the plain one the first."""
    return assembled((name, value) for name in address for value in address[name]) if address else Reading(FIRST, ())


def of(now: Scene) -> str:
    """What the player is to put into the address bar behind the question mark; "" as long as it is right."""
    if now == st.session_state.linked:
        return ""
    address: Address = {}
    for name, value in parts(now):
        address.setdefault(name, []).append(value)
    st.session_state.address, st.session_state.linked = address, None  # and from now on no scene has another one
    return query(now)


def damage() -> None:
    """What of the link could not be read, and what is shown instead."""
    faults: tuple[Fault, ...] = st.session_state.faults
    if not faults:
        return
    with st.container(border=True, key="faults"):
        st.markdown("**Not all of it could be read.** The rest of the scene is as it says.")
        lines = (
            f"- `{quoted(fault.said)}`: {escaped(fault.why)} Shown instead: `{quoted(fault.instead)}`"
            for fault in faults
        )
        st.markdown("\n".join(lines))
        st.button("All right", key="faults_read", on_click=read)


def read() -> None:
    st.session_state.faults = ()
    refresh(PANEL)


def quoted(said: str) -> str:
    """As it can stand between backticks."""
    return said.replace("`", "'").replace("\n", " ")
