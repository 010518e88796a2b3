"""Work that a map waits for, stopped by whoever wants no more of it; and the way from a map to the race."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.controls.address import grouped
from app.controls.course import RACE
from app.controls.state import become, scene
from app.maps.jobs import Job, News
from app.notation import linked
from app.scene import Scene

PATIENCE = 0.1  # seconds that the page waits for something new to show
GONE = "to_race"  # the visitor is on the way to the race
STOPPED = "stopped_maps"  # what this visitor wants no more of, as it was then

Answer = Callable[[Any], Job]  # question -> the work that answers it, the same for all who ask


def news_of(answer: Answer, asked: Any, seen: int | None = None) -> News:
    """What there is of the work, waiting for more than was `seen`; it goes on while it is asked after."""
    stopped = st.session_state.get(STOPPED, {}).get(asked)
    return stopped or (answer(asked).ask() if seen is None else answer(asked).ask(seen, PATIENCE))


def turned(answer: Answer, asked: Any, stopped: bool) -> None:
    """The visitor wants no more of this work, or more after all; others may want it."""
    kept = {other: news for other, news in st.session_state.get(STOPPED, {}).items() if other != asked}
    st.session_state[STOPPED] = kept | {asked: answer(asked).news._replace(state="stopped")} if stopped else kept


def race(new: Scene) -> None:
    """From a callback: the race of this scene; the map can be had again by going back."""
    become(new)
    st.session_state[GONE] = True
    st.rerun()  # the whole page: of a fragment that goes to another page, parts may arrive there


def leave_for_race() -> None:
    """At the beginning of a run of the page: away to the race, if that is wanted."""
    if st.session_state.pop(GONE, False):
        st.switch_page(RACE, query_params=grouped(linked(scene())))
