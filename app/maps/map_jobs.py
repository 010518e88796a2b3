"""The background jobs that a visitor's maps poll or have stopped; and the way from a map to the race."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from app.compute.background_jobs import JobStatus
from app.maps.map_kind import GetJob
from app.model.scene import Scene
from app.scene_text.writer import list_link_parts
from app.server.visitor_presence import get_visitor
from app.session.current_scene_and_undo import get_scene, update_scene
from app.session.lesson_predictions import RACE_PAGE
from app.session.page_url import group_parameters
from app.session.session_state import get_session

POLL_WAIT_SECONDS = 0.1  # how long the page waits for a newer status
STOPPED_JOBS_KEY = "stopped_maps"  # session: request -> the status at which this visitor stopped its job
POLLED_JOBS_KEY = "wanted_maps"  # session: the jobs that were polled when the page was last run


def poll_job(get_job: GetJob, request: Any, seen_version: int | None = None) -> JobStatus:
    """The status of a request's job, which goes on while it is polled. Waits for one newer than `seen_version`."""
    stopped: JobStatus | None = st.session_state.get(STOPPED_JOBS_KEY, {}).get(request)
    if stopped:
        return stopped
    job = get_job(request)
    st.session_state.setdefault(POLLED_JOBS_KEY, set()).add(job)
    return job.poll(seen_version or 0, 0.0 if seen_version is None else POLL_WAIT_SECONDS, get_visitor())


@contextmanager
def drop_unpolled_jobs() -> Iterator[None]:
    """Around a run of the page: the visitor leaves the jobs that the run before polled and this one does not."""
    before = st.session_state.get(POLLED_JOBS_KEY, set())
    st.session_state[POLLED_JOBS_KEY] = polled = set()
    try:
        yield
    except BaseException:  # the run was interrupted before it could poll all its jobs
        polled |= before
        raise
    for job in before - polled:
        job.drop_visitor(get_visitor())


def drop_all_jobs() -> None:
    """Leave all jobs: the visitor is on another page."""
    with drop_unpolled_jobs():
        pass


def set_stopped(get_job: GetJob, request: Any, is_stopped: bool) -> None:
    """Stop this visitor's polling of a request's job, or resume it. The job goes on while another visitor polls it."""
    stopped = {
        other: status for other, status in st.session_state.get(STOPPED_JOBS_KEY, {}).items() if other != request
    }
    if is_stopped:
        get_job(request).drop_visitor(get_visitor())
        stopped[request] = get_job(request).status._replace(state="stopped")
    st.session_state[STOPPED_JOBS_KEY] = stopped


def go_to_race(new: Scene) -> None:
    """Make this the scene and go to its race; to be called in a callback. The browser's Back leads back to the map."""
    update_scene(new)
    get_session().is_race_requested = True
    st.rerun()  # the whole page: if a fragment switches pages, parts of it may appear on the new page


def follow_race_request() -> None:
    """Switch to the race if `go_to_race` was called; to be called when a run of the page begins."""
    if get_session().is_race_requested:
        get_session().is_race_requested = False
        st.switch_page(RACE_PAGE, query_params=group_parameters(list_link_parts(get_scene())))
