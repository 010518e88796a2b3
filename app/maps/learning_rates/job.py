"""What each learning rate does to each run: the question, and the work that answers it, coarse first."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import lru_cache, partial
from math import ceil, isfinite, log10, nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Job, Progress, make_job
from app.compute.cached_simulation import build_optimizer, build_surface
from app.compute.run_parameters import get_lr
from app.compute.work_chunks import ChunkSizer, LaneTask, make_interruptible, run_in_chunks
from app.model.hyperparameter_ranges import LEVEL_LABELS, LR_RANGE
from app.model.scene import Call, Run
from optimizers.analysis.learning_rate_sweep import (
    Minimum,
    RateOutcomes,
    Stability,
    find_best_lane,
    find_minimum_near,
    run_rates,
)
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.quadratic_theory import constant_hessian
from optimizers.run_statistics import join_lanes, take_lanes
from surfaces.base import Array, Problem
from surfaces.observers.gradient_noise import noisy

RATE_COUNT, COARSE_STRIDE = 200, 8  # rates at the end, and how many of these stand for one at first
COARSE_CHUNK_SIZES = (RATE_COUNT // COARSE_STRIDE,)  # rates in the first piece: so few take hardly longer than one
RateIndices = NDArray[np.intp]  # places among the rates

SWEEP_LABELS = {
    "again": "Tap it again to race it.",
    "map": "Loss and steps by learning rate; left and right move a line over it, up and down choose a run, "
    "Enter races it at that rate",
    "point": "Point at a learning rate: what it does to each run. A click puts the nearest run into the race at it.",
    "done": "{rates} learning rates",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Reset the view",
    "above": "loss above the lowest known",
    "loss": "loss",
    "no_goal": "steps to a tolerance: none, because no lowest loss is known",
    "steps": "steps to the tolerance",
    "lr": "lr",
    "final": "at the end",
    "best": "best on the way",
    "present": "in the scene",
    "found": "best of the stable",
    "stable": "stable",
    "edge": "at the edge: swings on, or ends higher than it began",
    "diverged": "diverged",
    "at_edge": "at the edge",
    "at": "lr {lr}",
    "said": "{run}: final loss {loss}, tolerance after {n} steps, {zone}",
    "never": "{run}: final loss {loss}, tolerance never, {zone}",
    "without": "{run}: final loss {loss}, {zone}",
    "optimum": "best lr here {lr}, final loss {loss}",
    "no_optimum": "no rate here is stable",
    "span": "stable up to {lr}",
}


class SweepRequest(NamedTuple):
    surface: Call
    runs: tuple[Run, ...]  # a rate that no schedule sets makes no difference
    start: tuple[float, float]
    steps: int
    noise: float
    seed: int
    window: tuple[float, float]  # the least and the largest rate
    tolerance: float  # of the way from the start's loss down to the lowest known


class RateSweep(NamedTuple):
    """What is known so far, of the rates that have been tried."""

    rates: Array  # (n,), rising
    outcomes: tuple[RateOutcomes, ...]  # of each run
    best_index: tuple[int | None, ...]  # of each run: the place of its best rate
    initial_loss: float  # the loss at the start
    lowest_loss: float | None  # the lowest known loss
    minimum: Minimum | None  # the one that the runs come to
    is_quadratic: bool  # is the curvature the same everywhere?


@lru_cache(maxsize=64)  # what has been computed is there for the next visitor who asks
def get_sweep_job(request: SweepRequest) -> Job:
    return make_job(compute_sweep, request)


def make_rate_grid(window: tuple[float, float]) -> Array:
    """Evenly on a log axis, in as few digits as tell them apart: a rate can be said, and raced as it is."""
    low, high = window
    digits = max(3, 2 + ceil(-log10((high / low) ** (1 / (RATE_COUNT - 1)) - 1)))
    grid = [float(f"{rate:.{digits}g}") for rate in np.geomspace(low, high, RATE_COUNT)]
    return np.clip(grid, LR_RANGE.low, LR_RANGE.high)


def with_lr(call: Call, rate: Any) -> Call:
    """An optimizer's call at another rate: a number, or one for each lane. All levels of its schedule go with it."""
    value = call["lr"]
    if not isinstance(value, Call):
        return call.with_argument("lr", rate)
    named = get_lr(call)
    return call.with_argument(
        "lr", Call(value.name, tuple((name, scale_level(name, part, named, rate)) for name, part in value.arguments))
    )


def without_lr(call: Call) -> Call:
    """An optimizer's call as it is whatever its rate, so that another rate asks nothing new."""
    return call if isinstance(call["lr"], Call) else call.with_argument("lr", 1.0)


def scale_level(name: str, level: Any, old_lr: float, new_lr: Any) -> Any:
    """An argument of a schedule named after the level `old_lr`, when that becomes `new_lr`: all rates keep their ratio.

    What would leave the range that rates may have stays at its end.
    """
    if name not in LEVEL_LABELS or level == 0:
        return level
    clipped = np.clip(new_lr * (level / old_lr), LR_RANGE.low, LR_RANGE.high)
    return clipped if np.ndim(clipped) else float(clipped)


def compute_sweep(request: SweepRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """A few rates of every run, then all. Where no minimum is known, one near the best of the few is looked for."""
    truth = build_surface(request.surface)
    problem = noisy(truth, request.noise, request.seed)
    widths = tuple(float(high - low) for low, high in truth.box)
    grid, start = make_rate_grid(request.window), np.array(request.start, dtype=np.float64)
    first = evaluate_loss(truth, start)
    sizes = [
        ChunkSizer(RATE_COUNT, COARSE_CHUNK_SIZES) for _ in request.runs
    ]  # a step of one costs as much as a hundred of another's

    def tried(run: Run, goal: float, lanes: RateIndices) -> RateOutcomes:
        x0 = np.repeat(start[:, None], lanes.size, axis=1)
        one = build_optimizer(with_lr(run.optimizer, grid[lanes]), run.wrapper)
        return run_rates(one, make_interruptible(problem), x0, request.steps, goal, widths)

    def all_tried(level: RateIndices, goal: float) -> Iterator[tuple[int, RateIndices, RateOutcomes] | None]:
        works = (partial(tried, run, goal) for run in request.runs)
        tasks = [LaneTask(work, level, size) for work, size in zip(works, sizes, strict=True)]
        for news in run_in_chunks(queue, *tasks):
            yield news and (news[0], level[news[1]], news[2])

    coarse, rest = (
        np.arange(0, RATE_COUNT, COARSE_STRIDE),
        np.setdiff1d(np.arange(RATE_COUNT), np.arange(0, RATE_COUNT, COARSE_STRIDE)),
    )
    is_quadratic = constant_hessian(truth, truth.box) is not None
    so_far = Progress(0.0, None)
    floor = lowest_minimum_loss(truth, truth.minima) if truth.minima else None
    if floor is None:
        ends = []
        for news in all_tried(coarse, nan):
            ends += [news[2]] if news else []
            yield so_far
        minimum = find_reached_minimum(truth, widths, ends)
        floor = evaluate_loss(truth, np.array(minimum.point)) if minimum else None
    goal = nan if floor is None or not isfinite(first) else floor + request.tolerance * (first - floor)

    parts: dict[int, list[tuple[RateIndices, RateOutcomes]]] = {place: [] for place in range(len(request.runs))}
    done = 0
    for level in (coarse, rest):
        for news in all_tried(level, goal):
            if news:
                place, lanes, found = news
                parts[place].append((lanes, found))
                done += lanes.size
                so_far = Progress(done / (RATE_COUNT * len(request.runs)), so_far.result)
            yield so_far
        tried_lanes, each = merge_chunks(parts)
        best = tuple(find_best_lane(found, first, floor) for found in each)
        minimum = find_reached_minimum(truth, widths, each)
        known = RateSweep(grid[tried_lanes], tuple(each), best, first, floor, minimum, is_quadratic)
        so_far = Progress(so_far.fraction, known)
        yield so_far


def merge_chunks(parts: dict[int, list[tuple[RateIndices, RateOutcomes]]]) -> tuple[RateIndices, list[RateOutcomes]]:
    """The rates that have been tried, rising, and what became of them in each run."""
    each = []
    for place in sorted(parts):
        lanes = np.concatenate([piece for piece, _ in parts[place]])
        order = np.argsort(lanes)
        each.append(take_lanes(join_lanes([found for _, found in parts[place]]), order))
    return lanes[order], each


def find_reached_minimum(surface: Any, widths: tuple[float, ...], each: list[RateOutcomes]) -> Minimum | None:
    """The minimum that the lowest of all runs has come to, else the known one that is nearest to its end."""
    lowest = [(found.runs, find_lowest_lane(found)) for found in each]
    ends = [(runs.final_loss[i], runs.x[:, i]) for runs, i in lowest if i is not None]
    if not ends:
        return None
    _, x = min(ends, key=lambda end: (end[0], *end[1]))  # in whatever order they were found
    known = sorted((np.array(m, dtype=np.float64) for m in surface.minima), key=lambda m: float(np.hypot(*(m - x))))
    found = (find_minimum_near(surface, place, widths) for place in (x, *known[:1]))
    return next((minimum for minimum in found if minimum), None)


def find_lowest_lane(found: RateOutcomes) -> int | None:
    """The lane that ends lowest of those that do not diverge."""
    loss = found.runs.final_loss
    here = np.flatnonzero(np.isfinite(loss) & (found.stability != Stability.DIVERGED))
    return int(here[np.argmin(loss[here])]) if here.size else None


def evaluate_loss(surface: Problem, p: Array) -> float:
    with np.errstate(all="ignore"):
        found = float(surface.value(p))
    return found if isfinite(found) else np.inf
