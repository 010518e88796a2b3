"""The sensitivity of the end of a run to rounding errors."""

import numpy as np
from numpy.typing import ArrayLike

from optimizers.base import Optimizer
from optimizers.simulate import endpoint
from surfaces.base import Problem
from surfaces.observers.rounding_errors import PerturbedProblem

NEAR_ZERO = 1e-3  # coordinates this small are compared as if they were this large: minima are at 0 too


def endpoint_sensitivity(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int, tries: int = 2) -> float:
    r"""How far the end of a run of two coordinates moves, relative to itself, when every result has rounding errors.

    About $10^{-15}$ for a stable path; large for a chaotic one, as one that swings about a minimum for ever: another
    program or machine ends at another point. It is large, too, for a method that compares values, once its points are
    so close together that these differ by rounding errors only.
    """
    end = endpoint(optimizer, problem, x0, steps).x
    shaken = [endpoint(optimizer, PerturbedProblem(problem, seed), x0, steps).x for seed in range(tries)]
    return float(max((np.abs(other - end) / np.maximum(np.abs(end), NEAR_ZERO)).max() for other in shaken))
