"""Where each start of a window leads: the question, and the work that answers it, coarse first."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import cycle
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.maps.jobs import Job, Progress
from app.runs import optimizer, surface
from app.scene import Call
from optimizers.basins import MINIMUM, Fates, fates, numbered
from optimizers.compiled import WORTH, planned
from optimizers.nested import levels, shown
from optimizers.sweeps import AHEAD, CORES, QUICK, TILE, threads, told
from surfaces.base import Array
from surfaces.noise import noisy

SIDE, COARSEST = 256, 32  # starts along each side of the window: at the end, and at first
CRUMBS = 16, 64  # starts in the first pieces; their times say how large the next may be
PIECE = 0.12  # seconds that a piece should take: so long work waits to be stopped, and other visitors wait
ROOM = 4_000_000  # losses that are kept of a piece, 32 MB
Window = tuple[tuple[float, float], tuple[float, float]]


BASIN_LABELS = {
    "again": "Tap it again to race it.",
    "map": "Map of where each start leads; arrow keys move a cross over it, Enter starts the race there",
    "point": (
        "Point at a start: its run is drawn. A click starts the race there; dragging and Ctrl with the wheel move the "
        "window."
    ),
    "done": "{starts} starts",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Reset the view",
    "minimum": "Minimum {place}",
    "others": "Further minima",
    "saddle": "Stops at a saddle or a maximum",
    "stalled": "Stalled, or still on its way",
    "lost": "Diverges, or falls without end",
    "pace": "Strong colours: there for good within {fast} steps; faint ones: after {slow}.",
    "at": "From {place}:",
    "to_minimum": "minimum {place}, after {n} steps",
    "to_saddle": "stops at a saddle or a maximum",
    "to_stalled": "stalled, or still on its way",
    "to_lost": "diverges, or falls without end",
    "share": "{share} %",
}


class Question(NamedTuple):
    place: Call
    racer: Call
    wrapper: Call | None
    steps: int
    noise: float
    seed: int
    window: Window


class Basins(NamedTuple):
    """What is known of the window so far; every start has what the nearest one that was computed has."""

    code: NDArray[np.uint8]  # (SIDE * SIDE,), rows from the bottom: the number of its minimum, or one of CODE_OF
    step: NDArray[np.uint16]  # (SIDE * SIDE,)
    minima: Array  # (2, m)
    apart: int  # how many starts stand for one that was computed


CODE_OF = np.array([0, 253, 254, 255], dtype=np.uint8)  # by kind: of starts that are led to no minimum


@lru_cache(maxsize=64)  # what has been computed is there for the next visitor who asks
def basins(question: Question) -> Job:
    return Job(work(question))


def starts(window: Window) -> Array:
    """The middles of the window's squares, (2, SIDE * SIDE)."""
    x, y = (low + (np.arange(SIDE) + 0.5) * (high - low) / SIDE for low, high in window)
    return np.array(np.meshgrid(x, y)).reshape(2, -1)


def work(question: Question) -> Iterator[Progress]:
    """Level by level; within one only the share of what is done grows, so that minima are numbered in one order."""
    truth = surface(question.place)
    problem = noisy(truth, question.noise, question.seed)
    widths = tuple(float(high - low) for low, high in truth.box)
    minima = np.array(truth.minima, dtype=np.float64).reshape(-1, 2).T
    x0, count = starts(question.window), SIDE * SIDE
    code, step = np.zeros(count, dtype=np.uint8), np.zeros(count, dtype=np.uint16)
    known: Basins | None = None

    racer, plan = optimizer(question.racer, question.wrapper), None

    def timed(lanes: NDArray[np.intp]) -> tuple[Fates, float]:
        begun = perf_counter()
        fate = fates(racer, problem, x0[:, lanes], question.steps, widths, truth.minima, plan)
        return fate, perf_counter() - begun

    done, sizes = 0, CRUMBS
    for apart, lanes in levels(SIDE, SIDE, SIDE // COARSEST):
        found: dict[int, Fates] = {}
        crumbs = sum(CRUMBS) if apart == SIDE // COARSEST else 0
        for begun, end in ((0, crumbs), (crumbs, lanes.size)):
            jobs = ((cut, partial(timed, lanes[cut])) for cut in pieces(begun, end, sizes))
            times: dict[int, list[float]] = {}
            for cut, (fate, took) in told(threads(), jobs, AHEAD * CORES, lambda: False):
                found[cut.start], done = fate, done + fate.kind.size
                times.setdefault(fate.kind.size, []).append(took)
                yield Progress(done / count, known)
            if times and not plan:
                most = min(TILE, max(1, ROOM // (question.steps + 1)))
                sizes = suited({size: min(took) for size, took in times.items()}, most)
        level = Fates(*(np.concatenate(parts, axis=-1) for parts in zip(*map(found.get, sorted(found)), strict=True)))
        number, minima = numbered(level, minima, widths)
        code[lanes] = np.where(level.kind == MINIMUM, number, CODE_OF[level.kind])
        step[lanes] = level.step
        known = Basins(shown(code, SIDE, apart), shown(step, SIDE, apart), minima, apart)
        yield Progress(done / count, known)
        if crumbs and count * question.steps >= WORTH:  # the first picture does not wait for it
            plan = planned(racer, problem, 2, count, question.steps)
            sizes = (QUICK,) if plan else sizes


def pieces(begun: int, end: int, sizes: Sequence[int]) -> Iterator[slice]:
    """The lanes from one to another in pieces of these sizes, in turn."""
    size = cycle(sizes)
    while begun < end:
        yield slice(begun, begun := min(end, begun + next(size)))


def suited(seconds: Mapping[int, float], most: int) -> tuple[int, ...]:
    """The sizes for the next pieces, of which such of some sizes took so many `seconds`.

    A piece takes $a + b n$: it is as large as fits into `PIECE`, or, where $a$ alone is much of that, so large that
    half of the time is well spent.
    """
    (few, short), (many, long) = min(seconds.items()), max(seconds.items())
    b = max(long - short, 0.0) / max(many - few, 1) or long / many / 8
    a = max(short - b * few, 0.0)
    size = int(np.clip(max(PIECE - a, a) / b, CRUMBS[0], most))
    return (size, max(1, size // 2))
