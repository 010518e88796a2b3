"""Where each start of a window leads: the question, and the work that answers it, coarse first."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Job, Progress, make_job
from app.compute.cached_simulation import build_optimizer, build_surface
from app.compute.work_chunks import ChunkSizer, LaneTask, make_interruptible, run_in_chunks
from app.model.scene import Call
from optimizers.analysis.basins_of_attraction import StartOutcomes, classify_starts, label_minima
from optimizers.analysis.ending_classification import Ending
from optimizers.analysis.grid_refinement import refinement_levels, upsample
from optimizers.compiler.compiled_batch import MIN_LANE_STEPS, make_plan
from optimizers.parallel_batch import TILE_LANES, lanes_per_tile
from optimizers.run_statistics import join_lanes, replace_never
from surfaces.base import Array
from surfaces.observers.gradient_noise import noisy

MAP_SIDE, COARSE_SIDE = 256, 32  # starts along each side of the window: at the end, and at first
MAX_CHUNK_LOSSES = 2_000_000  # losses that are kept of a piece, 16 MB
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


class BasinRequest(NamedTuple):
    surface: Call
    optimizer: Call
    wrapper: Call | None
    steps: int
    noise: float
    seed: int
    window: Window


class BasinMap(NamedTuple):
    """What is known of the window so far; every start has what the nearest one that was computed has."""

    code: NDArray[np.uint8]  # (SIDE * SIDE,), rows from the bottom: the number of its minimum, or one of ENDING_CODES
    step: NDArray[np.uint16]  # (SIDE * SIDE,)
    minima: Array  # (2, m)
    stride: int  # how many starts stand for one that was computed


ENDING_CODES = np.array([0, 253, 254, 255], dtype=np.uint8)  # by Ending: of starts that lead to no minimum


@lru_cache(maxsize=64)  # what has been computed is there for the next visitor who asks
def get_basin_job(request: BasinRequest) -> Job:
    return make_job(compute_basins, request)


def make_starts(window: Window) -> Array:
    """The middles of the window's squares, (2, SIDE * SIDE)."""
    x, y = (low + (np.arange(MAP_SIDE) + 0.5) * (high - low) / MAP_SIDE for low, high in window)
    return np.array(np.meshgrid(x, y)).reshape(2, -1)


def compute_basins(request: BasinRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Level by level; within one only the share of what is done grows, so that minima are numbered in one order."""
    truth = build_surface(request.surface)
    problem = noisy(truth, request.noise, request.seed)
    widths = tuple(float(high - low) for low, high in truth.box)
    minima = np.array(truth.minima, dtype=np.float64).reshape(-1, 2).T
    x0, count = make_starts(request.window), MAP_SIDE * MAP_SIDE
    code, step = np.zeros(count, dtype=np.uint8), np.zeros(count, dtype=np.uint16)
    racer, plan = build_optimizer(request.optimizer, request.wrapper), None

    def ends_of(lanes: NDArray[np.intp]) -> StartOutcomes:
        return classify_starts(
            racer, make_interruptible(problem), x0[:, lanes], request.steps, widths, truth.minima, plan
        )

    done, so_far = 0, Progress(0.0, None)
    sizes = ChunkSizer(min(TILE_LANES, max(1, MAX_CHUNK_LOSSES // (request.steps + 1))))
    for apart, lanes in refinement_levels(MAP_SIDE, MAP_SIDE, MAP_SIDE // COARSE_SIDE):
        found: dict[int, StartOutcomes] = {}
        for news in run_in_chunks(queue, LaneTask(ends_of, lanes, sizes)):
            if news:
                _, cut, outcomes = news
                found[cut.start], done = outcomes, done + outcomes.ending.size
                so_far = Progress(done / count, so_far.result)
            yield so_far
        level = join_lanes([found[begin] for begin in sorted(found)])
        number, minima = label_minima(level, minima, widths)
        code[lanes] = np.where(level.ending == Ending.MINIMUM, number, ENDING_CODES[level.ending])
        step[lanes] = replace_never(level.settled_step, request.steps)
        so_far = Progress(
            done / count, BasinMap(upsample(code, MAP_SIDE, apart), upsample(step, MAP_SIDE, apart), minima, apart)
        )
        yield so_far
        if (
            apart == MAP_SIDE // COARSE_SIDE and count * request.steps >= MIN_LANE_STEPS
        ):  # the first picture does not wait for it
            plan = make_plan(racer, problem, 2, count, request.steps)
            sizes = ChunkSizer(TILE_LANES, fixed_size=lanes_per_tile(plan, request.steps)) if plan else sizes
