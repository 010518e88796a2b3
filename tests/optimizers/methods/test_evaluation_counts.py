"""Evaluation counts of twenty runs: a higher count is a fault, a lower one is recorded by `make truths`."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from optimizers.methods.conjugate_gradient import nonlinear_cg
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.second_order import bfgs, lbfgs, newton, trust_region
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem
from tests.tools.published_problems import perturb_start

COUNTS = Path(__file__).parent / "evaluation_counts.json"
OPTIMIZERS = {
    "bfgs": bfgs,
    "lbfgs": lbfgs,
    "trust_region": trust_region,
    "nonlinear_cg": nonlinear_cg,
    "nelder_mead": nelder_mead,
    "newton": lambda: newton(line_search=True, avoid_saddles=True),
}
STEPS = 60
NEAR = 1e-6  # far above rounding: on the way there a count hangs on no last bit
TRIALS = 2  # of a line search that may go the other way all the same
WORST = 1.25  # what the last steps ask, where only rounding is left to be gained, over the most that was seen
RECORDED = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {}


class Asked(NamedTuple):
    """Values, gradients and Hessians asked for, from the surface's own start."""

    until_near: list[int]  # until an iterate is within `NEAR` of the last one, in both coordinates
    in_all: list[int]  # in 60 steps


def asked(pair: str, rounding: int = 0) -> Asked:
    """By the run of a pair, from its start or, as other processors would round, from one a few last bits beside it."""
    word, _, name = pair.partition(" on ")
    problem = CountedProblem(SURFACES[name]())
    start = perturb_start(problem.start, rounding + 1)[rounding]
    x = trajectory(OPTIMIZERS[word](), problem, start, STEPS).x
    counts = problem.cumulative_calls(STEPS)
    near = np.abs(x - x[:, -1:]).max(axis=0) <= NEAR
    return Asked(counts[:, near.argmax()].tolist(), counts[:, -1].tolist())


def recorded(roundings: int = 60) -> dict[str, dict[str, list[int]]]:
    """By pair, what it asks until it is near, and the most that any of some runs asks in all."""
    pairs = [f"{word} on {name}" for word in OPTIMIZERS for name in ("rosenbrock", "beale", "himmelblau")]
    pairs += ["bfgs on goldstein_price", "trust_region on goldstein_price"]
    found = {}
    for pair in pairs:
        in_all = [asked(pair, rounding).in_all for rounding in range(roundings)]
        found[pair] = {"until_near": asked(pair).until_near, "most_in_all": np.max(in_all, axis=0).tolist()}
    return found


def test_there_are_twenty_pairs():
    assert len(RECORDED) == 20


@pytest.mark.parametrize("pair", RECORDED)
def test_a_run_asks_no_more_than_recorded(pair):
    now, before = asked(pair), RECORDED[pair]
    assert (np.array(now.until_near) <= np.array(before["until_near"]) + TRIALS).all()
    assert (np.array(now.in_all) <= WORST * np.array(before["most_in_all"]) + TRIALS).all()


def test_all_pairs_together_ask_no_more_than_recorded():
    """Each might ask `TRIALS` more by chance, but not all of them."""
    now = np.sum([asked(pair).until_near for pair in RECORDED], axis=0)
    assert (now <= np.sum([before["until_near"] for before in RECORDED.values()], axis=0) + 2 * TRIALS).all()


@pytest.mark.parametrize("rounding", [1, 2])
@pytest.mark.parametrize("pair", RECORDED)
def test_the_margins_are_as_wide_as_rounding_needs(pair, rounding):
    """So that a processor that rounds otherwise passes, too."""
    now, before = asked(pair, rounding), RECORDED[pair]
    assert (np.array(now.until_near) <= np.array(before["until_near"]) + TRIALS).all()
    assert (np.array(now.in_all) <= WORST * np.array(before["most_in_all"]) + TRIALS).all()


if __name__ == "__main__":
    COUNTS.write_text(json.dumps(recorded(), indent=1) + "\n", encoding="utf-8")
