"""Jobs that a page polls: stopped by one visitor, and gone on with; what a browser says of one is read with care."""

from threading import Event
from typing import Any

import pytest

from app.compute.background_jobs import Job, Progress
from app.session import polled_jobs
from tests.support.map_pages import NONSENSE


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


def test_jobs_of_minus_one_and_minus_two_have_different_ids() -> None:
    assert len({polled_jobs.make_job_id((value, 0.0)) for value in (-1.0, -2.0)}) == 2


@pytest.mark.parametrize("sent", [*NONSENSE, {"value": 1, "n": 1}])
def test_to_stop_is_a_yes_or_no(sent: Any) -> None:
    assert polled_jobs.decode_stop(sent) is None


def test_a_stop_that_is_meant_is_read() -> None:
    assert polled_jobs.decode_stop({"value": True, "n": 3}) is True
