"""Long work: begun when asked after, told while it grows, left and gone on with, failed."""

from collections.abc import Iterator
from threading import Event

import numpy as np
import pytest

from app.maps import jobs
from app.maps.basins import COARSEST, SIDE, Question, basins, starts, work
from app.maps.jobs import Job, Progress
from app.scene import optimizer, surface

BOX = ((-5.0, 5.0), (-5.0, 5.0))
ASKED = Question(surface("himmelblau"), optimizer("newton"), None, 30, 0.0, 0, BOX)
LONG = 20  # seconds: nothing here waits so long


def finished(job: Job) -> jobs.News:
    news = job.ask()
    while news.state == "working":
        news = job.ask(news.number, LONG)
    return news


def counting(go_on: Event, numbers: int = 4) -> Iterator[Progress]:
    for i in range(numbers):
        yield Progress((i + 1) / numbers, i)
        go_on.wait(LONG)


def test_work_begins_when_it_is_asked_after_and_tells_each_step() -> None:
    go_on = Event()
    job = Job(counting(go_on))
    assert job.news.state == "idle"
    news = job.ask(0, LONG)
    assert (news.state, news.found, news.share) == ("working", 0, 0.25)
    assert job.ask(news.number, 0.01) == news  # nothing new: it does not wait for longer than it was told to
    go_on.set()
    assert finished(job)[1:] == (1.0, 3, "done")
    assert job.ask(0, LONG)[1:] == (1.0, 3, "done")  # and is not begun again


def test_work_that_nobody_asks_after_is_left_and_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    monkeypatch.setattr(jobs, "PATIENCE", -1.0)
    job = Job(counting(go_on))
    job.ask()
    with job.changed:  # not asked again, or it would go on
        assert job.changed.wait_for(lambda: job.news.state == "forgotten", LONG)
    assert job.news[1:] == (0.25, 0, "forgotten")
    monkeypatch.setattr(jobs, "PATIENCE", LONG)
    assert job.ask().share == 0.25
    go_on.set()
    assert finished(job)[1:] == (1.0, 3, "done")


def test_work_that_breaks_says_so(caplog: pytest.LogCaptureFixture) -> None:
    def work() -> Iterator[Progress]:
        yield Progress(0.5, "half")
        raise RuntimeError("by way of test")

    assert finished(Job(work()))[1:] == (0.5, "half", "failed")
    assert "could not be computed" in caplog.text


def test_a_map_is_there_coarse_first_and_the_same_for_all_who_ask() -> None:
    found = [progress for progress in work(ASKED) if progress.found]
    aparts = list(dict.fromkeys(progress.found.apart for progress in found))
    assert aparts == [8, 4, 2, 1]
    assert found[-1].share == 1
    coarse, fine = found[0].found, found[-1].found
    every = np.arange(SIDE) % (SIDE // COARSEST) == 0
    known = np.ix_(every, every)
    for name in ("code", "step"):  # what is told first stays so
        first, last = (getattr(one, name).reshape(SIDE, SIDE)[known] for one in (coarse, fine))
        np.testing.assert_array_equal(first, last)
    assert basins(ASKED) is basins(ASKED._replace())
    again = finished(basins(ASKED)).found
    np.testing.assert_array_equal(again.code, fine.code)
    np.testing.assert_array_equal(again.minima, fine.minima)


def test_the_starts_are_the_middles_of_squares_that_fill_the_window() -> None:
    x, y = starts(((0.0, 256.0), (-1.0, 1.0))).reshape(2, SIDE, SIDE)
    np.testing.assert_allclose(x[0], np.arange(SIDE) + 0.5)
    assert (x == x[0]).all()
    assert (y == y[:, :1]).all()
    assert y[0, 0] == -1 + 1 / SIDE
