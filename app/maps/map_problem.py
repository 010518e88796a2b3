"""The problem that the runs of a map minimise."""

from typing import Any, NamedTuple

from app.compute.cached_simulation import build_map_surface
from app.compute.work_chunks import make_interruptible
from app.model.scene import Call
from surfaces.base import Problem
from surfaces.observers.gradient_noise import noisy


class MapProblem(NamedTuple):
    surface: Any  # without noise
    noisy: Problem  # with noise on its gradients
    interruptible: Problem  # with noise, for runs that other work may interrupt
    widths: tuple[float, ...]  # of the view, along each axis


def build_problem(surface: Call, noise: float = 0.0, seed: int = 0) -> MapProblem:
    f = build_map_surface(surface)
    problem = noisy(f, noise, seed)
    return MapProblem(f, problem, make_interruptible(problem), tuple(float(high - low) for low, high in f.box))
