"""Work that a map waits for, stopped by whoever wants no more of it; and the way from a map to the race."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from app.compute.background_jobs import Job, News
from app.model.scene import Scene
from app.scene_text.scene_text import linked
from app.server.visitor_presence import visitor
from app.session.lesson_progress import RACE
from app.session.scene_state import TO_RACE, become, scene
from app.session.url_sync import grouped

PATIENCE = 0.1  # seconds that the page waits for something new to show
STOPPED = "stopped_maps"  # what this visitor wants no more of, as it was then
WANTED = "wanted_maps"  # the work that this visitor's page asked after when it was last run

Answer = Callable[[Any], Job]  # question -> the work that answers it, the same for all who ask


def news_of(answer: Answer, asked: Any, seen: int | None = None) -> News:
    """What there is of the work, waiting for more than was `seen`; it goes on while it is asked after."""
    stopped: News | None = st.session_state.get(STOPPED, {}).get(asked)
    if stopped:
        return stopped
    job = answer(asked)
    st.session_state.setdefault(WANTED, set()).add(job)
    return job.ask(visitor=visitor()) if seen is None else job.ask(seen, PATIENCE, visitor())


@contextmanager
def asking() -> Iterator[None]:
    """While the page is run: what it asked after before, and does not now, the visitor has left."""
    before = st.session_state.get(WANTED, set())
    st.session_state[WANTED] = now = set()
    try:
        yield
    except BaseException:  # the page was not run to its end: what it wants is yet to be seen
        now |= before
        raise
    for job in before - now:
        job.leave(visitor())


def leave_all() -> None:
    """The visitor is on another page."""
    st.session_state.pop(TO_RACE, None)
    with asking():
        pass


def turned(answer: Answer, asked: Any, stopped: bool) -> None:
    """The visitor wants no more of this work, or more after all; others may want it."""
    if stopped:
        answer(asked).leave(visitor())
    kept = {other: news for other, news in st.session_state.get(STOPPED, {}).items() if other != asked}
    st.session_state[STOPPED] = kept | {asked: answer(asked).news._replace(state="stopped")} if stopped else kept


def race(new: Scene) -> None:
    """From a callback: the race of this scene; the map can be had again by going back."""
    become(new)
    st.session_state[TO_RACE] = True
    st.rerun()  # the whole page: of a fragment that goes to another page, parts may arrive there


def leave_for_race() -> None:
    """At the beginning of a run of the page: away to the race, if that is wanted."""
    if st.session_state.pop(TO_RACE, False):
        st.switch_page(RACE, query_params=grouped(linked(scene())))
