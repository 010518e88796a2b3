"""Long work: done in the background, told while it grows, left when nobody asks after it any more.

The page never waits for it: it asks what there is and shows that. Whoever asks the same question has the same work,
so that nobody can stop it for others: who does not want more of it leaves. What nobody wants is held at once, wherever
it is, and goes on when it is asked after again.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import cache
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

    share: float  # of the whole work
    found: Any


class JobStatus(NamedTuple):
    """What there is to say of a piece of work."""

    number: int  # of what was found; 0 for nothing yet
    share: float
    found: Any
    state: str  # idle, working, forgotten, done or failed


class Job:
    """A piece of work, begun when it is first asked after; what is left of it waits while nobody wants it."""

    def __init__(self, work: Iterator[Progress], line: WorkQueue | None = None) -> None:
        """`line` is where the work has its pieces done. The same `Progress` again says that there is nothing new."""
        self.work, self.line = work, line
        self.news = JobStatus(0, 0.0, None, "idle")
        self.changed = Condition()
        self.asked: dict[Hashable, float] = {}  # by whom, and when it was the last time

    def ask(self, seen: int = 0, patience: float = 0.0, visitor: Hashable = None) -> JobStatus:
        """What there is to say; it waits so many seconds for more than `seen`, at first for something to show.

        Work that was forgotten goes on.
        """
        with self.changed:
            if self.news.state in FINISHED_STATES:
                self.asked.clear()  # it stays in a cache, and whoever comes to see it would stay too
                return self.news
            new = visitor not in self.asked
            self.asked[visitor] = monotonic()
            begins = self.news.state in ("idle", "forgotten")
            if self.line and (new or begins):
                self.line.resume(*self.asked)
            if begins:
                self.news = self.news._replace(state="working")
                get_job_threads().submit(self.drive)
            self.changed.wait_for(lambda: self.is_news(seen), patience)
            return self.news

    def leave(self, visitor: Hashable = None) -> None:
        """The visitor wants no more of it."""
        with self.changed:
            if self.asked.pop(visitor, None) is not None and self.line:
                if self.asked:
                    self.line.resume(*self.asked)
                else:
                    self.line.hold()

    def is_news(self, seen: int) -> bool:
        news = self.news
        return news.state != "working" or (news.number > seen and (seen > 0 or news.found is not None))

    def drive(self) -> None:
        """On with the work until it is done, or until nobody wants it."""
        try:
            last = None
            for progress in self.work:
                with self.changed:
                    state = "working" if self.is_wanted() else "forgotten"
                    if progress is not last or state != "working":
                        self.tell(*progress, state)
                    if state != "working":
                        return
                last = progress
            self.tell(self.news.share, self.news.found, "done")
        except BaseException:  # whatever came out of a piece: else it would be at work for ever
            log.exception("a map could not be computed")
            self.tell(self.news.share, self.news.found, "failed")

    def is_wanted(self) -> bool:
        """Those who went are forgotten; is somebody left? If not, the work is held."""
        now = monotonic()
        here = {v: when for v, when in self.asked.items() if now - when <= POLL_TIMEOUT_SECONDS and is_connected(v)}
        here = {} if server_closing.is_set() else here
        if len(here) < len(self.asked):
            self.asked = here
            if self.line and here:
                self.line.resume(*here)
        if self.line and not here:
            self.line.hold()
        return bool(here)

    def tell(self, share: float, found: Any, state: str) -> None:
        with self.changed:
            self.news = JobStatus(self.news.number + 1, share, found, state)
            self.changed.notify_all()


@cache
def get_job_threads() -> ThreadPoolExecutor:
    """The threads that hold the work together; they mostly wait for those that compute."""
    return ThreadPoolExecutor(MAX_RUNNING_JOBS, "map")


@cache
def get_scheduler() -> Scheduler:
    """The hands that compute, for all visitors in turn: as many as there are cores."""
    return Scheduler(CORES, busy=is_new_script_running)


def make_job(work: Callable[[Q, Executor], Iterator[Progress]], question: Q) -> Job:
    """The work that answers a question, its pieces in a line of their own."""
    line = WorkQueue(get_scheduler())
    return Job(work(question, line), line)


def run_tasks(
    line: Executor | None, jobs: Iterator[tuple[P, Callable[[], T]]], most: int = TILES_PER_WORKER * CORES
) -> Iterator[tuple[P, T] | None]:
    """What each job found, as it is finished, with its place; None from time to time where nothing is."""
    return iterate_completed(line or WorkQueue(get_scheduler()), jobs, most, patience=PRESENCE_CHECK_SECONDS)


def close() -> None:
    """The server ends, and all work with it; a new one in the same process, as in tests, begins anew."""
    server_closing.set()
    get_scheduler().close()
    get_job_threads().shutdown()
    get_job_threads.cache_clear()
    server_closing.clear()
