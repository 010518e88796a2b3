"""A flow in continuous time: the request, the job that integrates it, and the landscape with arrows under it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import lru_cache, partial
from math import log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.compute.cached_simulation import build_map_surface
from app.figures.landscape_figure import make_landscape
from app.maps.map_problem import build_problem
from app.model.scene import Call
from optimizers.analysis.continuous_flows import MAX_LEGS, Flow, FlowEquation, integrate_flow
from surfaces.base import Array

FLOW_GRID_SIZE = 101  # heights along each side of the view
ARROW_COLUMNS, ARROW_ROWS = 22, 16
SHORTEST_QUANTILE, LONGEST_QUANTILE = 0.05, 0.95  # of the slope: arrows are shortest below, longest above

FLOW_LABELS = {
    "map": "Landscape with the gradient flow and the steps beside it",
    "start": "Start point; arrow keys move it, with Shift eight times as far",
    "drag": "start: drag it, or click anywhere",
    "drag_keys": "start: arrow keys move it",
    "drag_touch": "start: drag it, or tap anywhere",
    "start_away": "start: {d} units outside",
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
    end_time: float  # of the flow, at most; may be infinite


class RestartableFlow:
    """The legs of a flow, of which one that was interrupted can be integrated again."""

    def __init__(self, start: Callable[[], Iterator[Flow]]) -> None:
        self.start, self.legs, self.legs_done = start, start(), 0

    def get(self, n: int) -> Flow | None:
        """The flow with its legs 0 to n; None if it ends before leg n."""
        flow = None
        try:
            while self.legs_done <= n:
                flow = next(self.legs, None)
                self.legs_done += 1
        except BaseException:  # an interrupted iterator is at its end: the next call needs a new one
            self.legs, self.legs_done = self.start(), 0
            raise
        return flow


def compute_flow(request: FlowRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield the flow leg by leg, each a task of its own, so that other visitors' work has its turn in between."""
    problem, start = build_problem(request.surface).interruptible, np.array(request.start)
    view = measure_view(request.surface)
    legs = RestartableFlow(lambda: integrate_flow(problem, request.law, start, view, request.end_time))
    progress = Progress(0.0, None)
    for n in range(2 * MAX_LEGS):
        for finished in run_tasks(queue, iter([(n, partial(legs.get, n))])):
            if finished:
                _, flow = finished
                if flow is None:
                    return
                progress = Progress(min((n + 1) / MAX_LEGS, 1.0), flow)
            yield progress


get_flow_job = make_job_cache(compute_flow, max_jobs=128)


def measure_view(surface: Call) -> Array:
    """The width of the surface's view along each axis."""
    return np.array(build_problem(surface).widths)


class FlowBackground(NamedTuple):
    """The landscape under a flow, the same for all starts."""

    heights: NDArray[np.float32]  # (FLOW_GRID_SIZE, FLOW_GRID_SIZE), as drawn
    contour: dict[str, Any]  # Plotly's trace without the heights
    theme_colours: dict[str, dict[str, Any]]  # of the trace, by the name of a theme
    minima: list[list[float]]
    arrows: Array  # (5, n): x, y, a unit vector, and the length from 0 to 1


@lru_cache(maxsize=64)
def make_background(surface: Call) -> FlowBackground:
    stage = make_landscape(build_map_surface(surface), FLOW_GRID_SIZE)
    (contour,) = stage["figure"]["data"]
    heights = contour.pop("z")
    return FlowBackground(heights, contour, stage["themes"], stage["minima"], sample_slope_arrows(surface))


def sample_slope_arrows(surface: Call) -> Array:
    """Arrows downhill on a grid; their lengths grow with the logarithm of the slope."""
    f = build_map_surface(surface)
    x, y = (
        low + (np.arange(n) + 0.5) * (high - low) / n
        for (low, high), n in zip(f.box, (ARROW_COLUMNS, ARROW_ROWS), strict=True)
    )
    p = np.array(np.meshgrid(x, y), dtype=np.float64).reshape(2, -1)
    with np.errstate(all="ignore"):
        g = np.asarray(f.grad(p), dtype=np.float64)
        slope = np.hypot(*(g * measure_view(surface)[:, None]))  # per view, so that the units of the axes do not matter
        direction = -g / np.hypot(*g)
    is_known = np.isfinite(slope) & (slope > 0) & np.isfinite(direction).all(axis=0)
    if not is_known.any():
        return np.zeros((5, 0))
    p, direction, slope = p[:, is_known], direction[:, is_known], slope[is_known]
    weak, strong = (float(q) for q in np.quantile(slope, (SHORTEST_QUANTILE, LONGEST_QUANTILE)))
    scale = log(strong / weak) or 1.0
    return np.concatenate((p, direction, np.clip(np.log(slope / weak) / scale, 0, 1)[None]))


def thin_path(x: Array, view: Array, spacing: float = 1e-3) -> Array:
    """Fewer points of a line (2, n): both ends, and one for each `spacing` views of its length."""
    length = np.append(0.0, np.cumsum(np.hypot(*(np.diff(x) / view[:, None]))))
    kept = np.flatnonzero(np.diff(np.floor(length / spacing), prepend=-1.0))
    return np.append(x[:, kept], x[:, -1:], axis=1)
