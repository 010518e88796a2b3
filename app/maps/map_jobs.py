"""Work that a map waits for, stopped by whoever wants no more of it; and the way from a map to the race."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from app.compute.background_jobs import Job, JobStatus
from app.model.scene import Scene
from app.scene_text.writer import list_link_parts
from app.server.visitor_presence import get_visitor
from app.session.lesson_predictions import RACE_PAGE
from app.session.scene_state import get_scene, update_scene
from app.session.session import get_session
from app.session.url_changes import group_parameters

POLL_WAIT_SECONDS = 0.1  # seconds that the page waits for something new to show
STOPPED_JOBS_KEY = "stopped_maps"  # what this visitor wants no more of, as it was then
POLLED_JOBS_KEY = "wanted_maps"  # the work that this visitor's page asked after when it was last run

GetJob = Callable[[Any], Job]  # question -> the work that answers it, the same for all who ask


def poll_job(get_job: GetJob, request: Any, seen_version: int | None = None) -> JobStatus:
    """What there is of the work, waiting for more than was `seen_version`; it goes on while it is asked after."""
    stopped: JobStatus | None = st.session_state.get(STOPPED_JOBS_KEY, {}).get(request)
    if stopped:
        return stopped
    job = get_job(request)
    st.session_state.setdefault(POLLED_JOBS_KEY, set()).add(job)
    return (
        job.poll(visitor=get_visitor())
        if seen_version is None
        else job.poll(seen_version, POLL_WAIT_SECONDS, get_visitor())
    )


@contextmanager
def drop_unpolled_jobs() -> Iterator[None]:
    """While the page is run: what it asked after before, and does not now, the visitor has left."""
    before = st.session_state.get(POLLED_JOBS_KEY, set())
    st.session_state[POLLED_JOBS_KEY] = now = set()
    try:
        yield
    except BaseException:  # the page was not run to its end: what it wants is yet to be seen
        now |= before
        raise
    for job in before - now:
        job.drop_visitor(get_visitor())


def drop_all_jobs() -> None:
    """The visitor is on another page."""
    with drop_unpolled_jobs():
        pass


def set_stopped(get_job: GetJob, request: Any, stopped: bool) -> None:
    """The visitor wants no more of this work, or more after all; others may want it."""
    if stopped:
        get_job(request).drop_visitor(get_visitor())
    kept = {other: news for other, news in st.session_state.get(STOPPED_JOBS_KEY, {}).items() if other != request}
    st.session_state[STOPPED_JOBS_KEY] = (
        kept | {request: get_job(request).status._replace(state="stopped")} if stopped else kept
    )


def go_to_race(new: Scene) -> None:
    """From a callback: the race of this scene; the map can be had again by going back."""
    update_scene(new)
    get_session().is_race_requested = True
    st.rerun()  # the whole page: of a fragment that goes to another page, parts may arrive there


def follow_race_request() -> None:
    """At the beginning of a run of the page: away to the race, if that is wanted."""
    if get_session().is_race_requested:
        get_session().is_race_requested = False
        st.switch_page(RACE_PAGE, query_params=group_parameters(list_link_parts(get_scene())))
