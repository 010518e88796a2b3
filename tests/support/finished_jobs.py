"""Wait for a background job."""

from app.compute import background_jobs
from app.compute.background_jobs import Job

LONG = 20  # seconds: nothing here waits so long


def finished(job: Job) -> background_jobs.JobStatus:
    news = job.poll()
    while news.state == "working":
        last, news = news, job.poll(news.version, LONG)
        assert news != last, "it says nothing more"
    return news
