"""The sensitivity of the end of a run to rounding errors."""

import numpy as np
from numpy.typing import ArrayLike

from optimizers.base import Optimizer
from optimizers.simulate import endpoint
from surfaces.base import Array, Objective, Problem

RELATIVE_ERROR = 4e-16  # relative, about two last bits
HASH_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9)
NEAR_ZERO = 1e-3  # coordinates this small are compared as if they were this large: minima are at 0 too


class PerturbedProblem:
    """A problem with other rounding errors: the same at a point however often it is evaluated there."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.seed = problem, seed
        self.value, self.grad, self.hess = problem.value, problem.grad, problem.hess

    def at(self, t: int) -> Objective:
        return PerturbedObjective(self.problem.at(t), self.seed, moved=t > 1)


class PerturbedObjective:
    """The objective of one step of a perturbed problem: both the point and the result have a relative error.

    The error of the point matters where the result goes to zero: near a minimum the gradient is the rounding error of
    terms that cancel, far more than its own last bits. Each point has its own error, so that two points with almost
    the same loss may change their order, which matters to a method that only compares. The start has no error.
    """

    def __init__(self, f: Objective, seed: int, moved: bool) -> None:
        self.f, self.seed, self.moved, self.hess = f, seed, moved, f.hess

    def value(self, p: Array) -> Array:
        beside, off = self.errors(p)
        return self.f.value(beside) * (1 + off[0])

    def grad(self, p: Array) -> Array:
        beside, off = self.errors(p)
        return self.f.grad(beside) * (1 + off)

    def errors(self, p: Array) -> tuple[Array, Array]:
        """A point beside `p` (2, ...), and two relative errors (2, ...): pseudorandom numbers from the bits of `p`."""
        streams = np.arange(4, dtype=np.uint64).reshape(-1, *(1,) * (p.ndim - 1))
        mixed = streams + np.uint64(4 * self.seed + 1)
        for bits in (p + 0.0).view(np.uint64):  # + 0.0: there is one zero only
            for shift in (29, 32):  # multiply and fold, as splitmix64 does, so that each bit moves all others
                mixed = (mixed ^ bits) * HASH_MULTIPLIER
                mixed ^= mixed >> np.uint64(shift)
        off = RELATIVE_ERROR * (mixed / 2.0**63 - 1)
        return p * (1 + off[:2]) if self.moved else p, off[2:]


def endpoint_sensitivity(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int, tries: int = 2) -> float:
    r"""How far the end of a run of two coordinates moves, relative to itself, when every result has rounding errors.

    About $10^{-15}$ for a stable path; large for a chaotic one, as one that swings about a minimum for ever: another
    program or machine ends at another point. It is large, too, for a method that compares values, once its points are
    so close together that these differ by rounding errors only.
    """
    end = endpoint(optimizer, problem, x0, steps).x
    shaken = [endpoint(optimizer, PerturbedProblem(problem, seed), x0, steps).x for seed in range(tries)]
    return float(max((np.abs(other - end) / np.maximum(np.abs(end), NEAR_ZERO)).max() for other in shaken))
