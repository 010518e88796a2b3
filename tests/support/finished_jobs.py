"""Wait for a background job."""

from app.compute import background_jobs
from app.compute.background_jobs import Job

LONG = 20  # seconds: nothing here waits so long


def finished(job: Job) -> background_jobs.JobStatus:
    news = job.ask()
    while news.state == "working":
        last, news = news, job.ask(news.number, LONG)
        assert news != last, "it says nothing more"
    return news
