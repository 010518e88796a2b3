"""Long work cut into pieces: how large these may be is told by what those before took, whatever a step costs."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from time import thread_time
from typing import Any, NamedTuple

import numpy as np

from app.compute.background_jobs import run_tasks
from app.compute.fair_scheduling import checkpoint
from optimizers.analysis.grid_refinement import Indices
from surfaces.base import Problem
from surfaces.observers.interruption import InterruptibleProblem

CHUNK_SECONDS = (
    0.12  # seconds of a processor that a piece should take: so it is told how far the work is, and little is lost
)
FIRST_CHUNK_SIZES = 4, 32  # lanes in the first pieces, in turn: far enough apart to see what a lane costs beside a step
WHOLE_REST_FRACTION = 0.8  # of what is left: a piece of more is all of it
MIN_CHUNK_SIZE = 4  # lanes in a piece, however long they take: it is interrupted anywhere


def make_interruptible(problem: Problem) -> Problem:
    """The problem, for work that waits for its turn, and ends, wherever it is."""
    return InterruptibleProblem(problem, checkpoint)


class ChunkSizer:
    """How large the next piece may be, by what those of some sizes took."""

    def __init__(self, max_size: int, first_sizes: tuple[int, ...] = (), fixed_size: int | None = None) -> None:
        """At first `first_sizes`, in turn. `fixed_size` is the same for all, for work that nothing interrupts."""
        self.max_size, self.first_sizes, self.fixed_size = max_size, first_sizes or FIRST_CHUNK_SIZES, fixed_size
        self.fastest_seconds: dict[int, float] = {}  # seconds, by the number of lanes
        self.chunk_count = 0

    def next_size(self) -> int:
        """That of the next piece."""
        if self.fixed_size:
            return self.fixed_size
        self.chunk_count += 1
        return (
            suggest_chunk_size(self.fastest_seconds, self.max_size)
            if self.fastest_seconds
            else self.first_sizes[(self.chunk_count - 1) % len(self.first_sizes)]
        )

    def record_time(self, lanes: int, seconds: float) -> None:
        self.fastest_seconds[lanes] = min(seconds, self.fastest_seconds.get(lanes, seconds))


def suggest_chunk_size(seconds: Mapping[int, float], max_size: int) -> int:
    """The size of the next piece, of which such of some sizes took so many `seconds`.

    A piece takes $a + b n$: it is as large as fits into `CHUNK_SECONDS`, or, where $a$ alone is much of that, so large
    that half of the time is well spent.
    """
    (few, short), (many, long) = min(seconds.items()), max(seconds.items())
    b = max(long - short, 0.0) / max(many - few, 1) or long / many / 8
    a = max(short - b * few, 0.0)
    return int(np.clip(max(CHUNK_SECONDS - a, a) / max(b, 1e-9), min(MIN_CHUNK_SIZE, max_size), max_size))


class LaneTask(NamedTuple):
    """Work on lanes that may be cut anywhere."""

    function: Callable[[Indices], Any]  # what becomes of some lanes
    lanes: Indices
    sizer: ChunkSizer


def run_in_chunks(
    queue: Executor | None,
    *tasks: LaneTask,
    clock: Callable[[], float] = thread_time,  # what a processor did for this piece: not while it was others' turn
) -> Iterator[tuple[int, slice, Any] | None]:
    """Of which task, for which of its `lanes`, and what was found, piece by piece; None where there is no news."""

    def timed(task: LaneTask, cut: slice) -> tuple[Any, float]:
        begun = clock()
        return task.function(task.lanes[cut]), clock() - begun

    def jobs() -> Iterator[tuple[tuple[int, slice], Callable[[], tuple[Any, float]]]]:
        for number, task in enumerate(tasks):
            begin = 0
            while begin < task.lanes.size:
                size, left = task.sizer.next_size(), task.lanes.size - begin
                cut = slice(begin, begin := begin + (size if size < left * WHOLE_REST_FRACTION else left))
                yield (number, cut), partial(timed, task, cut)

    for news in run_tasks(queue, jobs()):
        if news:
            (number, cut), (found, seconds) = news
            tasks[number].sizer.record_time(cut.stop - cut.start, seconds)
            yield number, cut, found
        else:
            yield None
