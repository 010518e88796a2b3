"""The basins of attraction in a window: the request, and the job that computes them, coarse first."""

from collections.abc import Iterator
from concurrent.futures import Executor
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Progress, make_job_cache
from app.compute.cached_simulation import build_optimizer
from app.compute.work_chunks import ChunkSizer, LaneTask, run_in_chunks
from app.maps.map_problem import build_problem
from app.model.plane_window import Window
from app.model.scene import Call
from optimizers.analysis.basins_of_attraction import StartOutcomes, classify_starts, label_minima
from optimizers.analysis.ending_classification import Ending
from optimizers.analysis.grid_refinement import refinement_levels, upsample
from optimizers.batch_run_outcomes import join_lanes, replace_never
from optimizers.compiler.compiled_batch import MIN_LANE_STEPS, make_plan
from optimizers.parallel_batch import TILE_LANES, lanes_per_tile
from surfaces.base import Array

MAP_SIDE, COARSE_SIDE = 256, 32  # starts along each side of the window: in the last and the first picture
MAX_CHUNK_LOSSES = 2_000_000  # losses that a piece of work keeps, 16 MB
PARTIAL_PICTURE_SECONDS = 1.0  # between two pictures of the first level while it is incomplete


BASIN_LABELS = {
    "again": "Tap it again to race it.",
    "map": "Map of where each start leads; arrow keys move a cross over it, Enter starts the race there",
    "point": (
        "Point at a start: its run is drawn. A click keeps it in sight, another one races it; dragging and Ctrl with "
        "the wheel move the window."
    ),
    "point_keys": "Arrow keys move a cross: the run from there is drawn. Enter races it; plus and minus zoom.",
    "point_touch": "Tap a start: its run is drawn. Tapped again, it starts the race there.",
    "done": "{starts} starts",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Reset the view",
    "minimum": "Minimum {place}",
    "others": "Further minima",
    "saddle": "Stops at a saddle or a maximum",
    "stalled": "Stalled, or still on its way",
    "lost": "Diverges, or falls without end",
    "scale": "Steps until it is there for good",
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
    """The results so far; a start that is not computed yet has those of the nearest one that is."""

    # Both (MAP_SIDE * MAP_SIDE,), rows from the bottom
    code: NDArray[np.uint8]  # the number of a minimum, or UNKNOWN_CODE, or one of ENDING_CODES
    step: NDArray[np.uint16]  # when the run was at its minimum for good
    minima: Array  # (2, m)
    stride: int  # between neighbours that are computed, in starts


UNKNOWN_CODE = 252  # of a start in a part of the first level that is not computed yet
ENDING_CODES = np.array([0, 253, 254, 255], dtype=np.uint8)  # by Ending, for starts that lead to no minimum


def make_starts(window: Window) -> Array:
    """The middles of the window's squares, (2, SIDE * SIDE)."""
    x, y = (low + (np.arange(MAP_SIDE) + 0.5) * (high - low) / MAP_SIDE for low, high in window)
    return np.array(np.meshgrid(x, y)).reshape(2, -1)


def compute_basins(request: BasinRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a map for each level of refinement, and for parts of the first level if that takes long."""
    problem = build_problem(request.surface, request.noise, request.seed)
    minima = np.array(problem.surface.minima, dtype=np.float64).reshape(-1, 2).T
    x0, count = make_starts(request.window), MAP_SIDE * MAP_SIDE
    code, step = np.full(count, UNKNOWN_CODE, dtype=np.uint8), np.zeros(count, dtype=np.uint16)
    optimizer, plan = build_optimizer(request.optimizer, request.wrapper), None

    def run_starts(lanes: NDArray[np.intp]) -> StartOutcomes:
        return classify_starts(
            optimizer, problem.interruptible, x0[:, lanes], request.steps, problem.widths, problem.surface.minima, plan
        )

    def make_map(lanes: NDArray[np.intp], outcomes: StartOutcomes, stride: int) -> BasinMap:
        number, all_minima = label_minima(outcomes, minima, problem.widths)
        lanes = lanes[: number.size]
        code[lanes] = np.where(outcomes.ending == Ending.MINIMUM, number, ENDING_CODES[outcomes.ending])
        step[lanes] = replace_never(outcomes.settled_step, request.steps)
        return BasinMap(upsample(code, MAP_SIDE, stride), upsample(step, MAP_SIDE, stride), all_minima, stride)

    done, progress, published_at = 0, Progress(0.0, None), perf_counter()
    sizes = ChunkSizer(min(TILE_LANES, max(1, MAX_CHUNK_LOSSES // (request.steps + 1))))
    for stride, lanes in refinement_levels(MAP_SIDE, MAP_SIDE, MAP_SIDE // COARSE_SIDE):
        is_first = stride == MAP_SIDE // COARSE_SIDE
        pieces: dict[int, StartOutcomes] = {}
        for piece in run_in_chunks(queue, LaneTask(run_starts, lanes, sizes)):
            if piece:
                _, cut, outcomes = piece
                pieces[cut.start], done = outcomes, done + outcomes.ending.size
                is_due = is_first and perf_counter() - published_at > PARTIAL_PICTURE_SECONDS
                beginning = join_beginning(pieces) if is_due else None
                result = make_map(lanes, beginning, stride) if beginning else progress.result
                published_at = perf_counter() if beginning else published_at
                progress = Progress(done / count, result)
            yield progress
        result = make_map(lanes, join_lanes([pieces[begin] for begin in sorted(pieces)]), stride)
        minima = result.minima
        progress = Progress(done / count, result)
        yield progress
        if (
            is_first and count * request.steps >= MIN_LANE_STEPS
        ):  # compiled after the first picture, which need not wait
            plan = make_plan(optimizer, problem.noisy, 2, count, request.steps)
            sizes = ChunkSizer(TILE_LANES, fixed_size=lanes_per_tile(plan, request.steps)) if plan else sizes


def join_beginning(pieces: dict[int, StartOutcomes]) -> StartOutcomes | None:
    """The outcomes of the lanes before the first gap, so that minima are numbered in the order of the whole level."""
    joined: list[StartOutcomes] = []
    for begin in sorted(pieces):
        if begin != sum(piece.ending.size for piece in joined):
            break
        joined.append(pieces[begin])
    return join_lanes(joined) if joined else None


get_basin_job = make_job_cache(compute_basins)
