"""Seeded noise on the gradients that the optimizer sees; the surface that is plotted has none."""

import numpy as np

from surfaces.base import Array, Objective, Problem
from surfaces.observers.problem_wrapper import ProblemWrapper

NOISE_STREAM = 1  # keeps the draws apart from those of a minibatch with the same seed


class NoisyObjective:
    """The objective of step t of a noisy problem: the gradient plus one draw, the same in the whole step."""

    def __init__(self, f: Objective, sigma: float, seed: int, t: int) -> None:
        self.value = f.value
        self.hess = f.hess
        self._grad = f.grad
        self._sigma = sigma
        self._key = (seed, t, NOISE_STREAM)
        self._noise: Array | None = None

    def grad(self, p: Array) -> Array:
        g = self._grad(p)
        if self._noise is None:
            self._noise = self._sigma * np.random.default_rng(self._key).standard_normal(len(g))
        return g + self._noise.reshape(-1, *(1,) * (g.ndim - 1))


class NoisyProblem(ProblemWrapper):
    """A problem whose `at(t)` has a noisy gradient."""

    def __init__(self, problem: Problem, sigma: float, seed: int) -> None:
        super().__init__(problem)
        self.sigma, self.seed = sigma, seed

    def at(self, t: int) -> Objective:
        return NoisyObjective(self.problem.at(t), self.sigma, self.seed, t)


class NoiselessProblem(ProblemWrapper):
    """A problem of minibatches or with noise, all of whose steps see the whole function instead."""

    def at(self, t: int) -> Objective:
        return self.problem


def noisy(problem: Problem, sigma: float = 1.0, seed: int = 0) -> Problem:
    r"""Every step sees the gradient through noise, so no step length but a shrinking one settles down.

    $$ g_t(p) = \nabla f(p) + \sigma\, \xi_t, \qquad \xi_t \sim \mathcal N(0, I) $$

    The draw depends on (seed, t) alone: asked twice within a step, replayed or plotted, it is the same.
    All lanes meet the same draw, so that a batch is its lanes run alone and a comparison is fair.
    Value and Hessian are the problem's, and `value` stays the truth.
    Robbins & Monro (1951), *Ann. Math. Stat.* 22(3), 400-407.
    """
    return NoisyProblem(problem, sigma, seed) if sigma else problem
