"""Where the square of the slope is beyond the largest number a run that stands says so, and none that moves does."""

import numpy as np
import pytest

from optimizers.analysis.run_curves_and_verdict import Diagnosis, diagnose
from optimizers.analysis.squared_gradient_overflow import find_overflow_stall
from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from optimizers.wrappers import lookahead, polyak
from surfaces.base import Surface
from surfaces.formula.formula_surface import formula
from tests.optimizers.methods.optimizer_cases import CASES

STAND = [word for word, case in CASES.items() if case.overflows]  # as PyTorch's and SciPy's do
SAID = "and its square, with which this method computes, is beyond the largest number, 1.8·10³⁰⁸."


def run(surface: Surface, word: str, start: tuple[float, float], steps: int = 200, **hyper: float) -> Diagnosis:
    path = trajectory(OPTIMIZERS[word](**hyper), surface, start, steps)
    return diagnose(path, surface, surface.minima, None, hyper, optimizer_name=word, widths=(10.0, 10.0))


@pytest.mark.parametrize("typed, start", [
    ("1e160*(x**2 + y**2)", (-2.0, 1.0)),
    ("1e300*(x**2 + 3*y**2)", (1.0, 0.5)),
    ("-1e200*x + 1e200*y**2", (0.3, 0.2)),
    ("exp(x**2 + y**2)", (15.0, 15.0)),
    ("x**100 + y**2", (50.0, 0.5)),
])  # fmt: skip
@pytest.mark.parametrize("word", STAND)
def test_a_run_that_stands_for_an_overflow_says_so(word: str, typed: str, start: tuple[float, float]) -> None:
    """And one whose steepest coordinate does; a trust region solves some of these, as Newton's method does."""
    if word in ("trust_region", "scipy_trust_exact") and not typed.startswith("1e160"):
        return
    for steps in (3, 40, 200):
        verdict = run(formula(typed, start=(0.5, 0.5)), word, start, steps).verdict
        assert (verdict.kind, verdict.step) == ("stalled", 0), verdict
        assert SAID in verdict.sentence
        assert "learning rate" not in verdict.sentence


@pytest.mark.parametrize("word", sorted(OPTIMIZERS))
@pytest.mark.parametrize(
    "typed", ["1e140*(x**2 + y**2)", "x**2 + y**2", "1e160*(x**2 + y**2)", "1e300*abs(x) + 1e300*abs(y)"]
)
def test_no_run_that_moves_says_so(word: str, typed: str) -> None:
    """Nor one that stands where the square is a number, nor one that needs no square."""
    found = run(formula(typed, start=(0.5, 0.5)), word, (-2.0, 1.0))
    if word not in STAND or typed.startswith(("x", "1e140")):
        assert SAID not in found.verdict.sentence


def test_a_wrapped_run_says_so_too() -> None:
    surface = formula("1e160*(x**2 + y**2)")
    for wrap in (lookahead, polyak):
        path = trajectory(wrap(OPTIMIZERS["adam"]()), surface, (-2.0, 1.0), 60)
        assert SAID in diagnose(path, surface, widths=(10.0, 10.0)).verdict.sentence


def test_adamw_is_moved_by_its_decay_alone_and_is_on_its_way() -> None:
    found = run(formula("1e160*(x**2 + y**2)"), "adamw", (-2.0, 1.0), lr=0.1, weight_decay=0.01)
    assert found.verdict.kind == "running"
    np.testing.assert_allclose(found.loss[-1], 1e160 * 5 * 0.999**400, rtol=1e-9)


@pytest.mark.parametrize(
    "x, alive, slope, tail, step",
    [
        ([1, 1, 1, 1], [1, 1, 1, 1], 2e154, 3, 0),
        ([3, 1, 1, 1], [1, 1, 1, 1], 2e154, 2, 1),
        ([3, 1, 1, 1], [1, 1, 1, 1], 2e154, 3, None),  # it has not stood for so long
        ([1, 1, 1, 1], [1, 1, 1, 1], 1e154, 3, None),  # 1e308 is a number
        ([1, 1, 1, 1], [1, 1, 1, 1], np.inf, 3, None),
        ([1, 1, 1, 1], [1, 1, 1, 1], np.nan, 3, None),
        ([1, 1, 1, 1], [1, 1, 0, 0], 2e154, 3, 0),  # it died of inf - inf
        ([3, 1, 1, 1], [1, 1, 0, 0], 2e154, 3, None),  # it leapt there and died
        ([1, 1, 1, 1], [1, 0, 0, 0], 2e154, 3, None),  # or leapt away at once
    ],
)
def test_where_a_run_stands_too_steep(x: list, alive: list, slope: float, tail: int, step: int | None) -> None:
    """The other coordinate may move: its own slope is small."""
    path, gradient = np.array((x, np.arange(4)), dtype=float), np.array((slope, 1.0))
    assert find_overflow_stall(path, np.array(alive) > 0, gradient, tail) == step


@pytest.mark.parametrize("word", ["adam", "rmsprop", "adagrad"])
@pytest.mark.parametrize("typed, axis", [("1e160*x**2 + y**2", "x"), ("x**2 + 1e160*y**2", "y")])
def test_the_coordinate_that_stands_is_named_where_the_other_moves(word: str, typed: str, axis: str) -> None:
    found = run(formula(typed), word, (1.0, 1.0), lr=0.1)
    assert f"does not move in {axis} from step 0 on" in found.verdict.sentence
