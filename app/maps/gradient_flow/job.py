"""The flow under a path: the question, the work that answers it, and the arrows of the slope."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import lru_cache, partial
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Job, Progress, make_job, run_tasks
from app.compute.cached_simulation import build_surface
from app.compute.work_chunks import make_interruptible
from app.figures.landscape_figure import make_landscape
from app.model.scene import Call
from optimizers.analysis.gradient_flow import MAX_LEGS, Flow, FlowEquation, integrate_flow
from surfaces.base import Array

GRID_SIZE = 101  # heights along each side of the view
ARROW_COLUMNS, ARROW_ROWS = 22, 16  # arrows
SHORTEST_QUANTILE, LONGEST_QUANTILE = (
    0.05,
    0.95,
)  # quantiles of the slope: up to there arrows are shortest, from there longest

FLOW_LABELS = {
    "map": "Landscape with the gradient flow and the steps beside it",
    "start": "Start point; arrow keys move it",
    "drag": "start: drag it, or click anywhere",
    "start_away": "start, {d} away",
    "minimum": "minimum",
    "curves": "Loss and distance from the flow over the time of the flow",
    "loss": "Loss above the lowest",
    "distance": "Distance from the flow",
    "time": "time of the flow",
    "step": "Step {k}, at time {t}: {d} from its flow.",
    "field": "Arrows: downhill, longer where it is steeper",
}


class FlowRequest(NamedTuple):
    surface: Call
    start: tuple[float, float]
    law: FlowEquation
    end_time: float  # time that is of interest, if it is known


@lru_cache(maxsize=128)  # what has been computed is there for the next visitor who asks
def get_flow_job(request: FlowRequest) -> Job:
    return make_job(compute_flow, request)


class RestartableFlow:
    """The legs of a flow, which may be asked for again where one was not finished."""

    def __init__(self, start: Callable[[], Iterator[Flow]]) -> None:
        self.start, self.legs, self.legs_done = start, start(), 0

    def get(self, n: int) -> Flow | None:
        """The flow with its legs up to number n, counted from 0; None if it has not so many."""
        found = None
        try:
            while self.legs_done <= n:
                found = next(self.legs, None)
                self.legs_done += 1
        except BaseException:  # the iterator has ended: it is begun again when it is asked next
            self.legs, self.legs_done = self.start(), 0
            raise
        return found


def compute_flow(request: FlowRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """The flow as far as it is known, leg by leg: each is computed in turn with other visitors' work."""
    truth, start = build_surface(request.surface), np.array(request.start)
    legs = RestartableFlow(
        lambda: integrate_flow(
            make_interruptible(truth), request.law, start, measure_view(request.surface), request.end_time
        )
    )
    so_far = Progress(0.0, None)
    for n in range(2 * MAX_LEGS):
        for news in run_tasks(queue, iter([(n, partial(legs.get, n))])):
            if news:
                _, found = news
                if found is None:
                    return
                so_far = Progress(min((n + 1) / MAX_LEGS, 1.0), found)
            yield so_far


def measure_view(surface: Call) -> Array:
    """Of the view."""
    return np.array([float(high - low) for low, high in build_surface(surface).box])


class FlowBackground(NamedTuple):
    """What a flow is drawn over, the same for all starts."""

    heights: NDArray[np.float32]  # (GRID, GRID), as drawn
    contour: dict[str, Any]  # the rest of Plotly's trace
    theme_colours: dict[str, dict[str, Any]]  # of each theme
    minima: list[list[float]]
    arrows: Array  # (5, n): where each arrow is, its direction of length 1, and how long it is, 0 to 1


@lru_cache(maxsize=64)
def make_background(surface: Call) -> FlowBackground:
    truth = build_surface(surface)
    stage = make_landscape(truth, GRID_SIZE)
    (contour,) = stage["figure"]["data"]
    heights = np.frombuffer(b64decode(contour["z"]["bdata"]), "<f4")
    rest = {name: value for name, value in contour.items() if name != "z"}
    return FlowBackground(
        heights.reshape(GRID_SIZE, GRID_SIZE), rest, stage["themes"], stage["minima"], sample_slope_arrows(surface)
    )


def sample_slope_arrows(surface: Call) -> Array:
    """Arrows of the direction downhill on a grid; their lengths grow with the logarithm of the slope."""
    truth = build_surface(surface)
    x, y = (
        low + (np.arange(n) + 0.5) * (high - low) / n
        for (low, high), n in zip(truth.box, (ARROW_COLUMNS, ARROW_ROWS), strict=True)
    )
    p = np.array(np.meshgrid(x, y), dtype=np.float64).reshape(2, -1)
    with np.errstate(all="ignore"):
        g = np.asarray(truth.grad(p), dtype=np.float64)
        size = np.hypot(
            *(g * measure_view(surface)[:, None])
        )  # in terms of the view, whatever the units of its axes are
        way = -g / np.hypot(*g)
    known = np.isfinite(size) & (size > 0) & np.isfinite(way).all(axis=0)
    if not known.any():
        return np.zeros((5, 0))
    p, way, size = p[:, known], way[:, known], size[known]
    weak, strong = (float(q) for q in np.quantile(size, (SHORTEST_QUANTILE, LONGEST_QUANTILE)))
    scale = log(strong / weak) or 1.0
    return np.concatenate((p, way, np.clip(np.log(size / weak) / scale, 0, 1)[None]))


def thin_path(x: Array, view: Array, spacing: float = 1e-3) -> Array:
    """Points of a line (2, n), fewer where it hardly gets on: the ends, and one for each so much of the view."""
    far = np.append(0.0, np.cumsum(np.hypot(*(np.diff(x) / view[:, None]))))
    kept = np.flatnonzero(np.diff(np.floor(far / spacing), prepend=-1.0))
    return np.append(x[:, kept], x[:, -1:], axis=1)
