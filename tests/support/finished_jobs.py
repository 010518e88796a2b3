"""Wait for a background job."""

from app.compute import background_jobs
from app.compute.background_jobs import Job

POLL_SECONDS = 20  # longer than any job of the tests goes without progress


def wait_for_job(job: Job) -> background_jobs.JobStatus:
    status = job.poll()
    while status.state == "working":
        last, status = status, job.poll(status.version, POLL_SECONDS)
        assert status != last, "no progress within POLL_SECONDS"
    return status
