"""The background jobs that a visitor's page polls or has stopped, on whatever page they are shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from app.browser.component_events import get_fields
from app.browser.player_protocol import is_serial
from app.browser.value_digest import digest_values
from app.compute.background_jobs import FINISHED_STATES, Job, JobStatus, count_other_visitors
from app.server.visitor_presence import get_visitor

POLL_WAIT_SECONDS = 0.1  # how long the page waits for a newer status
STOPPED_JOBS_KEY = "stopped_jobs"  # session: request -> the status at which this visitor stopped its job
POLLED_JOBS_KEY = "polled_jobs"  # session: the jobs that were polled when the page was last run

GetJob = Callable[[Any], Job]  # a request -> its job, the same for the same request


def poll_job(get_job: GetJob, request: Any, seen_version: int | None = None) -> JobStatus:
    """The status of a request's job, which goes on while it is polled. Waits for one newer than `seen_version`."""
    stopped: JobStatus | None = st.session_state.get(STOPPED_JOBS_KEY, {}).get(request)
    if stopped:
        return stopped
    job = get_job(request)
    st.session_state.setdefault(POLLED_JOBS_KEY, set()).add(job)
    return job.poll(seen_version or 0, 0.0 if seen_version is None else POLL_WAIT_SECONDS, get_visitor())


def count_others(state: str) -> int:
    """Count the other visitors with whose work this page's takes turns; 0 if its job, in this `state`, does not run."""
    return 0 if state in (*FINISHED_STATES, "stopped") else count_other_visitors(get_visitor())


@contextmanager
def drop_unpolled_jobs() -> Iterator[None]:
    """A context for a run of the page: the visitor leaves the jobs that the run before polled and this one did not."""
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


def make_job_id(*requests: Any) -> str:
    return digest_values(*requests)


def decode_stop(payload: object) -> bool | None:
    """Whether the visitor stopped the job, or resumed it."""
    value, n = get_fields(payload, "value", "n")
    return value if type(value) is bool and is_serial(n) else None
