"""Measurements that lessons make of a run: when it arrived, how far it went, how much it oscillates."""

from typing import Any

import numpy as np

from app.compute.cached_simulation import RunResult
from app.lessons.lesson import SimulatedRace
from surfaces.base import Array


def get_hyperparameter(race: SimulatedRace, index: int, name: str) -> Any:
    """A hyperparameter of the run at a place of the list."""
    return race.scene.runs[index].optimizer[name]


def get_arrival_step(result: RunResult) -> float:
    """The step at which the verdict says that a global minimum was reached; infinite where none was."""
    return result.verdict.step if result.verdict.kind == "global" else np.inf


def has_arrived(result: RunResult) -> bool:
    return bool(np.isfinite(get_arrival_step(result)))


def find_first_arrival(runs: tuple[RunResult, ...], names: tuple[str, ...], default: str) -> str:
    """The name of the run that arrives first; `default` where none arrives, or two at once."""
    steps = [get_arrival_step(ran) for ran in runs]
    best = min(steps)
    return names[steps.index(best)] if np.isfinite(best) and steps.count(best) == 1 else default


def find_lowest_loss(runs: tuple[RunResult, ...], names: tuple[str, ...]) -> str:
    """The name of the run whose last loss is the lowest."""
    return names[int(np.argmin([ran.columns["loss"][-1] for ran in runs]))]


def find_settling_step(column: Array, tolerance: float) -> int:
    """The step from which a column stays within a distance of 0."""
    away = np.flatnonzero(np.abs(column) > tolerance)
    return int(away[-1]) + 1 if away.size else 0


def count_loss_rises(result: RunResult) -> int:
    """Steps that made the loss larger."""
    return int((np.diff(result.columns["loss"]) > 0).sum())


def mean_final_loss(result: RunResult) -> float:
    """The mean loss of the last quarter of the run."""
    loss = result.columns["loss"]
    return float(loss[-(loss.size // 4) :].mean())


def get_iterates(result: RunResult) -> Array:
    """The iterates, (2, steps + 1)."""
    return np.array((result.columns["x"], result.columns["y"]))
