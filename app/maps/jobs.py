"""Long work: done in the background, told while it grows, left when nobody asks after it any more.

The page never waits for it: it asks what there is and shows that. Whoever asks the same question has the same work,
so that nobody can stop it: who does not want more of it asks no more.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Condition
from time import monotonic
from typing import Any, NamedTuple

log = logging.getLogger(__name__)

DRIVERS = 8  # pieces of work that go on at once; the others wait for their turn
PATIENCE = 3.0  # seconds after which nobody asks any more: a browser that is there asks several times in a second


class Progress(NamedTuple):
    """What has been found so far: replaced by what is found next, never changed."""

    share: float  # of the whole work
    found: Any


class News(NamedTuple):
    """What there is to say of a piece of work."""

    number: int  # of what was found; 0 for nothing yet
    share: float
    found: Any
    state: str  # idle, working, forgotten, done or failed


class Job:
    """A piece of work, begun when it is first asked after; what is left of it waits while nobody wants it."""

    def __init__(self, work: Iterator[Progress]) -> None:
        self.work = work
        self.news = News(0, 0.0, None, "idle")
        self.changed = Condition()
        self.asked = 0.0

    def ask(self, seen: int = 0, patience: float = 0.0) -> News:
        """What there is to say; it waits so many seconds for more than `seen`, at first for something to show.

        Work that was forgotten goes on.
        """
        with self.changed:
            self.asked = monotonic()
            if self.news.state in ("idle", "forgotten"):
                self.news = self.news._replace(state="working")
                drivers().submit(self.drive)
            self.changed.wait_for(lambda: self.is_news(seen), patience)
            return self.news

    def is_news(self, seen: int) -> bool:
        news = self.news
        return news.state != "working" or (news.number > seen and (seen > 0 or news.found is not None))

    def drive(self) -> None:
        """On with the work until it is done, or until nobody wants it."""
        try:
            for progress in self.work:
                state = "forgotten" if monotonic() - self.asked > PATIENCE else "working"
                self.tell(*progress, state)
                if state != "working":
                    return
            self.tell(self.news.share, self.news.found, "done")
        except Exception:
            log.exception("a map could not be computed")
            self.tell(self.news.share, self.news.found, "failed")

    def tell(self, share: float, found: Any, state: str) -> None:
        with self.changed:
            self.news = News(self.news.number + 1, share, found, state)
            self.changed.notify_all()


@cache
def drivers() -> ThreadPoolExecutor:
    """The threads that hold the work together; they mostly wait for those that compute."""
    return ThreadPoolExecutor(DRIVERS, "map")
