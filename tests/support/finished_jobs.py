"""Wait for a background job."""

from app.compute import background_jobs
from app.compute.background_jobs import Job

POLL_SECONDS = 20  # seconds: nothing here waits so long


def wait_for_job(job: Job) -> background_jobs.JobStatus:
    news = job.poll()
    while news.state == "working":
        last, news = news, job.poll(news.version, POLL_SECONDS)
        assert news != last, "it says nothing more"
    return news
