"""The loss landscape around trainings that are finished, in the background: heights, paths, what the plane explains."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import numpy as np

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.compute.training_job import TrainingRequest, get_training_job
from app.figures.landscape_figure import scale_heights
from app.training_scenes.training_preparation import prepare
from optimizers.training.training_landscape import PlaneKind, build_plane, choose_loss, slice_around
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.training_path import TrainingPath, is_kept, keep_path
from surfaces.base import Array, Surface

ROWS_AT_ONCE = 2


class LandscapeRequest(NamedTuple):
    trainings: tuple[TrainingRequest, ...]  # the first one's loss is drawn
    kind: PlaneKind
    seed: int
    ends: int  # how many of them the plane is laid through


class DrawnPath(NamedTuple):
    epochs: Array  # (k,)
    points: Array  # (2, k): the path projected on the plane
    explained: float  # the part of its variance about its end that lies along the plane


class DrawnLandscape(NamedTuple):
    surface: Surface
    heights: Array  # (side, side) as they are drawn, row by row from below
    scale: str  # linear or log
    lowest: float  # of the loss in view
    highest: float
    sample_count: int  # over which the loss is taken
    paths: tuple[DrawnPath | None, ...]  # None for a network with other layers


def compute_landscape(request: LandscapeRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a `DrawnLandscape` when all of it is known."""
    paths: list[TrainingPath | None] = []
    for training in request.trainings:
        for found in run_tasks(queue, iter([("path", partial(find_path, training))])):
            paths += [found[1]] if found else []
            yield Progress(0.0, None)
    first = paths[0]
    if first is None:  # too large: the page has said so before
        return
    plane = build_plane(request.kind, request.seed, [path for path in paths[: request.ends] if path])
    surface = slice_around(first, plane, request.kind)
    x, y = (np.linspace(low, high, surface.grid_size) for low, high in surface.box)
    grid = np.array(np.meshgrid(x, y))
    values = np.full(grid.shape[1:], np.nan)
    starts = range(0, len(values), ROWS_AT_ONCE)
    tasks = ((row, partial(evaluate_rows, surface, grid[:, row : row + ROWS_AT_ONCE])) for row in starts)
    done = 0
    for found in run_tasks(queue, tasks):
        if found:
            row, heights = found
            values[row : row + ROWS_AT_ONCE] = heights
            done += 1
        yield Progress(done / len(starts), None)
    finite = values[np.isfinite(values)]
    heights, scale, _ = scale_heights(values, float(finite.min()) if finite.size else 0.0)
    drawn = []
    for path in paths:
        if path is None or path.network.layout != first.network.layout:
            drawn.append(None)
        else:
            points = plane.project(path.weights)
            explained = plane.find_explained_fraction(path.weights)
            drawn.append(DrawnPath(path.epochs.astype(np.float64), points, explained))
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)
    count = len(choose_loss(first).classes)
    yield Progress(1.0, DrawnLandscape(surface, heights, scale, low, high, count, tuple(drawn)))


def evaluate_rows(surface: Surface, points: Array) -> Array:
    with np.errstate(all="ignore"):
        return surface.value(points)


def find_path(request: TrainingRequest) -> TrainingPath | None:
    """The path of a training that is finished; it is trained again if its record is forgotten."""
    snapshot = get_training_job(request).status.result
    if snapshot is not None and snapshot.path is not None:
        path: TrainingPath = snapshot.path
        return path
    loop = TrainingLoop(prepare(*request), is_recorded=False)
    for _ in loop.train():
        pass
    return keep_path(loop) if is_kept(loop) else None


get_landscape_job = make_job_cache(compute_landscape)
