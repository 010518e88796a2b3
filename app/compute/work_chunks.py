"""Cut long work into chunks of lanes, whose size follows from the time that earlier chunks took."""

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

CHUNK_SECONDS = 0.12  # processor time of a chunk: short enough to report progress, and to lose little when aborted
FIRST_CHUNK_SIZES = 4, 32  # lanes, in turn: far enough apart to tell the cost of a lane from that of a step
WHOLE_REST_FRACTION = 0.8  # a chunk with at least this part of the remaining lanes takes all of them
MIN_CHUNK_SIZE = 4  # lanes, however long they take: a chunk can be interrupted anywhere


def make_interruptible(problem: Problem) -> Problem:
    """The problem with a checkpoint before each evaluation, so that work on it can be preempted and aborted."""
    return InterruptibleProblem(problem, checkpoint)


class ChunkSizer:
    """Chooses the size of the next chunk by the times of earlier ones."""

    def __init__(self, max_size: int, first_sizes: tuple[int, ...] = (), fixed_size: int | None = None) -> None:
        """Start with `first_sizes`, in turn; or use `fixed_size` for all, for work that cannot be interrupted."""
        self.max_size, self.first_sizes, self.fixed_size = max_size, first_sizes or FIRST_CHUNK_SIZES, fixed_size
        self.fastest_seconds: dict[int, float] = {}  # by the number of lanes
        self.chunk_count = 0

    def next_size(self) -> int:
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
    """The size of the next chunk, by the `seconds` that chunks of some sizes took.

    A chunk of n lanes takes $a + b n$. It is as large as fits into `CHUNK_SECONDS`; or, if $a$ is more than half of
    that, as large as makes $b n = a$.
    """
    (smallest, low), (largest, high) = min(seconds.items()), max(seconds.items())
    b = max(high - low, 0.0) / max(largest - smallest, 1) or high / largest / 8
    a = max(low - b * smallest, 0.0)
    return int(np.clip(max(CHUNK_SECONDS - a, a) / max(b, 1e-9), min(MIN_CHUNK_SIZE, max_size), max_size))


class LaneTask(NamedTuple):
    """A function of lanes that may be called for any part of them."""

    function: Callable[[Indices], Any]
    lanes: Indices
    sizer: ChunkSizer


def run_in_chunks(
    queue: Executor | None,
    *tasks: LaneTask,
    clock: Callable[[], float] = thread_time,  # of this thread's processor, which does not count the turns of others
) -> Iterator[tuple[int, slice, Any] | None]:
    """Index of the task, slice of its `lanes` and result of each chunk; None from time to time while none is done."""

    def run_timed(task: LaneTask, chunk: slice) -> tuple[Any, float]:
        start = clock()
        return task.function(task.lanes[chunk]), clock() - start

    def chunks() -> Iterator[tuple[tuple[int, slice], Callable[[], tuple[Any, float]]]]:
        for number, task in enumerate(tasks):
            begin = 0
            while begin < task.lanes.size:
                size, left = task.sizer.next_size(), task.lanes.size - begin
                chunk = slice(begin, begin := begin + (size if size < left * WHOLE_REST_FRACTION else left))
                yield (number, chunk), partial(run_timed, task, chunk)

    for finished in run_tasks(queue, chunks()):
        if finished:
            (number, chunk), (result, seconds) = finished
            tasks[number].sizer.record_time(chunk.stop - chunk.start, seconds)
            yield number, chunk, result
        else:
            yield None
