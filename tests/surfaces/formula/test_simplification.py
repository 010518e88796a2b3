"""Simplified formulas: the same numbers, and no kink where there is none."""

import pytest

from surfaces.formula.expression_tree import Apply, Name, Number
from surfaces.formula.simplification import build_simplified

X, Y = Name("x"), Name("y")
SIZE, ROOT = Apply("abs", (X,)), Apply("sqrt", (X,))


@pytest.mark.parametrize("power", [2.0, 4.0, -2.0])
def test_an_even_power_of_a_size_needs_no_size(power: float) -> None:
    assert build_simplified("**", SIZE, Number(power)) == Apply("**", (X, Number(power)))


@pytest.mark.parametrize("power", [3.0, 1.5, -1.0])
def test_any_other_power_of_a_size_keeps_it(power: float) -> None:
    assert SIZE in build_simplified("**", SIZE, Number(power)).args


def test_a_power_of_a_root_keeps_it_where_the_root_has_no_value() -> None:
    """sqrt(x)^2 is x for x >= 0 alone."""
    assert build_simplified("**", ROOT, Number(2.0)) == Apply("**", (ROOT, Number(2.0)))
    assert build_simplified("**", Apply("sqrt", (SIZE,)), Number(4.0)) == Apply("**", (X, Number(2.0)))


@pytest.mark.parametrize("sign", ["+", "-"])
def test_terms_on_the_sides_of_one_kink_are_joined(sign: str) -> None:
    """side(x) y ± side(x) 2 = side(x) (y ± 2), so that what cancels there takes the kink along."""
    side = Apply("side", (X,))
    found = build_simplified(sign, Apply("*", (side, Y)), build_simplified("*", Number(2.0), side))
    assert found == Apply("*", (side, Apply(sign, (Y, Number(2.0)))))
