"""A sweep over learning rates: the request, and the job that computes it, coarse first."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from math import ceil, isfinite, log10, nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Progress, make_job_cache
from app.compute.cached_simulation import build_optimizer
from app.compute.tunable_run_parameters import get_lr
from app.compute.work_chunks import ChunkSizer, LaneTask, run_in_chunks
from app.maps.map_problem import build_problem
from app.model.hyperparameter_table import LEVEL_LABELS, LR_RANGE
from app.model.scene import Call, Run
from optimizers.analysis.learning_rate_sweep import (
    Minimum,
    RateOutcomes,
    Stability,
    find_best_lane,
    find_minimum_near,
    find_most_frequent_minimum,
    merge_alike,
    run_rates,
)
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.analysis.quadratic_theory import constant_hessian
from optimizers.batch_run_outcomes import join_lanes, take_lanes
from surfaces.base import Array, Problem

RATE_COUNT, COARSE_STRIDE = 200, 8  # rates at the end, and how many of these one stands for at first
COARSE_CHUNK_SIZES = (RATE_COUNT // COARSE_STRIDE,)  # rates in the first piece of work
MAX_POLISHED_ENDS = 40  # of a run's ends, from which its minimum is looked for
RateIndices = NDArray[np.intp]

SWEEP_LABELS = {
    "again": "Tap it again to race it.",
    "map": "Loss and steps by learning rate; left and right move a line over it, up and down choose a run, "
    "Enter races it at that rate",
    "point": "Point at a learning rate: what it does to each run. A click keeps it in sight, another one races the "
    "run with the nearest curve at it.",
    "point_keys": "Left and right move a line over the learning rates, up and down choose a run. Enter races it at "
    "that rate.",
    "point_touch": "Tap at a learning rate: what it does to each run. A second tap puts the run with the nearest curve "
    "into the race at it.",
    "done": "{rates} learning rates",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Reset the view",
    "above": "loss above the lowest known",
    "loss": "loss",
    "no_goal": "steps to a tolerance: none, because no lowest loss is known",
    "steps": "steps to the tolerance",
    "no_steps": "steps to the tolerance: no run reaches it, at any of these learning rates",
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
    runs: tuple[Run, ...]  # with any rate; only the shape of a schedule matters
    start: tuple[float, float]
    steps: int
    noise: float
    seed: int
    window: tuple[float, float]  # the least and the largest rate
    tolerance: float  # of the way from the start's loss down to the lowest known


class RateSweep(NamedTuple):
    """The results so far, of the rates that are computed."""

    rates: Array  # (n,), rising
    outcomes: tuple[RateOutcomes, ...]  # of each run
    best_index: tuple[int | None, ...]  # of each run: the index of its best rate
    initial_loss: float  # the loss at the start
    lowest_loss: float | None  # the lowest known loss
    minima: tuple[Minimum | None, ...]  # of each run: the one where most of its rates end
    is_quadratic: bool  # whether the Hessian is constant


def make_rate_grid(window: tuple[float, float]) -> Array:
    """Rates evenly on a log axis, in as few digits as tell them apart: a rate is raced as it is shown."""
    low, high = window
    digits = max(3, 2 + ceil(-log10((high / low) ** (1 / (RATE_COUNT - 1)) - 1)))
    grid = [float(f"{rate:.{digits}g}") for rate in np.geomspace(low, high, RATE_COUNT)]
    return np.clip(grid, LR_RANGE.low, LR_RANGE.high)


def with_lr(call: Call, rate: Any) -> Call:
    """An optimizer's call at another rate: a number, or one per lane. All levels of its schedule are scaled with it."""
    value = call["lr"]
    if not isinstance(value, Call):
        return call.with_argument("lr", rate)
    named = get_lr(call)
    return call.with_argument(
        "lr", Call(value.name, tuple((name, scale_level(name, part, named, rate)) for name, part in value.arguments))
    )


def without_lr(call: Call) -> Call:
    """An optimizer's call with the same rate whatever it was, so that another rate is the same request."""
    return call if isinstance(call["lr"], Call) else call.with_argument("lr", 1.0)


def scale_level(name: str, level: Any, old_lr: float, new_lr: Any) -> Any:
    """An argument of a schedule named after the level `old_lr`, when that becomes `new_lr`: all rates keep their ratio.

    A level that would leave the range of learning rates is put at its end.
    """
    if name not in LEVEL_LABELS or level == 0:
        return level
    clipped = np.clip(new_lr * (level / old_lr), LR_RANGE.low, LR_RANGE.high)
    return clipped if np.ndim(clipped) else float(clipped)


def compute_sweep(request: SweepRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a few rates of every run, then all. Without a known minimum, one is looked for near the best of the few."""
    problem = build_problem(request.surface, request.noise, request.seed)
    f, widths = problem.surface, problem.widths
    grid, start = make_rate_grid(request.window), np.array(request.start, dtype=np.float64)
    initial_loss = evaluate_loss(f, start)
    sizers = [ChunkSizer(RATE_COUNT, COARSE_CHUNK_SIZES) for _ in request.runs]  # runs may differ in cost a hundredfold

    def run_rate_lanes(run: Run, goal: float, lanes: RateIndices) -> RateOutcomes:
        x0 = np.repeat(start[:, None], lanes.size, axis=1)
        optimizer = build_optimizer(with_lr(run.optimizer, grid[lanes]), run.wrapper)
        return run_rates(optimizer, problem.interruptible, x0, request.steps, goal, widths)

    def run_level(level: RateIndices, goal: float) -> Iterator[tuple[int, RateIndices, RateOutcomes] | None]:
        functions = (partial(run_rate_lanes, run, goal) for run in request.runs)
        tasks = [LaneTask(function, level, sizer) for function, sizer in zip(functions, sizers, strict=True)]
        for piece in run_in_chunks(queue, *tasks):
            yield piece and (piece[0], level[piece[1]], piece[2])

    coarse = np.arange(0, RATE_COUNT, COARSE_STRIDE)
    is_quadratic = constant_hessian(f, f.box) is not None
    progress = Progress(0.0, None)
    lowest_loss = lowest_minimum_loss(f, f.minima) if f.minima else None
    if lowest_loss is None:
        ends = []
        for piece in run_level(coarse, nan):
            ends += [piece[2]] if piece else []
            yield progress
        minimum = find_lowest_minimum(f, widths, ends)
        lowest_loss = evaluate_loss(f, np.array(minimum.point)) if minimum else None
    goal = nan
    if lowest_loss is not None and isfinite(initial_loss):
        goal = lowest_loss + request.tolerance * (initial_loss - lowest_loss)

    parts: dict[int, list[tuple[RateIndices, RateOutcomes]]] = {index: [] for index in range(len(request.runs))}
    done = 0
    for level in (coarse, np.setdiff1d(np.arange(RATE_COUNT), coarse)):
        for piece in run_level(level, goal):
            if piece:
                index, lanes, outcomes = piece
                parts[index].append((lanes, outcomes))
                done += lanes.size
                progress = Progress(done / (RATE_COUNT * len(request.runs)), progress.result)
            yield progress
        computed, outcomes_of_runs = merge_chunks(parts)
        best = tuple(find_best_lane(outcomes, initial_loss, lowest_loss) for outcomes in outcomes_of_runs)
        minima = merge_alike([find_usual_minimum(f, widths, outcomes) for outcomes in outcomes_of_runs], widths)
        result = RateSweep(
            grid[computed], tuple(outcomes_of_runs), best, initial_loss, lowest_loss, minima, is_quadratic
        )
        progress = Progress(progress.fraction, result)
        yield progress


get_sweep_job = make_job_cache(compute_sweep)


def merge_chunks(parts: dict[int, list[tuple[RateIndices, RateOutcomes]]]) -> tuple[RateIndices, list[RateOutcomes]]:
    """The indices of the rates that are computed, rising, and the outcomes of each run at them."""
    merged = []
    for index in sorted(parts):
        lanes = np.concatenate([piece for piece, _ in parts[index]])
        order = np.argsort(lanes)
        merged.append(take_lanes(join_lanes([outcomes for _, outcomes in parts[index]]), order))
    return lanes[order], merged


def find_usual_minimum(surface: Any, widths: tuple[float, ...], outcomes: RateOutcomes) -> Minimum | None:
    """The minimum where most of a run's stable rates end; if none ends at one, that of its lowest end.

    The lowest end alone may lie far away, at the end of a single long step.
    """
    lanes = np.flatnonzero(outcomes.stability == Stability.STABLE)
    return find_most_frequent_minimum(
        surface, outcomes.runs.x[:, lanes[:: max(1, lanes.size // MAX_POLISHED_ENDS)]], widths
    ) or find_lowest_minimum(surface, widths, [outcomes])


def find_lowest_minimum(surface: Any, widths: tuple[float, ...], outcomes: list[RateOutcomes]) -> Minimum | None:
    """The minimum where the run with the lowest loss ends, else the known one that is nearest to its end."""
    lowest = [(each.runs, find_lowest_lane(each)) for each in outcomes]
    ends = [(runs.final_loss[i], runs.x[:, i]) for runs, i in lowest if i is not None]
    if not ends:
        return None
    _, x = min(ends, key=lambda end: (end[0], *end[1]))  # the same in whatever order the pieces came
    known = sorted((np.array(m, dtype=np.float64) for m in surface.minima), key=lambda m: float(np.hypot(*(m - x))))
    candidates = (find_minimum_near(surface, point, widths) for point in (x, *known[:1]))
    return next((minimum for minimum in candidates if minimum), None)


def find_lowest_lane(outcomes: RateOutcomes) -> int | None:
    """The lane that ends lowest of those that do not diverge."""
    loss = outcomes.runs.final_loss
    lanes = np.flatnonzero(np.isfinite(loss) & (outcomes.stability != Stability.DIVERGED))
    return int(lanes[np.argmin(loss[lanes])]) if lanes.size else None


def evaluate_loss(surface: Problem, p: Array) -> float:
    with np.errstate(all="ignore"):
        loss = float(surface.value(p))
    return loss if isfinite(loss) else np.inf
