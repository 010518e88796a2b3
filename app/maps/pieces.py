"""Long work cut into pieces: how large these may be is told by what those before took, whatever a step costs."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from time import thread_time
from typing import TypeVar

import numpy as np

from app.maps.jobs import finished
from app.maps.turns import pause
from optimizers.nested import Indices
from surfaces.base import Problem
from surfaces.watched import Watched

PIECE = 0.12  # seconds of a processor that a piece should take: so it is told how far the work is, and little is lost
FIRST = 4, 16  # lanes in the first pieces
LEAST = 4  # lanes in a piece, however long they take: it is interrupted anywhere

T = TypeVar("T")


def watched(problem: Problem) -> Problem:
    """The problem, for work that waits for its turn, and ends, wherever it is."""
    return Watched(problem, pause)


class Sizes:
    """How large the next piece may be, by what those of some sizes took."""

    def __init__(self, most: int, first: tuple[int, ...] = FIRST, fixed: int | None = None) -> None:
        """At first they are `first`, in turn; a `fixed` one is the same for all, for work that nothing interrupts."""
        self.most, self.first, self.fixed = most, first, fixed
        self.least: dict[int, float] = {}  # seconds, by the number of lanes
        self.given = 0

    def next(self) -> int:
        sizes = suited(self.least, self.most) if self.least else self.first
        size = self.fixed or min(sizes[self.given % len(sizes)], self.most)
        self.given += 1
        return size

    def took(self, lanes: int, seconds: float) -> None:
        self.least[lanes] = min(seconds, self.least.get(lanes, seconds))


def suited(seconds: Mapping[int, float], most: int) -> tuple[int, int]:
    """Two sizes for the next pieces, in turn, of which such of some sizes took so many `seconds`.

    A piece takes $a + b n$: it is as large as fits into `PIECE`, or, where $a$ alone is much of that, so large that
    half of the time is well spent.
    """
    (few, short), (many, long) = min(seconds.items()), max(seconds.items())
    b = max(long - short, 0.0) / max(many - few, 1) or long / many / 8
    a = max(short - b * few, 0.0)
    size = int(np.clip(max(PIECE - a, a) / max(b, 1e-9), LEAST, max(LEAST, most)))
    return size, max(1, size // 2)


def timed(work: Callable[[Indices], T], lanes: Indices, clock: Callable[[], float]) -> tuple[T, float]:
    """What the work finds, and how long it took."""
    begun = clock()
    return work(lanes), clock() - begun


def piecewise(
    line: Executor | None,
    work: Callable[[Indices], T],
    lanes: Indices,
    sizes: Sizes,
    clock: Callable[[], float] = thread_time,  # what a processor did for this piece: not while it was others' turn
) -> Iterator[tuple[slice, T] | None]:
    """What the work finds of some lanes and which of `lanes` these are, piece by piece; None where there is no news."""

    def jobs() -> Iterator[tuple[slice, Callable[[], tuple[T, float]]]]:
        begin = 0
        while begin < lanes.size:
            cut = slice(begin, min(lanes.size, begin + sizes.next()))
            yield cut, partial(timed, work, lanes[cut], clock)
            begin = cut.stop

    for news in finished(line, jobs()):
        if news:
            cut, (found, seconds) = news
            sizes.took(cut.stop - cut.start, seconds)
            yield cut, found
        else:
            yield None
