"""A grid of runs over two hyperparameters: the request, and the job that computes it, coarse first."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Progress, make_job_cache
from app.compute.cached_simulation import build_map_surface, find_lowest_known_loss
from app.compute.tunable_run_parameters import (
    ParameterPath,
    RunParameter,
    build_varied_optimizer,
    can_vary_by_lane,
    list_parameters,
    with_values,
)
from app.compute.work_chunks import ChunkSizer, LaneTask, run_in_chunks
from app.maps.hyperparameter_pair.axis_scale import make_axis_values
from app.maps.map_problem import build_problem
from app.model.scene import Call, Run
from optimizers.analysis.ending_criteria import ARRIVAL_LOSS_FRACTION
from optimizers.analysis.grid_refinement import Indices, refinement_levels, upsample
from optimizers.analysis.hyperparameter_grid import GridOutcomes, group_indices, run_grid
from optimizers.analysis.quadratic_theory import (
    HESSIAN_TOLERANCE,
    QUADRATIC_THEORY,
    constant_hessian,
    convergence_factor,
)
from optimizers.batch_run_outcomes import join_lanes, replace_never, take_lanes
from surfaces.base import Array

COARSE_STRIDE = 4  # columns between the cells that are computed first
MAX_CHUNK_CELLS = 1024  # cells in a piece of work, which keeps the distances of every step in memory


GRID_LABELS = {
    "again": "Tap it again to race it.",
    "map": "Map over two hyperparameters; arrow keys move from cell to cell, Enter races with these values",
    "inset": "The path of the run that is pointed at",
    "point": "Point at a cell: its run is drawn. A click keeps it in sight, another one races it.",
    "point_keys": "Arrow keys go from cell to cell: its run is drawn. Enter races it.",
    "point_touch": "Tap a cell: its run is drawn. Tapped again, it puts the run with these values into the race.",
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
    "scale_loss": "Final loss above the lowest known: ≤ {good} (strong) to ≥ {bad} (faint)",
    "scale_steps": "Steps to the goal: ≤ {good} (strong) to ≥ {bad} (faint)",
    "scale_rate": "Factor per step on the distance: ≤ {good} (strong) to ≥ {bad} (faint)",
    "lost_swatch": "Diverges, or falls without end",
    "never_swatch": "Never reaches the goal",
    "slower_swatch": "Does not come nearer in the second half of its run",
    "goal": "The goal: {share} % of the way down from the start is left.",
    "contours": "Lines: spectral radius {levels} by theory; dashed where it is 1, from where on runs diverge.",
}


class GridRequest(NamedTuple):
    surface: Call
    run: Run  # with the same values of x and y whatever they are in the scene
    start: tuple[float, float]
    steps: int
    noise: float
    seed: int
    x: ParameterPath
    y: ParameterPath


class HyperparameterGrid(NamedTuple):
    """The results so far, row by row from the bottom; a cell not computed yet has those of the nearest one that is."""

    kind: NDArray[np.uint8]
    loss: Array
    steps_to_goal: NDArray[np.uint16]
    measured_rate: Array
    stride: int  # columns between cells that are computed


class Quadratic(NamedTuple):
    """A surface with constant positive curvatures, on which rates of convergence are measured."""

    minimum: tuple[float, float]
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
    """The request, which does not depend on the present values of x and y."""
    run = with_values(run, (x, y), [make_axis_values(axis.limits)[0] for axis in (x, y)])
    return GridRequest(surface, run._replace(slot=0, is_on=True), start, steps, noise, seed, x.path, y.path)


@lru_cache(maxsize=64)
def find_quadratic(surface: Call) -> Quadratic | None:
    """The minimum and the curvatures of a surface whose Hessian is constant and positive, else None."""
    f = build_map_surface(surface)
    H = constant_hessian(f, f.box) if f.at(1) is f.at(2) else None
    curvatures = np.linalg.eigvalsh(H) if H is not None else np.zeros(2)
    if H is None or not curvatures[0] > HESSIAN_TOLERANCE * curvatures[1]:
        return None
    x = np.array(f.start, dtype=np.float64)
    target = f.minima[0] if f.minima else x - np.linalg.solve(H, f.grad(x))
    return Quadratic((float(target[0]), float(target[1])), (float(curvatures[0]), float(curvatures[1])))


def compute_spectral_radii(request: GridRequest, x: Array, y: Array) -> Array | None:
    """The spectral radius in each cell, if there is a theory of this run on this surface."""
    optimizer, quadratic = request.run.optimizer, find_quadratic(request.surface)
    is_plain = not request.run.wrapper and not any(isinstance(value, Call) for _, value in optimizer.arguments)
    if not quadratic or request.noise or optimizer.name not in QUADRATIC_THEORY or not is_plain:
        return None
    across, up = np.meshgrid(x, y)
    hyper = dict(optimizer.arguments) | {request.x[0]: across.ravel(), request.y[0]: up.ravel()}
    return convergence_factor(optimizer.name, hyper["lr"], hyper.get("mu", 0.0), quadratic.curvatures)


def compute_grid(request: GridRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield a grid for each level of refinement, twice as fine as the one before."""
    parameters = {parameter.path: parameter for parameter in list_parameters(request.run)}
    x, y = parameters[request.x], parameters[request.y]
    problem = build_problem(request.surface, request.noise, request.seed)
    with np.errstate(all="ignore"):
        initial_loss = float(problem.surface.value(np.array(request.start)))
    lowest = find_lowest_known_loss(request.surface)
    goal = lowest + ARRIVAL_LOSS_FRACTION * (initial_loss - lowest)
    quadratic = None if request.noise else find_quadratic(request.surface)
    minimum = np.array(quadratic.minimum) if quadratic else None
    across, up = make_axis_values(x.limits), make_axis_values(y.limits)
    columns, count = across.size, across.size * up.size
    fixed_axes = [axis for axis in (x, y) if not can_vary_by_lane(request.run, axis)]

    def run_cells(cells: Indices) -> GridOutcomes:
        """Run some cells; those with the same values of `fixed_axes` are lanes of one batch."""
        values = {x: across[cells % columns], y: up[cells // columns]}
        keys = list(zip(*(values[axis] for axis in fixed_axes), strict=True)) if fixed_axes else [()] * cells.size
        batches, lanes_of_batches = [], []
        for key, lanes in group_indices(keys).items():
            values_of_batch = {axis: v[lanes] for axis, v in values.items()} | dict(zip(fixed_axes, key, strict=True))
            lanes_of_batches.append(lanes)
            batches.append(
                run_grid(
                    build_varied_optimizer(request.run, values_of_batch),
                    problem.interruptible,
                    request.start,
                    request.steps,
                    problem.widths,
                    lanes=lanes.size,
                    minima=problem.surface.minima,
                    goal=goal,
                    minimum=minimum,
                )
            )
        return take_lanes(join_lanes(batches), np.argsort(np.concatenate(lanes_of_batches)))

    kind, reached = np.zeros(count, dtype=np.uint8), np.zeros(count, dtype=np.uint16)
    loss, rate = np.zeros(count), np.zeros(count)
    done, progress, sizes = 0, Progress(0.0, None), ChunkSizer(MAX_CHUNK_CELLS)
    for stride, cells in refinement_levels(columns, up.size, COARSE_STRIDE):
        if x in fixed_axes:  # cells of one column side by side, so that there are few batches
            cells = cells[np.argsort(cells % columns, kind="stable")]  # noqa: PLW2901
        for piece in run_in_chunks(queue, LaneTask(run_cells, cells, sizes)):
            if piece:
                _, cut, outcomes = piece
                here = cells[cut]
                kind[here], loss[here], rate[here] = outcomes.ending, outcomes.final_loss, outcomes.convergence_factor
                reached[here] = replace_never(outcomes.settled_step, request.steps)
                done += here.size
                progress = Progress(done / count, progress.result)
            yield progress
        columns_of_result = (upsample(values, columns, stride) for values in (kind, loss, reached, rate))
        progress = Progress(done / count, HyperparameterGrid(*columns_of_result, stride))
        yield progress


get_grid_job = make_job_cache(compute_grid)
