"""The address bar holds the scene: what comes in by it is shown, and every change of the scene goes there."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.model.call_reader import Fault
from app.model.scene import Scene
from app.scene_text.reader import ParsedScene
from app.scene_text.writer import PART_NAMES, encode_query, list_link_parts, list_parts
from app.session import lecture_state
from app.session.scene_state import (
    PANEL,
    begin_visit,
    escape_markdown,
    get_scene,
    load_scene,
    rerun_fragments,
    set_read_faults,
)
from app.translation import translate
from surfaces.translatable import Translatable

FAULT_MESSAGES = {
    "link": Translatable("**Not all of this link could be read.** The rest is as it says."),
    "text": Translatable("**Not all of this text could be read.** The rest is as it says."),
    "file": Translatable("**Not all of this file could be read.** The rest is as it says."),
}
URL_PARAMETERS = (*PART_NAMES, *lecture_state.URL_PARAMETERS)
MAX_LISTED_FAULTS = 20  # faults; a link of a thousand runs has nearly as many
LEFT_RACE_KEY = "away"  # another page was shown since the race
UrlParameters = dict[str, list[str]]  # the values of each name, in their order


def apply_url() -> None:
    """Show what the address says where that is news: at the first visit, and when the visitor goes back or forward."""
    address = {name: st.query_params.get_all(name) for name in URL_PARAMETERS if name in st.query_params}
    away = st.session_state.pop(LEFT_RACE_KEY, False)
    visited = "address" in st.session_state
    if address == st.session_state.get("address"):
        return
    if (
        visited and not away and not is_history_navigation()
    ):  # the player has yet to write what it was told, or the page was chosen anew
        st.session_state.linked = None
        return
    if away and not address and "scene" in st.session_state:  # here by the page's name, which says no scene
        st.session_state.address, st.session_state.linked = address, None
        return
    reading = lecture_state.read_url(address)
    if kept := next(
        (kept for kept in list_unlinkable_scenes() if group_parameters(list_link_parts(kept)) == address), None
    ):
        reading = ParsedScene(kept, ())
    (load_scene if visited and not lecture_state.get_entries() else begin_visit)(reading.scene)
    st.session_state.address, st.session_state.linked = address, get_scene()
    set_read_faults("link", reading.faults)


def is_history_navigation() -> bool:
    """Whether this run is because the visitor went back or forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def mark_race_left() -> None:
    """Another page is shown: the scene waits until the visitor comes back."""
    st.session_state[LEFT_RACE_KEY] = True


def take_new_query(now: Scene) -> str:
    """What the player is to put into the address bar behind the question mark; "" as long as it is right."""
    if now == st.session_state.linked:
        return ""
    said = lecture_state.write_url_parameters(now)
    st.session_state.address, st.session_state.linked = (
        group_parameters(said),
        None,
    )  # and from now on no scene has another one
    return encode_query(said)


def list_unlinkable_scenes() -> tuple[Scene, ...]:
    """The scenes of this visit whose data have no room in an address."""
    state = st.session_state
    known = (*state.past, *state.future, state.scene) if "scene" in state else ()
    return tuple(scene for scene in known if list_link_parts(scene) != list_parts(scene))


def group_parameters(said: list[tuple[str, str]]) -> UrlParameters:
    """The values of each name, as an address has them."""
    address: UrlParameters = {}
    for name, value in said:
        address.setdefault(name, []).append(value)
    return address


def show_faults() -> None:
    """What of a link, a text or a file could not be read, and what is shown instead."""
    faults: tuple[Fault, ...] = st.session_state.faults
    if not faults:
        return
    with st.container(border=True, key="faults"):
        st.markdown(translate(FAULT_MESSAGES[st.session_state.blamed]))
        shown = translate("Shown instead:")
        lines = [
            f"- `{escape_code(fault.text)}`: {escape_markdown(translate(fault.reason))} "
            f"{shown} `{escape_code(translate(fault.replacement))}`"
            for fault in faults[:MAX_LISTED_FAULTS]
        ]
        if len(faults) > MAX_LISTED_FAULTS:
            more = translate("And {n} more.", n=len(faults) - MAX_LISTED_FAULTS)
            lines.append(f"- {more}")
        st.markdown("\n".join(lines))
        st.button(translate("All right"), key="faults_read", on_click=dismiss_faults)


def dismiss_faults() -> None:
    st.session_state.faults = ()
    rerun_fragments(PANEL)


def escape_code(said: str) -> str:
    """As it can stand between backticks."""
    return said.replace("`", "'").replace("\n", " ")
