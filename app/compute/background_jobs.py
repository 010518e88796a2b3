"""Long computations in the background, with partial results; suspended while nobody polls them.

The page never waits for a job: it polls, and shows what there is. Identical requests share one job, which no visitor
can stop for the others. A job without visitors is suspended at once, and continues when it is polled again.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cache, lru_cache, partial
from math import inf
from threading import Condition, Event
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from app.compute.fair_scheduling import Scheduler, WorkQueue
from app.server.visitor_presence import PRESENCE_CHECK_SECONDS, is_connected, is_new_script_running
from optimizers.parallel_batch import CORES, TILES_PER_WORKER, iterate_completed

log = logging.getLogger(__name__)
server_closing = Event()
P = TypeVar("P")
Q = TypeVar("Q")
T = TypeVar("T")

FINISHED_STATES = "done", "failed"
MAX_RUNNING_JOBS = 64  # each with a thread that mostly waits for its items
POLL_TIMEOUT_SECONDS = 3.0  # after which a visitor counts as gone: a browser polls several times in a second


class Progress(NamedTuple):
    """A partial result; the next one replaces it, and none is ever changed."""

    fraction: float  # of the work that is done
    result: Any


class JobStatus(NamedTuple):
    version: int  # of the result; 0 if there is none yet
    fraction: float
    result: Any
    state: str  # idle, working, forgotten, done or failed


jobs_with_threads: set["Job"] = set()  # those that are working


class Job:
    """A computation that starts when it is first polled, and is suspended while it has no visitors."""

    def __init__(self, progress: Iterator[Progress], queue: WorkQueue | None = None) -> None:
        """`queue` runs the items of the computation. Yielding the same `Progress` again means that nothing is new."""
        self.progress, self.queue = progress, queue
        self.status = JobStatus(0, 0.0, None, "idle")
        self.changed = Condition()
        self.last_polled: dict[Hashable, float] = {}  # time of the last poll, by visitor

    def poll(self, seen_version: int = 0, timeout: float = 0.0, visitor: Hashable = None) -> JobStatus:
        """Start or resume the job, and return its status: after `timeout` or once it is newer than `seen_version`."""
        with self.changed:
            if self.status.state in FINISHED_STATES:
                self.last_polled.clear()  # the job stays in a cache, and would remember every visitor who looks at it
                return self.status
            is_new_visitor = visitor not in self.last_polled
            self.last_polled[visitor] = monotonic()
            must_start = self.status.state in ("idle", "forgotten")
            if self.queue and (is_new_visitor or must_start):
                self.queue.resume(*self.last_polled)
            if must_start:
                self.status = self.status._replace(state="working")
                jobs_with_threads.add(self)
                get_job_threads().submit(self.run)
            self.changed.wait_for(lambda: self.has_update(seen_version), timeout)
            return self.status

    def drop_visitor(self, visitor: Hashable = None) -> None:
        with self.changed:
            if self.last_polled.pop(visitor, None) is not None and self.queue:
                if self.last_polled:
                    self.queue.resume(*self.last_polled)
                else:
                    self.queue.suspend()

    def has_update(self, seen_version: int) -> bool:
        """Whether there is news. The first news must have a result to show, unless the job has stopped."""
        version, _, result, state = self.status
        return state != "working" or (version > seen_version and (seen_version > 0 or result is not None))

    def run(self) -> None:
        """Compute until the job is finished or has no visitors."""
        try:
            last = None
            for progress in self.progress:
                with self.changed:
                    state = "working" if self.forget_absent_visitors() else "forgotten"
                    if progress is not last or state != "working":
                        self.publish(*progress, state)
                    if state != "working":
                        return
                last = progress
            self.publish(self.status.fraction, self.status.result, "done")
        except BaseException:  # of any kind, or the job would seem to work for ever
            log.exception("a map could not be computed")
            self.publish(self.status.fraction, self.status.result, "failed")

    def forget_absent_visitors(self) -> bool:
        """Forget the visitors who have gone, and suspend the queue if all have; return whether somebody is left."""
        oldest = inf if server_closing.is_set() else monotonic() - POLL_TIMEOUT_SECONDS
        present = {v: polled for v, polled in self.last_polled.items() if polled >= oldest and is_connected(v)}
        has_lost_visitors = len(present) < len(self.last_polled)
        self.last_polled = present
        if self.queue and not present:
            self.queue.suspend()
        elif self.queue and has_lost_visitors:
            self.queue.resume(*present)
        return bool(present)

    def publish(self, fraction: float, result: Any, state: str) -> None:
        with self.changed:
            if state != "working":
                jobs_with_threads.discard(self)
            self.status = JobStatus(self.status.version + 1, fraction, result, state)
            self.changed.notify_all()


def count_other_visitors(visitor: Hashable) -> int:
    """The other visitors whose jobs are working now: all cores serve each of them in turn. Of a shared job, nobody."""
    wanted = [tuple(job.last_polled) for job in tuple(jobs_with_threads)]
    return len({other for visitors in wanted if visitor not in visitors for other in visitors})


@cache
def get_job_threads() -> ThreadPoolExecutor:
    """The threads that drive the jobs; they mostly wait for the scheduler's."""
    return ThreadPoolExecutor(MAX_RUNNING_JOBS, "map")


@cache
def get_scheduler() -> Scheduler:
    """The scheduler of all visitors' items, with as many workers as there are cores."""
    return Scheduler(CORES, is_busy=is_new_script_running)


def make_job(compute: Callable[[Q, Executor], Iterator[Progress]], request: Q) -> Job:
    """A job that computes the answer to a request, with a queue of its own."""
    queue = WorkQueue(get_scheduler())
    return Job(compute(request, queue), queue)


def make_job_cache(compute: Callable[[Q, Executor], Iterator[Progress]], max_jobs: int = 64) -> Callable[[Q], Job]:
    """A function that returns the job of a request: for all visitors the same one, with what it has computed."""
    return lru_cache(max_jobs)(partial(make_job, compute))


def run_tasks(
    queue: Executor | None, tasks: Iterator[tuple[P, Callable[[], T]]], limit: int = TILES_PER_WORKER * CORES
) -> Iterator[tuple[P, T] | None]:
    """The key and the result of each task as it finishes; None from time to time while none does."""
    return iterate_completed(queue or WorkQueue(get_scheduler()), tasks, limit, poll_seconds=PRESENCE_CHECK_SECONDS)


def close() -> None:
    """Stop all jobs as the server ends. A new server in the same process, as in tests, can start new ones."""
    server_closing.set()
    get_scheduler().close()
    get_job_threads().shutdown()
    get_job_threads.cache_clear()
    server_closing.clear()
