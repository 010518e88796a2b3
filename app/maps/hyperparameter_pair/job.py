"""What two hyperparameters make of a run: the question, and the work that answers it, coarse first."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Job, Progress, make_job
from app.compute.cached_simulation import build_surface, find_lowest_known_loss
from app.compute.run_parameters import (
    ParameterPath,
    RunParameter,
    build_varied_optimizer,
    can_vary_by_lane,
    list_parameters,
    with_values,
)
from app.compute.work_chunks import ChunkSizer, LaneTask, make_interruptible, run_in_chunks
from app.maps.hyperparameter_pair.axis_scale import make_axis_values
from app.model.scene import Call, Run
from optimizers.analysis.ending_classification import ARRIVAL_LOSS_FRACTION
from optimizers.analysis.grid_refinement import Indices, refinement_levels, upsample
from optimizers.analysis.hyperparameter_grid import GridOutcomes, group_indices, run_grid
from optimizers.analysis.quadratic_theory import (
    HESSIAN_TOLERANCE,
    QUADRATIC_THEORY,
    constant_hessian,
    convergence_factor,
)
from optimizers.run_statistics import join_lanes, replace_never, take_lanes
from surfaces.base import Array
from surfaces.observers.gradient_noise import noisy

COARSE_STRIDE = 4  # columns between the first cells that are computed
MAX_CHUNK_CELLS = 1024  # cells in a piece: the distances of every step are kept while it is computed


GRID_LABELS = {
    "again": "Tap it again to race it.",
    "map": "Map over two hyperparameters; arrow keys move from cell to cell, Enter races with these values",
    "inset": "The path of the run that is pointed at",
    "point": "Point at a cell: its run is drawn. A click puts the run with these values into the race.",
    "done": "{cells} runs",
    "both": "{x}, {y}",
    "loss": "final loss {loss}",
    "loss_above": "final loss {loss}, {above} above the lowest known",
    "steps": "at the goal after {n} steps",
    "never": "the goal is not reached in {n} steps",
    "rate": "rate {rate} measured",
    "theory": "{rate} by theory (spectral radius)",
    "minimum": "ends at a minimum",
    "saddle": "stops at a saddle or a maximum",
    "stalled": "stalled, or still on its way",
    "lost": "diverges, or falls without end",
    "own": "the run as it is",
    "best": "best: {values}: {result}",
    "scale_loss": "Final loss above the lowest known: {good} (strong) to {bad} (faint)",
    "scale_steps": "Steps to the goal: {good} (strong) to {bad} (faint)",
    "scale_rate": "Factor per step on the distance: {good} (strong) to {bad} (faint)",
    "lost_swatch": "Diverges, or falls without end",
    "never_swatch": "Never reaches the goal",
    "slower_swatch": "Does not come nearer in the second half of its run",
    "goal": "The goal: {share} % of the way down from the start is left.",
    "contours": "Lines: spectral radius {levels} by theory; dashed where it is 1, from where on runs diverge.",
}


class GridRequest(NamedTuple):
    surface: Call
    run: Run  # in the two places anything, and always the same
    start: tuple[float, float]
    steps: int
    noise: float
    seed: int
    x: ParameterPath
    y: ParameterPath


class HyperparameterGrid(NamedTuple):
    """What is known so far, in cells row by row from the bottom; each has what the nearest one computed has."""

    kind: NDArray[np.uint8]
    loss: Array
    steps_to_goal: NDArray[np.uint16]
    measured_rate: Array
    stride: int  # columns between cells that were computed


class Quadratic(NamedTuple):
    """What a rate is measured by, on a surface that is a bowl of constant curvatures."""

    minimum: tuple[float, float]  # its minimum
    curvatures: tuple[float, float]


def make_grid_request(
    surface: Call,
    run: Run,
    start: tuple[float, float],
    steps: int,
    noise: float,
    seed: int,
    x: RunParameter,
    y: RunParameter,
) -> GridRequest:
    """The question, the same wherever the run stands on the map."""
    run = with_values(run, (x, y), [make_axis_values(axis.limits)[0] for axis in (x, y)])
    return GridRequest(surface, run._replace(slot=0, is_on=True), start, steps, noise, seed, x.path, y.path)


@lru_cache(maxsize=64)  # what has been computed is there for the next visitor who asks
def get_grid_job(request: GridRequest) -> Job:
    return make_job(compute_grid, request)


@lru_cache(maxsize=64)
def find_quadratic(surface: Call) -> Quadratic | None:
    """The minimum and the curvatures of a surface whose Hessian is constant, and positive; None of another."""
    f = build_surface(surface)
    H = constant_hessian(f, f.box) if f.at(1) is f.at(2) else None
    curvatures = np.linalg.eigvalsh(H) if H is not None else np.zeros(2)
    if H is None or not curvatures[0] > HESSIAN_TOLERANCE * curvatures[1]:
        return None
    x = np.array(f.start, dtype=np.float64)
    target = f.minima[0] if f.minima else x - np.linalg.solve(H, f.grad(x))
    return Quadratic((float(target[0]), float(target[1])), (float(curvatures[0]), float(curvatures[1])))


def compute_spectral_radii(request: GridRequest, x: Array, y: Array) -> Array | None:
    """The spectral radius in each cell, where there is a theory of this run on this surface."""
    racer, found = request.run.optimizer, find_quadratic(request.surface)
    plain = not request.run.wrapper and not any(isinstance(value, Call) for _, value in racer.arguments)
    if not found or request.noise or racer.name not in QUADRATIC_THEORY or not plain:
        return None
    across, up = np.meshgrid(x, y)
    hyper = dict(racer.arguments) | {request.x[0]: across.ravel(), request.y[0]: up.ravel()}
    return convergence_factor(racer.name, hyper["lr"], hyper.get("mu", 0.0), found.curvatures)


def compute_grid(request: GridRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Level by level, each twice as fine as the one before."""
    parameters = {parameter.path: parameter for parameter in list_parameters(request.run)}
    x, y = parameters[request.x], parameters[request.y]
    truth = build_surface(request.surface)
    problem = noisy(truth, request.noise, request.seed)
    widths = tuple(float(high - low) for low, high in truth.box)
    with np.errstate(all="ignore"):
        first = float(truth.value(np.array(request.start)))
    floor = find_lowest_known_loss(request.surface)
    goal = floor + ARRIVAL_LOSS_FRACTION * (first - floor)
    bowl = None if request.noise else find_quadratic(request.surface)
    minimum = np.array(bowl.minimum) if bowl else None
    across, up = make_axis_values(x.limits), make_axis_values(y.limits)
    columns, count = across.size, across.size * up.size
    apart = [axis for axis in (x, y) if not can_vary_by_lane(request.run, axis)]

    def runs(cells: Indices) -> GridOutcomes:
        """The runs of some cells: as lanes, but for what cannot be one."""
        given = {x: across[cells % columns], y: up[cells // columns]}
        keys = list(zip(*(given[axis] for axis in apart), strict=True)) if apart else [()] * cells.size
        parts, places = [], []
        for key, lanes in group_indices(keys).items():
            mixed = {axis: values[lanes] for axis, values in given.items()} | dict(zip(apart, key, strict=True))
            places.append(lanes)
            parts.append(
                run_grid(
                    build_varied_optimizer(request.run, mixed),
                    make_interruptible(problem),
                    request.start,
                    request.steps,
                    widths,
                    lanes=lanes.size,
                    minima=truth.minima,
                    goal=goal,
                    minimum=minimum,
                )
            )
        back = np.argsort(np.concatenate(places))
        return take_lanes(join_lanes(parts), back)

    kind, reached = np.zeros(count, dtype=np.uint8), np.zeros(count, dtype=np.uint16)
    loss, rate = np.zeros(count), np.zeros(count)
    done, so_far, sizes = 0, Progress(0.0, None), ChunkSizer(MAX_CHUNK_CELLS)
    for distance, cells in refinement_levels(columns, up.size, COARSE_STRIDE):
        if x in apart:
            cells = cells[np.argsort(cells % columns, kind="stable")]  # noqa: PLW2901 -- so that few runs are apart
        for news in run_in_chunks(queue, LaneTask(runs, cells, sizes)):
            if news:
                _, cut, found = news
                here = cells[cut]
                kind[here], loss[here], rate[here] = found.ending, found.final_loss, found.convergence_factor
                reached[here] = replace_never(found.settled_step, request.steps)
                done += here.size
                so_far = Progress(done / count, so_far.result)
            yield so_far
        known = HyperparameterGrid(
            *(upsample(column, columns, distance) for column in (kind, loss, reached, rate)), distance
        )
        so_far = Progress(done / count, known)
        yield so_far
