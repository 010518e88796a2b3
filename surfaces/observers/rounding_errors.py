"""A problem with other rounding errors, as another program or processor would make them."""

import numpy as np

from surfaces.base import Array, Objective, Problem
from surfaces.observers.problem_wrapper import ProblemWrapper

RELATIVE_ERROR = 4e-16  # about two last bits
HASH_MULTIPLIER = np.uint64(0xBF58476D1CE4E5B9)


class PerturbedProblem(ProblemWrapper):
    """A problem with other rounding errors, which depend on the point and the seed alone."""

    def __init__(self, problem: Problem, seed: int) -> None:
        super().__init__(problem)
        self.seed = seed

    def at(self, t: int) -> Objective:
        return PerturbedObjective(self.problem.at(t), self.seed, moves_points=t > 1)


class PerturbedObjective:
    """The objective of one step of a perturbed problem: value and gradient with a relative error, at a point with one.

    The error of the point matters where the gradient goes to zero: at a minimum the gradient is the rounding error of
    terms that cancel, which is far more than its own last bits. The start is exact, as it is the same number in every
    program. The error differs from point to point, so that two points that are almost equally high may change places,
    as they do for a method that only compares values.
    """

    def __init__(self, f: Objective, seed: int, moves_points: bool) -> None:
        self.f, self.seed, self.moves_points, self.hess = f, seed, moves_points, f.hess

    def value(self, p: Array) -> Array:
        beside, off = self.draw_errors(p)
        return self.f.value(beside) * (1 + off[0])

    def grad(self, p: Array) -> Array:
        beside, off = self.draw_errors(p)
        return self.f.grad(beside) * (1 + off)

    def draw_errors(self, p: Array) -> tuple[Array, Array]:
        """A point beside `p` (2, ...) and two relative errors (2, ...), pseudorandom but made of the bits of `p`."""
        streams = np.arange(4, dtype=np.uint64).reshape(-1, *(1,) * (p.ndim - 1))
        mixed = streams + np.uint64(4 * self.seed + 1)
        for bits in (p + 0.0).view(np.uint64):  # + 0.0: there is one zero only
            for shift in (29, 32):  # multiply and fold, as splitmix64 does, so that each bit moves all others
                mixed = (mixed ^ bits) * HASH_MULTIPLIER
                mixed ^= mixed >> np.uint64(shift)
        off = RELATIVE_ERROR * (mixed / 2.0**63 - 1)
        return p * (1 + off[:2]) if self.moves_points else p, off[2:]
