"""Jobs that a page polls: stopped by one visitor, and gone on with."""

from threading import Event

import pytest

from app.compute.background_jobs import Job, Progress
from app.session import polled_jobs


def test_a_job_that_is_stopped_is_left_and_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polled_jobs.st, "session_state", {})
    monkeypatch.setattr(polled_jobs, "get_visitor", lambda: "a")
    go_on = Event()
    job = Job(Progress(i / 9, None) for i in range(9) if go_on.wait(60))
    for stopped in (False, True, False):
        polled_jobs.set_stopped(lambda asked: job, "question", stopped)
        with polled_jobs.drop_unpolled_jobs():
            assert polled_jobs.poll_job(lambda asked: job, "question").state == ("stopped" if stopped else "working")
        assert ("a" in job.last_polled) != stopped
    go_on.set()
