"""Each rule gives the outcome that the package itself gave (`tests.references.record_gradient_checkers`)."""

import json
from importlib.resources import files

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.gradient_check.other_checkers import (
    CHECKERS,
    SCIPY_LIMIT,
    Slopes,
    ask_checker,
    draw_positive_direction,
    give_opinion,
)
from tests.references.gradient_cases import CASES

RECORD = json.loads(files("tests.references").joinpath("gradient_checkers.json").read_text(encoding="utf-8"))
BY_NAME = {checker.name: checker for checker in CHECKERS}
PACKAGES = {"torch": "torch", "jax": "jax", "scipy": "scipy", "OpenMDAO": "openmdao"}
FAST = "torch.autograd.gradcheck(fast_mode=True)"


def ask(checker: str, case: str):
    value, grad, x, has_kinks = CASES[case]
    function = CheckedFunction(value, grad, has_kinks=has_kinks)
    direction = np.array(RECORD["torch direction"]) if checker == FAST else None
    return ask_checker(BY_NAME[checker], function, x, np.arange(x.size), direction)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("checker", RECORD["outcomes"]["right"])
def test_an_opinion_is_that_of_the_package(checker: str, case: str) -> None:
    opinion, recorded = ask(checker, case), RECORD["outcomes"][case][checker]
    if checker == "scipy.optimize.check_grad":
        # Differences over h = √ε magnify the last bit of a value to √ε of it, and another processor may round it in
        # another way, in each entry by itself. The value is a sum whose terms are up to 40 times as large.
        value, _, x, _ = CASES[case]
        rounding = float(np.finfo(np.float64).eps) ** 0.5 * 40 * abs(value(x)) * x.size**0.5
        assert opinion.number == pytest.approx(recorded, rel=1e-6, abs=rounding)
        assert opinion.passed == (opinion.number <= SCIPY_LIMIT)
    else:
        assert opinion.passed == recorded
        assert not 0.9 < opinion.number < 1.1, "too near the limit to hold on every processor"


@pytest.mark.parametrize("checker", RECORD["outcomes"]["right"])
def test_the_versions_are_those_that_were_recorded(checker: str) -> None:
    package = next(package for name, package in PACKAGES.items() if checker.startswith(name))
    assert RECORD["versions"][package].partition("+")[0] == BY_NAME[checker].version


@pytest.mark.parametrize(
    ("case", "fooled"),
    [
        ("tiny and half", {"torch.autograd.gradcheck", FAST, "jax.test_util.check_grads", "scipy.optimize.check_grad"}),
        ("one entry 1e-4 off", {"torch.autograd.gradcheck", FAST}),
        ("one sign wrong", set()),
    ],
)
def test_wrong_gradients_fool_these_and_no_others(case: str, fooled: set[str]) -> None:
    assert {name for name in BY_NAME if ask(name, case).passed} == fooled


@pytest.mark.parametrize(
    ("a", "n", "number", "passed"),
    [
        (1e-10, 0.0, 1e-2, False),  # 1e-10 / 1e-8
        (1e-15, 0.0, 1e-7, True),
        (1.0, 1.0 + 1e-5, 5e-6, False),
        (0.0, 0.0, 0.0, True),
    ],
)
def test_the_denominator_of_the_course(a: float, n: float, number: float, passed: bool) -> None:
    opinion = give_opinion(BY_NAME["CS231n assignments"], Slopes(np.array([a]), np.array([n])))
    assert opinion.number == pytest.approx(number, rel=1e-3) and opinion.passed == passed


def test_the_notes_know_kinks() -> None:
    for has_kinks in (False, True):
        slopes = Slopes(np.array([1.0]), np.array([1 + 1e-5]), has_kinks=has_kinks)
        assert give_opinion(BY_NAME["notes"], slopes).passed == has_kinks


@pytest.mark.parametrize("checker", BY_NAME)
def test_a_gradient_that_is_no_number_passes_nowhere(checker: str) -> None:
    slopes = Slopes(np.array([np.nan]), np.array([1.0]), np.ones(1))
    assert not give_opinion(BY_NAME[checker], slopes).passed


@pytest.mark.parametrize("checker", BY_NAME)
def test_what_a_rule_overlooks_is_said(checker: str) -> None:
    assert str(ask(checker, "tiny and half").overlooks).endswith(".")


def test_how_many_entries_are_below_a_tolerance() -> None:
    assert "6 of 6 entries" in ask("torch.autograd.gradcheck", "tiny and half").overlooks
    assert "0 of 6 entries" in ask("torch.autograd.gradcheck", "right").overlooks


def test_a_direction_is_drawn_if_none_is_given() -> None:
    """PyTorch's numbers are not NumPy's, but a sign that is wrong shows along any direction of positive entries."""
    u = draw_positive_direction(50)
    assert (u >= 0).all() and np.linalg.norm(u) == pytest.approx(1)
    value, grad, x, _ = CASES["one sign wrong"]
    assert not ask_checker(BY_NAME[FAST], CheckedFunction(value, grad), x, np.arange(x.size)).passed
