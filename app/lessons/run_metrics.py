"""Measurements of runs for the lessons: arrival, loss, settling."""

from typing import Any

import numpy as np

from app.compute.cached_simulation import RunResult
from app.lessons.lesson import SimulatedRace
from surfaces.base import Array


def get_hyperparameter(race: SimulatedRace, index: int, name: str) -> Any:
    """A hyperparameter of the run with this index."""
    return race.scene.runs[index].optimizer[name]


def get_arrival_step(result: RunResult) -> float:
    """The step at which a global minimum was reached according to the verdict; infinite if none was."""
    return result.verdict.step if result.verdict.kind == "global" else np.inf


def has_arrived(result: RunResult) -> bool:
    return bool(np.isfinite(get_arrival_step(result)))


def find_first_arrival(runs: tuple[RunResult, ...], names: tuple[str, ...], default: str) -> str:
    """The name of the run that arrives first; `default` if none arrives or two arrive at once."""
    steps = [get_arrival_step(result) for result in runs]
    first = min(steps)
    return names[steps.index(first)] if np.isfinite(first) and steps.count(first) == 1 else default


def find_lowest_loss(runs: tuple[RunResult, ...], names: tuple[str, ...]) -> str:
    """The name of the run with the lowest final loss."""
    return names[int(np.argmin([result.columns["loss"][-1] for result in runs]))]


def find_settling_step(column: Array, tolerance: float) -> int:
    """The step from which on a column stays within `tolerance` of 0."""
    outside = np.flatnonzero(np.abs(column) > tolerance)
    return int(outside[-1]) + 1 if outside.size else 0


def count_loss_rises(result: RunResult) -> int:
    """The number of steps that increased the loss."""
    return int((np.diff(result.columns["loss"]) > 0).sum())


def mean_final_loss(result: RunResult) -> float:
    """The mean loss of the last quarter of the run."""
    loss = result.columns["loss"]
    return float(loss[-(loss.size // 4) :].mean())


def get_iterates(result: RunResult) -> Array:
    """The iterates, (2, steps + 1)."""
    return np.array((result.columns["x"], result.columns["y"]))
