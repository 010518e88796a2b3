"""How much rounding errors decide where a run ends."""

import numpy as np
from numpy.typing import ArrayLike

from optimizers.base import Optimizer
from optimizers.simulate import endpoint
from surfaces.base import Array, Objective, Problem

EPS = 4e-16  # relative, about two last bits
NEAR_ZERO = 1e-3  # coordinates this small are compared as if they were this large: minima are at 0 too


class Shaken:
    """A problem whose answers have another rounding error at every step, the same however often they are asked."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.seed = problem, seed
        self.value, self.grad, self.hess = problem.value, problem.grad, problem.hess

    def at(self, t: int) -> Objective:
        return Answers(self.problem.at(t), np.random.default_rng((self.seed, t)))


class Answers:
    """What one step of a shaken problem sees."""

    def __init__(self, f: Objective, rng: np.random.Generator) -> None:
        self.f, self.hess = f, f.hess
        self.error, *errors = EPS * rng.uniform(-1, 1, 3)
        self.errors = np.array(errors)

    def value(self, p: Array) -> Array:
        return self.f.value(p) * (1 + self.error)

    def grad(self, p: Array) -> Array:
        g = self.f.grad(p)
        return g * (1 + self.errors.reshape(-1, *(1,) * (g.ndim - 1)))


def swing(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int, tries: int = 2) -> float:
    r"""How far the end of a run of two coordinates moves, relative to itself, when every gradient has rounding errors.

    About $10^{-15}$ where the path is led; large where it is chaotic, as where it swings about a minimum for ever:
    there no other program, and no other machine, ends at the same point.
    """
    end = endpoint(optimizer, problem, x0, steps).x
    shaken = [endpoint(optimizer, Shaken(problem, seed), x0, steps).x for seed in range(tries)]
    return float(max((np.abs(other - end) / np.maximum(np.abs(end), NEAR_ZERO)).max() for other in shaken))
