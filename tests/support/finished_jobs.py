"""Wait for a background job."""

from collections.abc import Hashable
from time import monotonic

from app.compute.background_jobs import FINISHED_STATES, Job, JobStatus

POLL_SECONDS = 20  # longer than any job of the tests goes without progress
ASK_SECONDS = 0.5  # between two polls: often enough to count as a visitor who is still there, as a browser does


def wait_for_job(job: Job, visitor: Hashable = None) -> JobStatus:
    """The status once the job has ended. One that was forgotten, as on a busy machine, is resumed."""
    status, changed_at = job.poll(visitor=visitor), monotonic()
    while status.state not in FINISHED_STATES:
        seen_version = status.version
        status = job.poll(seen_version, ASK_SECONDS, visitor)
        if status.version != seen_version:
            changed_at = monotonic()
        assert monotonic() - changed_at < POLL_SECONDS, "no progress within POLL_SECONDS"
    return status
