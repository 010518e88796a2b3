"""Turns: who is served next, how soon work ends that nobody wants, and that nothing of it is lost."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
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

LONG = 20  # seconds: nothing here waits so long
STEP = 0.005  # seconds on the clock of the tests that a step takes


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hand(clock: Clock) -> Iterator[Scheduler]:
    """One hand, so that the order is a matter of the clock alone."""
    made = Scheduler(1, clock)
    yield made
    made.close()


def steps(clock: Clock, log: list[Any], who: Any, count: int) -> Callable[[], Any]:
    """A piece of so many steps, each of which is logged."""

    def job() -> Any:
        for _ in range(count):
            clock.now += STEP
            log.append(who)
            checkpoint()
        return who

    return job


def at_once(turns: Scheduler, begin: Callable[[], list[Future[Any]]]) -> list[Any]:
    """What the pieces found that `begin` submits, of which none is done before all wait."""
    go_on, hands = Event(), WorkQueue(turns, "first")
    gate = hands.submit(go_on.wait, LONG)
    futures = begin()
    go_on.set()
    wait([gate, *futures], LONG)
    return [future.result(LONG) for future in futures]


def runs_of(log: list[Any]) -> list[tuple[Any, int]]:
    """Who was served, and for how many steps, one after the other."""
    found: list[tuple[Any, int]] = []
    for who in log:
        found = [*found[:-1], (who, found[-1][1] + 1)] if found and found[-1][0] == who else [*found, (who, 1)]
    return found


def test_long_pieces_of_two_visitors_go_on_in_turn(clock: Clock, hand: Scheduler) -> None:
    log: list[Any] = []
    lines = [WorkQueue(hand, who) for who in "ab"]
    found = at_once(hand, lambda: [line.submit(steps(clock, log, *line.visitors, 100)) for line in lines])
    assert found == ["a", "b"]
    assert max(count for _, count in runs_of(log[:150])) <= 2 * SLICE_SECONDS / STEP
    assert 40 <= log[:100].count("a") <= 60, "neither waits for the other's piece to be done"


def test_many_pieces_and_many_works_of_one_visitor_count_as_one(clock: Clock, hand: Scheduler) -> None:
    log: list[Any] = []

    def begin() -> list[Future[Any]]:
        many = [WorkQueue(hand, "many") for _ in range(4)]
        heavy = [line.submit(steps(clock, log, "many", 100)) for line in many for _ in range(3)]
        return [*heavy, WorkQueue(hand, "one").submit(steps(clock, log, "one", 200))]

    at_once(hand, begin)
    served = log[: len(log) - log[::-1].index("one")]  # until the one has all
    assert 0.4 <= served.count("one") / len(served) <= 0.6
    assert max(count for _, count in runs_of(served)) <= 2 * SLICE_SECONDS / STEP


def test_all_works_of_a_visitor_get_on(clock: Clock, hand: Scheduler) -> None:
    log: list[Any] = []

    def begin() -> list[Future[Any]]:
        both = {which: WorkQueue(hand, "a") for which in (1, 2)}
        return [line.submit(steps(clock, log, which, 2)) for which, line in both.items() for _ in range(10)]

    at_once(hand, begin)
    assert abs(log[:20].count(1) - log[:20].count(2)) <= 4


def test_who_is_new_is_served_first_but_not_for_long(clock: Clock, hand: Scheduler) -> None:
    """Somebody has been served for long: another's short work is done before he goes on; his long work is not."""
    log: list[Any] = []
    short, long = int(NEWCOMER_CREDIT_SECONDS / STEP / 2), 300
    new: list[Future[Any]] = []

    def heavy() -> None:
        for _ in range(200):
            steps(clock, log, "heavy", 1)()
        new.append(WorkQueue(hand, "short").submit(steps(clock, log, "short", short)))
        new.append(WorkQueue(hand, "long").submit(steps(clock, log, "long", long)))
        log.clear()
        for _ in range(500):
            steps(clock, log, "heavy", 1)()

    WorkQueue(hand, "heavy").submit(heavy).result(LONG)
    wait(new, LONG)
    waited = log[: log.index("short")].count("heavy")
    assert waited <= SLICE_SECONDS / STEP + 1, "it waits for no more than a moment"
    last = len(log) - 1 - log[::-1].index("short")
    assert log[:last].count("heavy") <= 2 * SLICE_SECONDS / STEP, "its first picture is there before the other goes on"
    last = len(log) - 1 - log[::-1].index("long")
    assert log[:last].count("heavy") >= long / 3, "what takes long takes turns"


def test_a_job_of_two_visitors_has_the_turns_of_both(clock: Clock, hand: Scheduler) -> None:
    line = WorkQueue(hand)
    line.resume("a", "b")
    log: list[Any] = []
    at_once(
        hand, lambda: [f.submit(steps(clock, log, who, 300)) for f, who in ((line, "ab"), (WorkQueue(hand, "c"), "c"))]
    )
    until = log[: len(log) - log[::-1].index("ab")]
    assert 0.55 <= until.count("ab") / len(until) <= 0.8


@pytest.fixture
def two_hands() -> Iterator[Scheduler]:
    made = Scheduler(2)
    yield made
    made.close()


class Endless:
    """A piece that goes on until it is told to end, or to be done."""

    def __init__(self) -> None:
        self.steps, self.begun = 0, 0
        self.works, self.enough, self.ended = Event(), Event(), Event()

    def __call__(self) -> int:
        self.begun += 1
        try:
            while not self.enough.is_set():
                self.steps += 1
                self.works.set()
                checkpoint()
            return self.begun
        finally:
            self.ended.set()


def test_a_piece_that_is_cancelled_ends_at_its_next_pause(two_hands: Scheduler) -> None:
    piece, line = Endless(), WorkQueue(two_hands)
    future = line.submit(piece)
    assert piece.works.wait(LONG)
    assert future.cancel(), "also while it is under way"
    counted = piece.steps
    assert piece.ended.wait(LONG)
    assert piece.steps <= counted + 1
    assert WorkQueue(two_hands).submit(lambda: "next").result(LONG) == "next"
    assert not line.waiting


def test_work_that_is_held_ends_at_once_and_is_done_again_when_it_is_wanted(two_hands: Scheduler) -> None:
    piece, line = Endless(), WorkQueue(two_hands, "a")
    future, later = line.submit(piece), [line.submit(lambda: "later") for _ in range(5)]
    assert piece.works.wait(LONG)
    wait(later, LONG)
    waits = [WorkQueue(two_hands, "b").submit(Endless()) for _ in range(2)]
    line.suspend()
    counted = piece.steps
    assert piece.ended.wait(LONG)
    assert piece.steps <= counted + 1
    assert not future.done()
    queued = line.submit(lambda: "queued")
    assert [line.submit(lambda: None).done() for _ in range(3)] == [False] * 3
    for each in waits:
        each.cancel()
    piece.enough.set()
    line.resume("a")
    assert future.result(LONG) == 2, "the second time"
    assert queued.result(LONG) == "queued"


def test_a_piece_that_waits_for_its_turn_is_left_there(two_hands: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each looks up all the time, so that all are begun and most of them wait."""
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    many = {WorkQueue(two_hands, who): Endless() for who in range(10)}
    futures = {line.submit(piece): (line, piece) for line, piece in many.items()}
    for piece in many.values():
        assert piece.works.wait(LONG)
    for line in list(many)[:5]:
        line.suspend()
    for future in list(futures)[5:]:
        assert future.cancel()
    for piece in many.values():
        assert piece.ended.wait(LONG)
        piece.enough.set()
    assert WorkQueue(two_hands, "other").submit(lambda: 1).result(LONG) == 1
    for line in list(many)[:5]:
        line.resume("a")
    assert [future.result(LONG) for future in list(futures)[:5]] == [2] * 5


def test_no_more_pieces_are_begun_than_there_are_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_scheduling, "MAX_STARTED_ITEMS", 3)
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    few, most = Scheduler(2), 0

    def job() -> int:
        nonlocal most
        for _ in range(50):
            most = max(most, few.started_count)
            checkpoint()
        return 1

    futures = [WorkQueue(few, who).submit(job) for who in range(12) for _ in range(2)]
    assert sum(future.result(LONG) for future in futures) == 24
    assert most <= 3
    few.close()


def test_what_goes_wrong_in_a_piece_is_told_and_its_hand_goes_on(two_hands: Scheduler) -> None:
    def broken() -> None:
        raise ZeroDivisionError("by way of test")

    futures = [WorkQueue(two_hands).submit(broken) for _ in range(5)]
    for future in futures:
        with pytest.raises(ZeroDivisionError, match="by way of test"):
            future.result(LONG)
    assert WorkQueue(two_hands).submit(lambda: 1).result(LONG) == 1


def test_a_reader_who_goes_leaves_nothing_in_the_queue(two_hands: Scheduler) -> None:
    """Also one of whom nobody knows any more, as of work that was put out of a cache."""
    line, endless = WorkQueue(two_hands), [Endless() for _ in range(4)]
    reader = iterate_completed(line, iter(list(enumerate([lambda: -1, *endless]))), 5, poll_seconds=0.01)
    while next(reader) != (0, -1):
        pass
    assert endless[0].works.wait(LONG) and endless[1].works.wait(LONG)
    del reader
    gc.collect()
    assert endless[0].ended.wait(LONG) and endless[1].ended.wait(LONG)
    assert not line.waiting
    assert [piece.begun for piece in endless[2:]] == [0, 0]


@pytest.mark.parametrize("whose", ["a", "b"])
def test_what_the_garbage_collector_cancels_in_the_midst_of_handing_out_takes_no_hand(
    hand: Scheduler, whose: str
) -> None:
    """It closes the readers of forgotten work wherever it runs, in a thread that has the lock, too."""
    go_on, unwanted = Event(), list[Future[Any]]()
    line, clock, most = WorkQueue(hand, "a"), hand.clock, 0

    def collecting() -> float:
        nonlocal most
        if unwanted and not hand.running:  # a piece is about to have the hand
            unwanted.pop().cancel()
        most = max(most, len(hand.running))
        return clock()

    gate = WorkQueue(hand, "gate").submit(go_on.wait, LONG)
    other = line if whose == "a" else WorkQueue(hand, whose)  # which would have the hand next
    first = [line.submit(lambda: "wanted")] if whose == "a" else []
    unwanted.append(other.submit(lambda: "unwanted"))
    wanted = [*first, *(line.submit(lambda: "wanted") for _ in range(3))]
    hand.clock = collecting
    go_on.set()
    assert [future.result(LONG) for future in (gate, *wanted)] == [True, *["wanted"] * len(wanted)]
    assert most <= hand.workers


def test_maps_rest_while_a_script_runs_but_not_for_ever(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the time on the clock that passes while scripts run all the time, some is theirs and some is the maps'."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(fair_scheduling, "sleep", sleep)
    polite = Scheduler(1, clock, is_busy=lambda: True)
    begun, log = clock.now, list[Any]()
    WorkQueue(polite).submit(steps(clock, log, "map", 200)).result(LONG)
    work, whole = 200 * STEP, clock.now - begun
    assert sum(slept) == pytest.approx(whole - work)
    assert 0.1 <= work / whole <= 0.4
    polite.close()


# ---- pieces by time


class Inline(Executor):
    """Does at once what it is given."""

    def submit(self, job: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(job(*given, **named))
        return future


@pytest.mark.parametrize(
    ("a", "b"), [(0.0, 1e-5), (0.005, 1e-6), (0.005, 1e-4), (0.0, 0.01), (0.02, 0.5), (1.0, 0.001), (7.0, 0.4)]
)
def test_a_piece_is_as_large_as_its_time_allows_whatever_a_lane_costs(a: float, b: float, clock: Clock) -> None:
    """A chunk of n lanes takes a + b n; more than `CHUNK_SECONDS` only where a, or the fewest lanes, take as long."""
    taken: list[tuple[int, float]] = []

    def work(lanes: Any) -> Any:
        clock.now += a + b * lanes.size
        taken.append((lanes.size, a + b * lanes.size))
        return lanes

    lanes = np.arange(3000)
    task = LaneTask(work, lanes, ChunkSizer(1000))
    found = {news[1].start: news[2] for news in run_in_chunks(Inline(), task, clock=clock) if news}
    np.testing.assert_array_equal(np.concatenate([found[start] for start in sorted(found)]), lanes)
    assert [size for size, _ in taken[:2]] == list(FIRST_CHUNK_SIZES)
    few = 2 * 2  # as many as are under way before the first is told
    for size, seconds in taken[few:]:
        assert seconds <= 1.3 * max(CHUNK_SECONDS, 2 * a + b, a + b * MIN_CHUNK_SIZE), (size, seconds)
    if b * 1000 < CHUNK_SECONDS:
        assert max(size for size, _ in taken) >= 300, "small pieces of cheap work would cost more than they bring"


def test_work_that_nothing_interrupts_is_of_a_fixed_size() -> None:
    sizes = ChunkSizer(1000, fixed_size=64)
    sizes.record_time(64, 1e-9)
    assert [sizes.next_size() for _ in range(3)] == [64] * 3


def test_pieces_are_timed_without_the_turns_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_scheduling, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(fair_scheduling, "SLICE_SECONDS", 0.0)
    hand, go_on = Scheduler(1), Event()
    other = WorkQueue(hand, "other")

    def work(lanes: Any) -> int:
        waits = other.submit(go_on.wait, 0.3)
        while not waits.done():
            checkpoint()
        return 0

    sizes = ChunkSizer(10)
    found = [news for news in run_in_chunks(WorkQueue(hand, "one"), LaneTask(work, np.arange(1), sizes)) if news]
    assert found == [(0, slice(0, 1), 0)]
    assert sizes.fastest_seconds[1] < 0.15, "0.3 seconds were another's"
    hand.close()
