"""Count what twenty runs ask of their problem: `make truths` records it, tests/optimizers/methods compares it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from optimizers.base import Optimizer
from optimizers.methods.conjugate_gradient import nonlinear_cg
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.second_order import bfgs, lbfgs, newton, trust_region
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem
from tests.tools.published_problems import perturb_start

COUNTS = Path(__file__).parents[1] / "optimizers" / "methods" / "evaluation_counts.json"
OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {
    "bfgs": bfgs,
    "lbfgs": lbfgs,
    "trust_region": trust_region,
    "nonlinear_cg": nonlinear_cg,
    "nelder_mead": nelder_mead,
    "newton": lambda: newton(line_search=True, avoid_saddles=True),
}
STEPS = 60
NEAR = 1e-6  # far above rounding: on the way there a count hangs on no last bit


class EvaluationCounts(NamedTuple):
    """Values, gradients and Hessians asked for, from the surface's own start."""

    until_near: list[int]  # until an iterate is within `NEAR` of the last one, in both coordinates
    in_all: list[int]  # in 60 steps


def count_evaluations(pair: str, rounding: int = 0) -> EvaluationCounts:
    """By the run of a pair, from its start or, as other processors would round, from one a few last bits beside it."""
    word, _, name = pair.partition(" on ")
    problem = CountedProblem(SURFACES[name]())
    start = perturb_start(problem.start, rounding + 1)[rounding]
    x = trajectory(OPTIMIZERS[word](), problem, start, STEPS).x
    counts = problem.cumulative_calls(STEPS)
    near = np.abs(x - x[:, -1:]).max(axis=0) <= NEAR
    return EvaluationCounts(counts[:, near.argmax()].tolist(), counts[:, -1].tolist())


def measure_counts(roundings: int = 60) -> dict[str, dict[str, list[int]]]:
    """By pair, what it asks until it is near, and the most that any of some runs asks in all."""
    pairs = [f"{word} on {name}" for word in OPTIMIZERS for name in ("rosenbrock", "beale", "himmelblau")]
    pairs += ["bfgs on goldstein_price", "trust_region on goldstein_price"]
    found = {}
    for pair in pairs:
        in_all = [count_evaluations(pair, rounding).in_all for rounding in range(roundings)]
        found[pair] = {"until_near": count_evaluations(pair).until_near, "most_in_all": np.max(in_all, axis=0).tolist()}
    return found


if __name__ == "__main__":
    COUNTS.write_text(json.dumps(measure_counts(), indent=1) + "\n", encoding="utf-8")
