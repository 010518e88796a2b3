"""What twenty runs ask, to the evaluation: a change for the worse is a fault, one for the better is written down."""

import json
from pathlib import Path

import pytest

from optimizers.conjugate import nonlinear_cg
from optimizers.curvature import bfgs, lbfgs, newton, trust_region
from optimizers.derivative_free import nelder_mead
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.tally import Tally

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
RECORDED = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {}


def count(pair: str) -> list[int]:
    """Values, gradients and Hessians asked for in 60 steps from the surface's own start."""
    word, _, name = pair.partition(" on ")
    problem = Tally(SURFACES[name]())
    trajectory(OPTIMIZERS[word](), problem, problem.start, STEPS)
    counts: list[int] = problem.cumulative(STEPS)[:, -1].tolist()
    return counts


def test_there_are_twenty_pairs():
    assert len(RECORDED) == 20


@pytest.mark.parametrize("pair", RECORDED)
def test_a_run_asks_exactly_as_often_as_recorded(pair):
    """The path is the same on every machine up to rounding, so only a run that ends on rounding could differ by it."""
    assert count(pair) == RECORDED[pair], "python -m tests.numbers.test_evaluation_counts writes them again"


if __name__ == "__main__":
    pairs = [f"{word} on {name}" for word in OPTIMIZERS for name in ("rosenbrock", "beale", "himmelblau")]
    pairs += ["bfgs on goldstein_price", "trust_region on goldstein_price"]
    COUNTS.write_text(json.dumps({pair: count(pair) for pair in pairs}, indent=1) + "\n", encoding="utf-8")
