"""Background jobs: started when polled, with partial results, suspended, resumed and failed."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, wait
from threading import Event
from time import sleep
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute import background_jobs, fair_scheduling, work_chunks
from app.compute.background_jobs import Job, Progress, make_job
from app.compute.fair_scheduling import Scheduler, WorkQueue, checkpoint
from app.compute.tunable_run_parameters import list_parameters
from app.maps.basins import job as basins_of
from app.maps.basins.job import (
    COARSE_SIDE,
    MAP_SIDE,
    UNKNOWN_CODE,
    BasinRequest,
    compute_basins,
    get_basin_job,
    make_starts,
)
from app.maps.catalogue import MAP_TYPES
from app.maps.fair_race import job as fair_of
from app.maps.gradient_flow import job as flow_of
from app.maps.hyperparameter_pair import job as pairs_of
from app.maps.learning_rates import job as rates_of
from app.model.scene import Run, optimizer_call, surface_call
from app.scene_text.reader import parse_scene
from app.server import visitor_presence
from optimizers.analysis.continuous_flows import FlowEquation
from tests.support.finished_jobs import POLL_SECONDS, wait_for_job

BOX = ((-5.0, 5.0), (-5.0, 5.0))
REQUEST = BasinRequest(surface_call("himmelblau"), optimizer_call("newton"), None, 30, 0.0, 0, BOX)


def yield_numbers(go_on: Event, numbers: int = 4) -> Iterator[Progress]:
    for i in range(numbers):
        yield Progress((i + 1) / numbers, i)
        go_on.wait(POLL_SECONDS)


def test_a_job_starts_when_it_is_polled_and_publishes_each_result() -> None:
    go_on = Event()
    job = Job(yield_numbers(go_on))
    assert job.status.state == "idle"
    news = job.poll(0, POLL_SECONDS)
    assert (news.state, news.result, news.fraction) == ("working", 0, 0.25)
    assert job.poll(news.version, 0.01) == news  # nothing new: it returns after the timeout
    go_on.set()
    assert wait_for_job(job)[1:] == (1.0, 3, "done")
    assert job.poll(0, POLL_SECONDS)[1:] == (1.0, 3, "done")  # and is not started again


def test_a_job_that_nobody_polls_is_suspended_and_continues_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    monkeypatch.setattr(background_jobs, "POLL_TIMEOUT_SECONDS", -1.0)
    job = Job(yield_numbers(go_on))
    job.poll()
    with job.changed:  # without polling, which would resume it
        assert job.changed.wait_for(lambda: job.status.state == "forgotten", POLL_SECONDS)
    assert job.status[1:] == (0.25, 0, "forgotten")
    monkeypatch.setattr(background_jobs, "POLL_TIMEOUT_SECONDS", POLL_SECONDS)
    assert job.poll().fraction == 0.25
    go_on.set()
    assert wait_for_job(job)[1:] == (1.0, 3, "done")


def test_a_job_that_is_slow_to_have_news_is_waited_for_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the tests wait: a job that was forgotten meanwhile is no job that has ended."""
    monkeypatch.setattr(background_jobs, "POLL_TIMEOUT_SECONDS", 0.05)
    slow = Progress(0.5, None)

    def rest() -> Iterator[Progress]:
        for _ in range(20):
            sleep(0.01)
            yield slow
        yield Progress(1.0, "end")

    assert wait_for_job(Job(rest()))[1:] == (1.0, "end", "done")


def test_a_finished_job_remembers_no_visitors() -> None:
    job = Job(iter([Progress(1.0, "found")]))
    wait_for_job(job)
    for number in range(100):
        assert job.poll(visitor=f"visitor {number}").state == "done"
    assert not job.last_polled


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_a_job_that_raises_has_failed(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Iterator[Progress]:
        yield Progress(0.5, "half")
        raise error("on purpose")

    assert wait_for_job(Job(fail()))[1:] == (0.5, "half", "failed")
    assert "could not be computed" in caplog.text


def test_a_map_is_refined_and_shared_by_all_visitors() -> None:
    published = [p for p in compute_basins(REQUEST) if p.result and UNKNOWN_CODE not in p.result.code]
    strides = list(dict.fromkeys(progress.result.stride for progress in published))
    assert strides == [8, 4, 2, 1]
    assert published[-1].fraction == 1
    coarse, fine = published[0].result, published[-1].result
    is_coarse = np.arange(MAP_SIDE) % (MAP_SIDE // COARSE_SIDE) == 0
    coarse_cells = np.ix_(is_coarse, is_coarse)
    for name in ("code", "step"):  # the first results do not change later
        first, last = (getattr(fates, name).reshape(MAP_SIDE, MAP_SIDE)[coarse_cells] for fates in (coarse, fine))
        np.testing.assert_array_equal(first, last)
    assert get_basin_job(REQUEST) is get_basin_job(REQUEST._replace())
    again = wait_for_job(get_basin_job(REQUEST)).result
    np.testing.assert_array_equal(again.code, fine.code)
    np.testing.assert_array_equal(again.minima, fine.minima)


def test_parts_of_a_slow_first_level_are_shown_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basins_of, "PARTIAL_PICTURE_SECONDS", -1.0)
    results = list(
        {id(p.result): p.result for p in compute_basins(REQUEST) if p.result and p.result.stride == 8}.values()
    )
    is_known = [result.code != UNKNOWN_CODE for result in results]
    counts = [known.sum() for known in is_known]
    assert 0 < counts[0] < counts[-1] == MAP_SIDE**2
    assert counts == sorted(counts)
    for known, result in zip(is_known, results, strict=True):
        for name in ("code", "step"):  # with the numbers of the whole level
            np.testing.assert_array_equal(getattr(result, name)[known], getattr(results[-1], name)[known])


def test_the_starts_are_the_centres_of_squares_that_fill_the_box() -> None:
    x, y = make_starts(((0.0, 256.0), (-1.0, 1.0))).reshape(2, MAP_SIDE, MAP_SIDE)
    np.testing.assert_allclose(x[0], np.arange(MAP_SIDE) + 0.5)
    assert (x == x[0]).all()
    assert (y == y[:, :1]).all()
    assert y[0, 0] == -1 + 1 / MAP_SIDE


# ---- visitors who leave


class EndlessWork:
    """A computation in two tasks that run until `enough` is set."""

    def __init__(self) -> None:
        self.steps = 0
        self.started, self.enough, self.ended = Event(), Event(), Event()

    def run_task(self) -> str:
        try:
            while not self.enough.is_set():
                self.steps += 1
                self.started.set()
                checkpoint()
            return "result"
        finally:
            self.ended.set()

    def compute(self, request: object, queue: Executor) -> Iterator[Progress]:
        progress = Progress(0.0, None)
        for finished_task in background_jobs.run_tasks(queue, iter([(0, self.run_task), (1, self.run_task)])):
            if finished_task:
                progress = Progress(progress.fraction + 0.5, finished_task[1])
            yield progress


def test_a_job_is_suspended_when_its_last_visitor_leaves_and_resumed_when_it_is_polled() -> None:
    """Its items end at their next checkpoint, whatever its driver does: after at most one more step on each core."""
    work = EndlessWork()
    job = make_job(work.compute, None)
    for visitor in "ab":
        job.poll(visitor=visitor)
    assert work.started.wait(POLL_SECONDS)
    job.drop_visitor("a")
    steps = work.steps
    while work.steps < steps + 1000:
        assert not work.ended.is_set(), "b still wants it"
    job.drop_visitor("b")
    steps = work.steps
    assert work.ended.wait(POLL_SECONDS)
    assert becomes_forgotten(job)
    assert work.steps <= steps + 2
    work.enough.set()
    assert wait_for_job(job, "c")[1:] == (1.0, "result", "done")


def test_the_others_who_compute_are_counted_once_each_and_not_after_they_have_left() -> None:
    works = [EndlessWork() for _ in range(3)]
    first, second, shared = jobs = [make_job(work.compute, None) for work in works]
    for job, visitors in zip(jobs, ("ab", "b", "cd"), strict=True):
        for visitor in visitors:
            job.poll(visitor=visitor)
    counts = {visitor: background_jobs.count_other_visitors(visitor) for visitor in "abcde"}
    assert counts == {"a": 3, "b": 2, "c": 2, "d": 2, "e": 4}, "c and d want the same work, and wait for a and b alone"
    for visitor in "ab":
        first.drop_visitor(visitor)
        second.drop_visitor(visitor)
    assert becomes_forgotten(first) and becomes_forgotten(second)
    assert [background_jobs.count_other_visitors(visitor) for visitor in "ac"] == [2, 0]
    works[2].enough.set()
    assert wait_for_job(shared, "c").state == "done"
    assert background_jobs.count_other_visitors("a") == 0


def becomes_forgotten(job: Job) -> bool:
    with job.changed:
        return job.changed.wait_for(lambda: job.status.state == "forgotten", POLL_SECONDS)


def test_a_job_is_suspended_when_its_visitor_disconnects(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver notices it although the visitor has just polled."""
    connected = {"a"}
    runtime = SimpleNamespace(is_active_session=connected.__contains__)
    monkeypatch.setattr(visitor_presence, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: runtime))
    work = EndlessWork()
    job = make_job(work.compute, None)
    job.poll(visitor="a")
    assert work.started.wait(POLL_SECONDS)
    connected.clear()
    assert work.ended.wait(POLL_SECONDS)
    assert becomes_forgotten(job)
    assert visitor_presence.PRESENCE_CHECK_SECONDS <= 0.1


def test_a_job_that_is_evicted_from_its_cache_leaves_nothing_in_the_queue() -> None:
    work = EndlessWork()
    job = make_job(work.compute, None)
    job.poll(visitor="a")
    assert work.started.wait(POLL_SECONDS)
    queue = job.queue
    job.drop_visitor("a")
    assert becomes_forgotten(job)
    assert work.ended.wait(POLL_SECONDS)
    wait([WorkQueue(background_jobs.get_scheduler()).submit(lambda: None)], POLL_SECONDS)
    del job
    gc.collect()
    assert queue is not None and not [item for item in queue.waiting if not item.is_started]


def test_many_heavy_jobs_do_not_block_another_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = [make_job(EndlessWork().compute, None) for _ in range(20)]
    for number, job in enumerate(heavy):
        job.poll(visitor=f"heavy {number}")
    ordinary = EndlessWork()
    ordinary.enough.set()
    assert wait_for_job(make_job(ordinary.compute, None), "ordinary").state == "done"
    for number, job in enumerate(heavy):
        job.drop_visitor(f"heavy {number}")


def test_a_running_script_is_noticed() -> None:
    """It is recognized by the name of Streamlit's thread, which may change in a new version."""

    def script() -> None:
        import streamlit as st  # noqa: PLC0415

        from app.server.visitor_presence import is_new_script_running  # noqa: PLC0415

        st.session_state.running = is_new_script_running()

    assert AppTest.from_function(script).run().session_state.running
    assert not visitor_presence.is_new_script_running()


# ---- results do not depend on chunks or interruptions

SCENE = parse_scene("surface = himmelblau()\nstart = 1,1\nsteps = 30\nrun = momentum(lr=0.01)\n")
RACER = SCENE.runs[0].optimizer


def make_pairs_request() -> Any:
    run = SCENE.runs[0]
    x, y = list_parameters(run)[:2]
    return pairs_of.make_grid_request(SCENE.surface, run, SCENE.start, SCENE.steps, 0.0, 0, x, y)


# Each evaluates at least 200 times in small chunks, so that it can be interrupted ten times.
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
    "pairs": (pairs_of.compute_grid, make_pairs_request),
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


def test_every_kind_of_map_has_a_job_here() -> None:
    assert WORKS.keys() >= MAP_TYPES.keys(), "add a row to WORKS"


def list_leaves(result: Any) -> list[Any]:
    """All arrays and numbers of a result."""
    if isinstance(result, np.ndarray):
        return [result]
    if isinstance(result, tuple):
        return [leaf for part in result for leaf in list_leaves(part)]
    return [] if hasattr(result, "interpolants") else [result]


class InterruptingScheduler(Scheduler):
    """Suspends and resumes its queue at every twentieth checkpoint, ten times."""

    def __init__(self) -> None:
        super().__init__(2)
        self.queue, self.checkpoints, self.interruptions = WorkQueue(self, "a"), 0, 0

    def preempt_if_due(self, item: fair_scheduling.WorkItem) -> None:
        self.checkpoints += item.queue is self.queue
        if self.checkpoints % 20 == 0 and self.interruptions < 10:
            self.interruptions += 1
            self.queue.suspend()
            self.queue.resume("a")
        super().preempt_if_due(item)


@pytest.mark.parametrize("kind", WORKS)
def test_a_map_does_not_depend_on_chunks_and_interruptions(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bits are the same in large chunks, and in small ones that are preempted, aborted and started again."""
    compute, make_request = WORKS[kind]
    monkeypatch.setattr(work_chunks, "FIRST_CHUNK_SIZES", (500, 700))
    *_, expected = compute(make_request())
    monkeypatch.setattr(work_chunks, "FIRST_CHUNK_SIZES", (3, 11))
    monkeypatch.setattr(work_chunks, "CHUNK_SECONDS", 0.01)
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    scheduler = InterruptingScheduler()
    other = WorkQueue(scheduler, "b")
    last = Progress(0.0, None)
    for progress in compute(make_request(), scheduler.queue):
        other.submit(lambda: [checkpoint() for _ in range(10)])
        last = progress
    assert scheduler.interruptions == 10
    scheduler.close()
    assert last.fraction == expected.fraction
    for leaf, expected_leaf in zip(list_leaves(last.result), list_leaves(expected.result), strict=True):
        np.testing.assert_array_equal(leaf, expected_leaf)


def test_jobs_run_after_another_server_of_this_process_has_ended() -> None:
    def add_one(request: int, queue: Executor) -> Iterator[Progress]:
        yield Progress(1.0, queue.submit(lambda: request + 1).result(POLL_SECONDS))

    before = make_job(add_one, 1)
    assert wait_for_job(before).result == 2
    background_jobs.close()
    for job in (make_job(add_one, 6), before):
        assert wait_for_job(job).state == "done"
    assert wait_for_job(make_job(add_one, 6)).result == 7
