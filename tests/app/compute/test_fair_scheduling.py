"""The scheduler: which item runs next, how soon cancelled items end, and that no item is lost."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
from itertools import groupby
from threading import Event
from typing import Any

import numpy as np
import pytest

from app.compute import fair_scheduling
from app.compute.fair_scheduling import NEWCOMER_CREDIT_SECONDS, SLICE_SECONDS, Scheduler, WorkQueue, checkpoint
from app.compute.work_chunks import (
    CHUNK_SECONDS,
    FIRST_CHUNK_SIZES,
    MIN_CHUNK_SIZE,
    ChunkSizer,
    LaneTask,
    run_in_chunks,
)
from optimizers.parallel_batch import iterate_completed

LONG = 20  # seconds; nothing here waits so long
STEP = 0.005  # seconds that a step takes on the tests' clock


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def single(clock: Clock) -> Iterator[Scheduler]:
    """A scheduler with one worker, so that the order depends on the clock alone."""
    scheduler = Scheduler(1, clock)
    yield scheduler
    scheduler.close()


def make_task(clock: Clock, log: list[Any], name: Any, steps: int) -> Callable[[], Any]:
    """A task that logs its name at each step and returns it."""

    def run() -> Any:
        for _ in range(steps):
            clock.now += STEP
            log.append(name)
            checkpoint()
        return name

    return run


def run_together(scheduler: Scheduler, submit: Callable[[], list[Future[Any]]]) -> list[Any]:
    """The results of the items that `submit` submits, none of which starts before all are queued."""
    go_on, queue = Event(), WorkQueue(scheduler, "first")
    gate = queue.submit(go_on.wait, LONG)
    futures = submit()
    go_on.set()
    wait([gate, *futures], LONG)
    return [future.result(LONG) for future in futures]


def list_turns(log: list[Any]) -> list[tuple[Any, int]]:
    """The name and the number of steps of each turn."""
    return [(name, len(list(steps))) for name, steps in groupby(log)]


def test_long_items_of_two_visitors_take_turns(clock: Clock, single: Scheduler) -> None:
    log: list[Any] = []
    queues = [WorkQueue(single, visitor) for visitor in "ab"]
    results = run_together(single, lambda: [q.submit(make_task(clock, log, *q.visitors, 100)) for q in queues])
    assert results == ["a", "b"]
    assert max(count for _, count in list_turns(log[:150])) <= 2 * SLICE_SECONDS / STEP
    assert 40 <= log[:100].count("a") <= 60, "neither waits for the end of the other's item"


def test_a_visitor_with_many_items_and_jobs_gets_no_more_time_than_another(clock: Clock, single: Scheduler) -> None:
    log: list[Any] = []

    def submit() -> list[Future[Any]]:
        queues = [WorkQueue(single, "many") for _ in range(4)]
        futures = [queue.submit(make_task(clock, log, "many", 100)) for queue in queues for _ in range(3)]
        return [*futures, WorkQueue(single, "one").submit(make_task(clock, log, "one", 200))]

    run_together(single, submit)
    served = log[: len(log) - log[::-1].index("one")]  # until "one" is finished
    assert 0.4 <= served.count("one") / len(served) <= 0.6
    assert max(count for _, count in list_turns(served)) <= 2 * SLICE_SECONDS / STEP


def test_all_jobs_of_a_visitor_advance(clock: Clock, single: Scheduler) -> None:
    log: list[Any] = []

    def submit() -> list[Future[Any]]:
        queues = {number: WorkQueue(single, "a") for number in (1, 2)}
        return [q.submit(make_task(clock, log, number, 2)) for number, q in queues.items() for _ in range(10)]

    run_together(single, submit)
    assert abs(log[:20].count(1) - log[:20].count(2)) <= 4


def test_a_new_visitor_is_served_first_but_not_for_long(clock: Clock, single: Scheduler) -> None:
    """A newcomer's short item is finished before a visitor's next turn, a long item is not."""
    log: list[Any] = []
    short, long = int(NEWCOMER_CREDIT_SECONDS / STEP / 2), 300
    futures: list[Future[Any]] = []

    def run_heavy() -> None:
        for _ in range(200):
            make_task(clock, log, "heavy", 1)()
        futures.append(WorkQueue(single, "short").submit(make_task(clock, log, "short", short)))
        futures.append(WorkQueue(single, "long").submit(make_task(clock, log, "long", long)))
        log.clear()
        for _ in range(500):
            make_task(clock, log, "heavy", 1)()

    WorkQueue(single, "heavy").submit(run_heavy).result(LONG)
    wait(futures, LONG)
    waited = log[: log.index("short")].count("heavy")
    assert waited <= SLICE_SECONDS / STEP + 1, "it waits for one turn at most"
    last = len(log) - 1 - log[::-1].index("short")
    assert log[:last].count("heavy") <= 2 * SLICE_SECONDS / STEP, "the short item is finished first"
    last = len(log) - 1 - log[::-1].index("long")
    assert log[:last].count("heavy") >= long / 3, "the long item takes turns"


def test_a_job_of_two_visitors_has_the_turns_of_both(clock: Clock, single: Scheduler) -> None:
    shared, other = WorkQueue(single), WorkQueue(single, "c")
    shared.resume("a", "b")
    log: list[Any] = []
    queues = {"ab": shared, "c": other}
    run_together(single, lambda: [queue.submit(make_task(clock, log, name, 300)) for name, queue in queues.items()])
    served = log[: len(log) - log[::-1].index("ab")]
    assert 0.55 <= served.count("ab") / len(served) <= 0.8


@pytest.fixture
def double() -> Iterator[Scheduler]:
    """A scheduler with two workers."""
    scheduler = Scheduler(2)
    yield scheduler
    scheduler.close()


class EndlessTask:
    """A task that runs until `enough` is set; it returns how many times it was started."""

    def __init__(self) -> None:
        self.steps, self.start_count = 0, 0
        self.started, self.enough, self.ended = Event(), Event(), Event()

    def __call__(self) -> int:
        self.start_count += 1
        try:
            while not self.enough.is_set():
                self.steps += 1
                self.started.set()
                checkpoint()
            return self.start_count
        finally:
            self.ended.set()


def test_a_cancelled_item_ends_at_its_next_checkpoint(double: Scheduler) -> None:
    task, queue = EndlessTask(), WorkQueue(double)
    future = queue.submit(task)
    assert task.started.wait(LONG)
    assert future.cancel(), "although it is running"
    steps = task.steps
    assert task.ended.wait(LONG)
    assert task.steps <= steps + 1
    assert WorkQueue(double).submit(lambda: "next").result(LONG) == "next"
    assert not queue.waiting


def test_suspended_items_are_aborted_and_start_again_when_resumed(double: Scheduler) -> None:
    task, queue = EndlessTask(), WorkQueue(double, "a")
    future, later = queue.submit(task), [queue.submit(lambda: "later") for _ in range(5)]
    assert task.started.wait(LONG)
    wait(later, LONG)
    others = [WorkQueue(double, "b").submit(EndlessTask()) for _ in range(2)]
    queue.suspend()
    steps = task.steps
    assert task.ended.wait(LONG)
    assert task.steps <= steps + 1
    assert not future.done()
    queued = queue.submit(lambda: "queued")
    assert [queue.submit(lambda: None).done() for _ in range(3)] == [False] * 3
    for other in others:
        other.cancel()
    task.enough.set()
    queue.resume("a")
    assert future.result(LONG) == 2, "the second time"
    assert queued.result(LONG) == "queued"


def test_a_waiting_item_can_be_aborted_and_cancelled(double: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a turn at each checkpoint, so that all are started and most of them wait."""
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    tasks = {WorkQueue(double, visitor): EndlessTask() for visitor in range(10)}
    futures = [queue.submit(task) for queue, task in tasks.items()]
    for task in tasks.values():
        assert task.started.wait(LONG)
    for queue in list(tasks)[:5]:
        queue.suspend()
    for future in futures[5:]:
        assert future.cancel()
    for task in tasks.values():
        assert task.ended.wait(LONG)
        task.enough.set()
    assert WorkQueue(double, "other").submit(lambda: 1).result(LONG) == 1
    for queue in list(tasks)[:5]:
        queue.resume("a")
    assert [future.result(LONG) for future in futures[:5]] == [2] * 5


def test_no_more_items_are_started_than_there_are_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_scheduling, "MAX_STARTED_ITEMS", 3)
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    scheduler, largest_count = Scheduler(2), 0

    def run() -> int:
        nonlocal largest_count
        for _ in range(50):
            largest_count = max(largest_count, scheduler.started_count)
            checkpoint()
        return 1

    futures = [WorkQueue(scheduler, visitor).submit(run) for visitor in range(12) for _ in range(2)]
    assert sum(future.result(LONG) for future in futures) == 24
    assert largest_count <= 3
    scheduler.close()


def test_an_exception_in_an_item_is_passed_on_and_its_worker_continues(double: Scheduler) -> None:
    def fail() -> None:
        raise ZeroDivisionError("on purpose")

    futures = [WorkQueue(double).submit(fail) for _ in range(5)]
    for future in futures:
        with pytest.raises(ZeroDivisionError, match="on purpose"):
            future.result(LONG)
    assert WorkQueue(double).submit(lambda: 1).result(LONG) == 1


def test_a_generator_that_is_closed_leaves_nothing_in_the_queue(double: Scheduler) -> None:
    """Nor one that the garbage collector closes, as of a job that was evicted from a cache."""
    queue, tasks = WorkQueue(double), [EndlessTask() for _ in range(4)]
    completed = iterate_completed(queue, iter(list(enumerate([lambda: -1, *tasks]))), 5, poll_seconds=0.01)
    while next(completed) != (0, -1):
        pass
    assert tasks[0].started.wait(LONG) and tasks[1].started.wait(LONG)
    del completed
    gc.collect()
    assert tasks[0].ended.wait(LONG) and tasks[1].ended.wait(LONG)
    assert not queue.waiting
    assert [task.start_count for task in tasks[2:]] == [0, 0]


@pytest.mark.parametrize("visitor", ["a", "b"])
def test_an_item_that_is_cancelled_during_dispatch_gets_no_worker(single: Scheduler, visitor: str) -> None:
    """The garbage collector cancels forgotten work wherever it runs, also in a thread that holds the lock."""
    go_on, unwanted = Event(), list[Future[Any]]()
    queue, read_clock, largest_count = WorkQueue(single, "a"), single.clock, 0

    def read_clock_and_collect() -> float:
        nonlocal largest_count
        if unwanted and not single.running:  # an item is about to get the worker
            unwanted.pop().cancel()
        largest_count = max(largest_count, len(single.running))
        return read_clock()

    gate = WorkQueue(single, "gate").submit(go_on.wait, LONG)
    other = queue if visitor == "a" else WorkQueue(single, visitor)  # would be served next
    first = [queue.submit(lambda: "wanted")] if visitor == "a" else []
    unwanted.append(other.submit(lambda: "unwanted"))
    wanted = [*first, *(queue.submit(lambda: "wanted") for _ in range(3))]
    single.clock = read_clock_and_collect
    go_on.set()
    assert [future.result(LONG) for future in (gate, *wanted)] == [True, *["wanted"] * len(wanted)]
    assert largest_count <= single.workers


def test_items_rest_while_a_script_runs_but_not_for_ever(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """While scripts run all the time, items work for a part of the time and rest for the other."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(fair_scheduling, "sleep", sleep)
    scheduler = Scheduler(1, clock, is_busy=lambda: True)
    start, log = clock.now, list[Any]()
    WorkQueue(scheduler).submit(make_task(clock, log, "map", 200)).result(LONG)
    work, duration = 200 * STEP, clock.now - start
    assert sum(slept) == pytest.approx(duration - work)
    assert 0.1 <= work / duration <= 0.4
    scheduler.close()


# ---- sizes of chunks


class SynchronousExecutor(Executor):
    """Runs a task in `submit`."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **keywords))
        return future


@pytest.mark.parametrize(
    ("a", "b"), [(0.0, 1e-5), (0.005, 1e-6), (0.005, 1e-4), (0.0, 0.01), (0.02, 0.5), (1.0, 0.001), (7.0, 0.4)]
)
def test_a_chunk_takes_its_time_whatever_a_lane_costs(a: float, b: float, clock: Clock) -> None:
    """A chunk of n lanes takes a + b n; more than `CHUNK_SECONDS` only if a, or the smallest chunk, takes as long."""
    chunks: list[tuple[int, float]] = []

    def work(lanes: Any) -> Any:
        clock.now += a + b * lanes.size
        chunks.append((lanes.size, a + b * lanes.size))
        return lanes

    lanes = np.arange(3000)
    task = LaneTask(work, lanes, ChunkSizer(1000))
    finished = filter(None, run_in_chunks(SynchronousExecutor(), task, clock=clock))
    results = {chunk.start: result for _, chunk, result in finished}
    np.testing.assert_array_equal(np.concatenate([results[start] for start in sorted(results)]), lanes)
    assert [size for size, _ in chunks[:2]] == list(FIRST_CHUNK_SIZES)
    for size, seconds in chunks[4:]:  # four are submitted before the first result is recorded
        assert seconds <= 1.3 * max(CHUNK_SECONDS, 2 * a + b, a + b * MIN_CHUNK_SIZE), (size, seconds)
    if b * 1000 < CHUNK_SECONDS:
        assert max(size for size, _ in chunks) >= 300, "small chunks of cheap work would be slow"


def test_a_fixed_chunk_size_ignores_the_times() -> None:
    sizer = ChunkSizer(1000, fixed_size=64)
    sizer.record_time(64, 1e-9)
    assert [sizer.next_size() for _ in range(3)] == [64] * 3


def test_chunks_are_timed_without_the_turns_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    scheduler, go_on = Scheduler(1), Event()
    other = WorkQueue(scheduler, "other")

    def work(lanes: Any) -> int:
        waiting = other.submit(go_on.wait, 0.3)
        while not waiting.done():
            checkpoint()
        return 0

    sizer = ChunkSizer(10)
    chunks = run_in_chunks(WorkQueue(scheduler, "one"), LaneTask(work, np.arange(1), sizer))
    assert list(filter(None, chunks)) == [(0, slice(0, 1), 0)]
    assert sizer.fastest_seconds[1] < 0.15, "0.3 seconds were another's"
    scheduler.close()
