"""Long work: begun when asked after, told while it grows, left and gone on with, failed."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, wait
from threading import Event
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute import background_jobs, fair_scheduling, work_chunks
from app.compute.background_jobs import Job, Progress, make_job
from app.compute.fair_scheduling import Scheduler, WorkQueue, checkpoint
from app.compute.run_parameters import list_parameters
from app.maps.basins import job as basins_of
from app.maps.basins.job import COARSE_SIDE, MAP_SIDE, BasinRequest, compute_basins, get_basin_job, make_starts
from app.maps.fair_race import job as fair_of
from app.maps.gradient_flow import job as flow_of
from app.maps.hyperparameter_pair import job as pairs_of
from app.maps.learning_rates import job as rates_of
from app.model.scene import Run, optimizer_call, surface_call
from app.scene_text.reader import parse_scene
from app.server import visitor_presence
from optimizers.analysis.gradient_flow import FlowEquation
from tests.support.finished_jobs import LONG, finished

BOX = ((-5.0, 5.0), (-5.0, 5.0))
ASKED = BasinRequest(surface_call("himmelblau"), optimizer_call("newton"), None, 30, 0.0, 0, BOX)


def counting(go_on: Event, numbers: int = 4) -> Iterator[Progress]:
    for i in range(numbers):
        yield Progress((i + 1) / numbers, i)
        go_on.wait(LONG)


def test_work_begins_when_it_is_asked_after_and_tells_each_step() -> None:
    go_on = Event()
    job = Job(counting(go_on))
    assert job.status.state == "idle"
    news = job.poll(0, LONG)
    assert (news.state, news.result, news.fraction) == ("working", 0, 0.25)
    assert job.poll(news.version, 0.01) == news  # nothing new: it does not wait for longer than it was told to
    go_on.set()
    assert finished(job)[1:] == (1.0, 3, "done")
    assert job.poll(0, LONG)[1:] == (1.0, 3, "done")  # and is not begun again


def test_work_that_nobody_asks_after_is_left_and_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    monkeypatch.setattr(background_jobs, "POLL_TIMEOUT_SECONDS", -1.0)
    job = Job(counting(go_on))
    job.poll()
    with job.changed:  # not asked again, or it would go on
        assert job.changed.wait_for(lambda: job.status.state == "forgotten", LONG)
    assert job.status[1:] == (0.25, 0, "forgotten")
    monkeypatch.setattr(background_jobs, "POLL_TIMEOUT_SECONDS", LONG)
    assert job.poll().fraction == 0.25
    go_on.set()
    assert finished(job)[1:] == (1.0, 3, "done")


def test_who_comes_to_see_what_is_done_takes_no_room() -> None:
    job = Job(iter([Progress(1.0, "found")]))
    finished(job)
    for number in range(100):
        assert job.poll(visitor=f"visitor {number}").state == "done"
    assert not job.last_polled


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_work_that_breaks_says_so(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    def work() -> Iterator[Progress]:
        yield Progress(0.5, "half")
        raise error("by way of test")

    assert finished(Job(work()))[1:] == (0.5, "half", "failed")
    assert "could not be computed" in caplog.text


def test_a_map_is_there_coarse_first_and_the_same_for_all_who_ask() -> None:
    found = [progress for progress in compute_basins(ASKED) if progress.result]
    aparts = list(dict.fromkeys(progress.result.stride for progress in found))
    assert aparts == [8, 4, 2, 1]
    assert found[-1].fraction == 1
    coarse, fine = found[0].result, found[-1].result
    every = np.arange(MAP_SIDE) % (MAP_SIDE // COARSE_SIDE) == 0
    known = np.ix_(every, every)
    for name in ("code", "step"):  # what is told first stays so
        first, last = (getattr(one, name).reshape(MAP_SIDE, MAP_SIDE)[known] for one in (coarse, fine))
        np.testing.assert_array_equal(first, last)
    assert get_basin_job(ASKED) is get_basin_job(ASKED._replace())
    again = finished(get_basin_job(ASKED)).result
    np.testing.assert_array_equal(again.code, fine.code)
    np.testing.assert_array_equal(again.minima, fine.minima)


def test_the_starts_are_the_middles_of_squares_that_fill_the_window() -> None:
    x, y = make_starts(((0.0, 256.0), (-1.0, 1.0))).reshape(2, MAP_SIDE, MAP_SIDE)
    np.testing.assert_allclose(x[0], np.arange(MAP_SIDE) + 0.5)
    assert (x == x[0]).all()
    assert (y == y[:, :1]).all()
    assert y[0, 0] == -1 + 1 / MAP_SIDE


# ---- who is still there


class Parts:
    """Work in two parts that go on until they are told to end: what a map does, as far as its visitors notice."""

    def __init__(self) -> None:
        self.steps = 0
        self.works, self.enough, self.ended = Event(), Event(), Event()

    def part(self) -> str:
        try:
            while not self.enough.is_set():
                self.steps += 1
                self.works.set()
                checkpoint()
            return "found"
        finally:
            self.ended.set()

    def work(self, asked: object, line: Executor) -> Iterator[Progress]:
        so_far = Progress(0.0, None)
        for news in background_jobs.run_tasks(line, iter([(0, self.part), (1, self.part)])):
            if news:
                so_far = Progress(so_far.fraction + 0.5, news[1])
            yield so_far


def test_what_the_last_visitor_leaves_ends_where_it_is_and_goes_on_when_it_is_asked_after_again() -> None:
    """It is held by then, whatever its driver does; counted in steps, that is one of each hand."""
    parts = Parts()
    job = make_job(parts.work, None)
    for who in "ab":
        job.poll(visitor=who)
    assert parts.works.wait(LONG)
    job.drop_visitor("a")
    taken = parts.steps
    while parts.steps < taken + 1000:
        assert not parts.ended.is_set(), "b still wants it"
    job.drop_visitor("b")
    counted = parts.steps
    assert parts.ended.wait(LONG)
    assert is_forgotten(job)
    assert parts.steps <= counted + 2
    parts.enough.set()
    assert finished_by(job, "c")[1:] == (1.0, "found", "done")


def is_forgotten(job: Job) -> bool:
    with job.changed:
        return job.changed.wait_for(lambda: job.status.state == "forgotten", LONG)


def finished_by(job: Job, visitor: str) -> background_jobs.JobStatus:
    news = job.poll(visitor=visitor)
    while news.state == "working":
        news = job.poll(news.version, LONG, visitor)
    return news


def test_the_work_of_a_visitor_whose_tab_was_closed_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody says goodbye then: the driver sees that the session is not connected, though it asked just now."""
    here = {"a"}
    runtime = SimpleNamespace(is_active_session=here.__contains__)
    monkeypatch.setattr(visitor_presence, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: runtime))
    parts = Parts()
    job = make_job(parts.work, None)
    job.poll(visitor="a")
    assert parts.works.wait(LONG)
    here.clear()
    assert parts.ended.wait(LONG)
    assert is_forgotten(job)
    assert visitor_presence.PRESENCE_CHECK_SECONDS <= 0.1, "so soon it is seen, and the rest takes steps"


def test_work_that_is_put_out_of_its_cache_leaves_nothing_in_the_queue() -> None:
    parts = Parts()
    job = make_job(parts.work, None)
    job.poll(visitor="a")
    assert parts.works.wait(LONG)
    line = job.queue
    job.drop_visitor("a")
    assert is_forgotten(job)
    assert parts.ended.wait(LONG)
    wait([WorkQueue(background_jobs.get_scheduler()).submit(lambda: None)], LONG)
    del job
    gc.collect()
    assert line is not None and not [piece for piece in line.waiting if not piece.is_started]


def test_more_works_go_on_at_once_than_anybody_could_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty visitors, each with the heaviest work: another's is done all the same."""
    heavy = [make_job(Parts().work, None) for _ in range(20)]
    for number, job in enumerate(heavy):
        job.poll(visitor=f"heavy {number}")
    ordinary = Parts()
    ordinary.enough.set()
    assert finished_by(make_job(ordinary.work, None), "ordinary").state == "done"
    for number, job in enumerate(heavy):
        job.drop_visitor(f"heavy {number}")


def test_it_is_known_whether_a_script_runs() -> None:
    """By the name of Streamlit's thread, which is its own affair: this holds it."""

    def script() -> None:
        import streamlit as st  # noqa: PLC0415

        from app.server.visitor_presence import is_new_script_running  # noqa: PLC0415

        st.session_state.running = is_new_script_running()

    assert AppTest.from_function(script).run().session_state.running
    assert not visitor_presence.is_new_script_running()


# ---- the same map however it was cut, and however often it was interrupted

SCENE = parse_scene("surface = himmelblau()\nstart = 1,1\nsteps = 30\nrun = momentum(lr=0.01)\n")
RACER = SCENE.runs[0].optimizer


def pairs_question() -> Any:
    run = SCENE.runs[0]
    x, y = list_parameters(run)[:2]
    return pairs_of.make_grid_request(SCENE.surface, run, SCENE.start, SCENE.steps, 0.0, 0, x, y)


WORKS: dict[str, tuple[Callable[..., Iterator[Progress]], Callable[[], Any]]] = {
    "basins": (
        basins_of.compute_basins,
        lambda: BasinRequest(surface_call("himmelblau"), optimizer_call("newton"), None, 12, 0.3, 0, BOX),
    ),
    "rates": (
        rates_of.compute_sweep,
        lambda: rates_of.SweepRequest(
            surface_call("himmelblau"),
            (Run(0, optimizer_call("adam")),),
            (1.0, 1.0),
            40,
            0.0,
            0,
            (1e-3, 1.0),
            1e-4,
        ),
    ),
    "pairs": (pairs_of.compute_grid, pairs_question),
    "fair": (
        fair_of.compute_fair_race,
        lambda: fair_of.FairRequest(
            surface_call("himmelblau"),
            tuple(Run(0, optimizer_call(w)) for w in ("sgd", "bfgs")),
            20,
            0.0,
            0,
            0,
            5000,
        ),
    ),
    "flow": (
        flow_of.compute_flow,
        lambda: flow_of.FlowRequest(surface_call("himmelblau"), (1.0, 1.0), FlowEquation(), np.inf),
    ),
}


def flat(found: Any) -> list[Any]:
    """All arrays and numbers of what was found."""
    if isinstance(found, np.ndarray):
        return [found]
    if isinstance(found, tuple):
        return [leaf for part in found for leaf in flat(part)]
    return [] if hasattr(found, "interpolants") else [found]


class Interrupting(Scheduler):
    """Each twentieth time that a piece looks up nobody wants it, and then somebody does; but not for ever."""

    def __init__(self) -> None:
        super().__init__(2)
        self.line, self.looks, self.interrupted = WorkQueue(self, "a"), 0, 0

    def preempt_if_due(self, piece: fair_scheduling.WorkItem) -> None:
        self.looks += piece.queue is self.line
        if self.looks % 20 == 0 and self.interrupted < 10:
            self.interrupted += 1
            self.line.suspend()
            self.line.resume("a")
        super().preempt_if_due(piece)


@pytest.mark.parametrize("kind", WORKS)
def test_a_map_is_the_same_however_it_is_cut_and_interrupted(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the bit: in large pieces at a time, and in small ones that take turns and are begun again in their midst."""
    make, question = WORKS[kind]
    monkeypatch.setattr(work_chunks, "FIRST_CHUNK_SIZES", (500, 700))
    *_, whole = make(question())
    monkeypatch.setattr(work_chunks, "FIRST_CHUNK_SIZES", (3, 11))
    monkeypatch.setattr(work_chunks, "CHUNK_SECONDS", 0.01)
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    hands = Interrupting()
    other = WorkQueue(hands, "b")
    last = Progress(0.0, None)
    for progress in make(question(), hands.line):
        other.submit(lambda: [checkpoint() for _ in range(10)])
        last = progress
    assert hands.interrupted == 10
    hands.close()
    assert last.fraction == whole.fraction
    for one, same in zip(flat(last.result), flat(whole.result), strict=True):
        np.testing.assert_array_equal(one, same)


def test_work_goes_on_after_a_server_of_this_process_has_ended():
    def asked(question: int, line: Executor) -> Iterator[Progress]:
        yield Progress(1.0, line.submit(lambda: question + 1).result(LONG))

    before = make_job(asked, 1)
    assert finished(before).result == 2
    background_jobs.close()
    for job in (make_job(asked, 6), before):
        assert finished(job).state == "done"
    assert finished(make_job(asked, 6)).result == 7
