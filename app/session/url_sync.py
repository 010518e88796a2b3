"""The address bar holds the scene: what comes in by it is shown, and every change of the scene goes there."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.model.scene import Scene
from app.scene_text.scene_text import NAMES, Fault, Reading, encoded, linked, parts
from app.session import lecture_state
from app.session.scene_state import PANEL, begin, blame, escaped, refresh, scene, show
from app.translation import say
from surfaces.translatable import Sentence

DAMAGED = {
    "link": Sentence("**Not all of this link could be read.** The rest is as it says."),
    "text": Sentence("**Not all of this text could be read.** The rest is as it says."),
    "file": Sentence("**Not all of this file could be read.** The rest is as it says."),
}
KNOWN = (*NAMES, *lecture_state.PARAMETERS)
LISTED = 20  # faults; a link of a thousand runs has nearly as many
AWAY = "away"  # another page was shown since the race
Address = dict[str, list[str]]  # the values of each name, in their order


def arrive() -> None:
    """Show what the address says where that is news: at the first visit, and when the visitor goes back or forward."""
    address = {name: st.query_params.get_all(name) for name in KNOWN if name in st.query_params}
    away = st.session_state.pop(AWAY, False)
    visited = "address" in st.session_state
    if address == st.session_state.get("address"):
        return
    if (
        visited and not away and not travelled()
    ):  # the player has yet to write what it was told, or the page was chosen anew
        st.session_state.linked = None
        return
    if away and not address and "scene" in st.session_state:  # here by the page's name, which says no scene
        st.session_state.address, st.session_state.linked = address, None
        return
    reading = lecture_state.arrive(address)
    if kept := next((kept for kept in unwritten() if grouped(linked(kept)) == address), None):
        reading = Reading(kept, ())
    (show if visited and not lecture_state.entries() else begin)(reading.scene)
    st.session_state.address, st.session_state.linked = address, scene()
    blame("link", reading.faults)


def travelled() -> bool:
    """Whether this run is because the visitor went back or forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def leave() -> None:
    """Another page is shown: the scene waits until the visitor comes back."""
    st.session_state[AWAY] = True


def of(now: Scene) -> str:
    """What the player is to put into the address bar behind the question mark; "" as long as it is right."""
    if now == st.session_state.linked:
        return ""
    said = lecture_state.said(now)
    st.session_state.address, st.session_state.linked = grouped(said), None  # and from now on no scene has another one
    return encoded(said)


def unwritten() -> tuple[Scene, ...]:
    """The scenes of this visit whose data have no room in an address."""
    state = st.session_state
    known = (*state.past, *state.future, state.scene) if "scene" in state else ()
    return tuple(scene for scene in known if linked(scene) != parts(scene))


def grouped(said: list[tuple[str, str]]) -> Address:
    """The values of each name, as an address has them."""
    address: Address = {}
    for name, value in said:
        address.setdefault(name, []).append(value)
    return address


def damage() -> None:
    """What of a link, a text or a file could not be read, and what is shown instead."""
    faults: tuple[Fault, ...] = st.session_state.faults
    if not faults:
        return
    with st.container(border=True, key="faults"):
        st.markdown(say(DAMAGED[st.session_state.blamed]))
        shown = say("Shown instead:")
        lines = [
            f"- `{quoted(fault.said)}`: {escaped(say(fault.why))} {shown} `{quoted(say(fault.instead))}`"
            for fault in faults[:LISTED]
        ]
        if len(faults) > LISTED:
            more = say("And {n} more.", n=len(faults) - LISTED)
            lines.append(f"- {more}")
        st.markdown("\n".join(lines))
        st.button(say("All right"), key="faults_read", on_click=read)


def read() -> None:
    st.session_state.faults = ()
    refresh(PANEL)


def quoted(said: str) -> str:
    """As it can stand between backticks."""
    return said.replace("`", "'").replace("\n", " ")
