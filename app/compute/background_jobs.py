"""Long work: done in the background, told while it grows, left when nobody asks after it any more.

The page never waits for it: it asks what there is and shows that. Whoever asks the same question has the same work,
so that nobody can stop it for others: who does not want more of it leaves. What nobody wants is held at once, wherever
it is, and goes on when it is asked after again.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cache, lru_cache, partial
from threading import Condition, Event
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from app.compute.fair_scheduling import Scheduler, WorkQueue
from app.server.visitor_presence import PRESENCE_CHECK_SECONDS, is_connected, is_new_script_running
from optimizers.parallel_batch import CORES, TILES_PER_WORKER, iterate_completed

log = logging.getLogger(__name__)
server_closing = Event()  # the server ends
P = TypeVar("P")
Q = TypeVar("Q")
T = TypeVar("T")

FINISHED_STATES = "done", "failed"
MAX_RUNNING_JOBS = 64  # pieces of long work that go on at once, each with a thread that waits for its parts
POLL_TIMEOUT_SECONDS = (
    3.0  # seconds after which nobody asks any more: a browser that is there asks several times in a second
)


class Progress(NamedTuple):
    """What has been found so far: replaced by what is found next, never changed."""

    fraction: float  # of the whole work
    result: Any


class JobStatus(NamedTuple):
    """What there is to say of a piece of work."""

    version: int  # of what was found; 0 for nothing yet
    fraction: float
    result: Any
    state: str  # idle, working, forgotten, done or failed


class Job:
    """A piece of work, begun when it is first asked after; what is left of it waits while nobody wants it."""

    def __init__(self, progress: Iterator[Progress], queue: WorkQueue | None = None) -> None:
        """`queue` is where the work has its pieces done. The same `Progress` again says that there is nothing new."""
        self.progress, self.queue = progress, queue
        self.status = JobStatus(0, 0.0, None, "idle")
        self.changed = Condition()
        self.last_polled: dict[Hashable, float] = {}  # by whom, and when it was the last time

    def poll(self, seen_version: int = 0, timeout: float = 0.0, visitor: Hashable = None) -> JobStatus:
        """What there is to say; it waits so many seconds for more than `seen_version`, at first for something to show.

        Work that was forgotten goes on.
        """
        with self.changed:
            if self.status.state in FINISHED_STATES:
                self.last_polled.clear()  # it stays in a cache, and whoever comes to see it would stay too
                return self.status
            new = visitor not in self.last_polled
            self.last_polled[visitor] = monotonic()
            begins = self.status.state in ("idle", "forgotten")
            if self.queue and (new or begins):
                self.queue.resume(*self.last_polled)
            if begins:
                self.status = self.status._replace(state="working")
                get_job_threads().submit(self.run)
            self.changed.wait_for(lambda: self.has_update(seen_version), timeout)
            return self.status

    def drop_visitor(self, visitor: Hashable = None) -> None:
        """The visitor wants no more of it."""
        with self.changed:
            if self.last_polled.pop(visitor, None) is not None and self.queue:
                if self.last_polled:
                    self.queue.resume(*self.last_polled)
                else:
                    self.queue.suspend()

    def has_update(self, seen_version: int) -> bool:
        news = self.status
        return news.state != "working" or (
            news.version > seen_version and (seen_version > 0 or news.result is not None)
        )

    def run(self) -> None:
        """On with the work until it is done, or until nobody wants it."""
        try:
            last = None
            for progress in self.progress:
                with self.changed:
                    state = "working" if self.has_visitors() else "forgotten"
                    if progress is not last or state != "working":
                        self.publish(*progress, state)
                    if state != "working":
                        return
                last = progress
            self.publish(self.status.fraction, self.status.result, "done")
        except BaseException:  # whatever came out of a piece: else it would be at work for ever
            log.exception("a map could not be computed")
            self.publish(self.status.fraction, self.status.result, "failed")

    def has_visitors(self) -> bool:
        """Those who went are forgotten; is somebody left? If not, the work is held."""
        now = monotonic()
        here = {
            v: when for v, when in self.last_polled.items() if now - when <= POLL_TIMEOUT_SECONDS and is_connected(v)
        }
        here = {} if server_closing.is_set() else here
        if len(here) < len(self.last_polled):
            self.last_polled = here
            if self.queue and here:
                self.queue.resume(*here)
        if self.queue and not here:
            self.queue.suspend()
        return bool(here)

    def publish(self, fraction: float, result: Any, state: str) -> None:
        with self.changed:
            self.status = JobStatus(self.status.version + 1, fraction, result, state)
            self.changed.notify_all()


@cache
def get_job_threads() -> ThreadPoolExecutor:
    """The threads that hold the work together; they mostly wait for those that compute."""
    return ThreadPoolExecutor(MAX_RUNNING_JOBS, "map")


@cache
def get_scheduler() -> Scheduler:
    """The hands that compute, for all visitors in turn: as many as there are cores."""
    return Scheduler(CORES, is_busy=is_new_script_running)


def make_job(compute: Callable[[Q, Executor], Iterator[Progress]], request: Q) -> Job:
    """The work that answers a question, its pieces in a line of their own."""
    line = WorkQueue(get_scheduler())
    return Job(compute(request, line), line)


def make_job_cache(compute: Callable[[Q, Executor], Iterator[Progress]], max_jobs: int = 64) -> Callable[[Q], Job]:
    """A function that returns the job of a request: for all visitors the same one, with what it has computed."""
    return lru_cache(max_jobs)(partial(make_job, compute))


def run_tasks(
    queue: Executor | None, tasks: Iterator[tuple[P, Callable[[], T]]], limit: int = TILES_PER_WORKER * CORES
) -> Iterator[tuple[P, T] | None]:
    """What each job found, as it is finished, with its place; None from time to time where nothing is."""
    return iterate_completed(queue or WorkQueue(get_scheduler()), tasks, limit, poll_seconds=PRESENCE_CHECK_SECONDS)


def close() -> None:
    """The server ends, and all work with it; a new one in the same process, as in tests, begins anew."""
    server_closing.set()
    get_scheduler().close()
    get_job_threads().shutdown()
    get_job_threads.cache_clear()
    server_closing.clear()
