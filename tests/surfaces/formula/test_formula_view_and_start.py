"""The view and the start of a visitor's formula are checked; without a start one is found where it is finite."""

import numpy as np
import pytest

from surfaces.formula.formula_reader import FormulaError
from surfaces.formula.formula_surface import formula


def test_the_view_and_the_start_are_checked() -> None:
    for view in ((1.0, 1.0), (2.0, -2.0), (0.0, np.inf), (np.nan, 1.0), (-1e308, 1e308)):
        with pytest.raises(FormulaError, match="view in x"):
            formula("x", x=view)
        with pytest.raises(FormulaError, match="view in y"):
            formula("x", y=view)
    for start in ((0.0, 1.0), (np.nan, 0.0), (np.inf, 0.0)):
        with pytest.raises(FormulaError, match="not finite"):
            formula("log(x)", start=start)
    with pytest.raises(FormulaError, match="slope is not finite"):
        formula("x**x", start=(0.0, 0.0))  # its value is 1, its slope that of the logarithm
    assert formula("log(x) + y").start == (3.0, 2.0)  # the first place where it is finite
    assert formula("x", start=(0, 0)).start == (0, 0)


@pytest.mark.parametrize(
    "small", ["log(1 - x**2 - y**2)", "sqrt(0.01 - x**2 - y**2)", "log(arccos(x + 4.5)*arccos(y))"]
)
def test_what_is_finite_in_a_small_part_of_the_view_can_be_started_on(small: str) -> None:
    surface = formula(small)
    p = np.array(surface.start)
    assert np.isfinite(surface.value(p)) and np.isfinite(surface.grad(p)).all()
    assert (np.abs(p) < 5).all()
    with pytest.raises(FormulaError, match=r"\(4, 4\) .* not finite\. Start elsewhere\."):
        formula(small, start=(4.0, 4.0))  # a start that is said is never another one


def test_what_is_finite_nowhere_is_said_to_be_so() -> None:
    with pytest.raises(FormulaError, match="The same holds at 1681 points all over the view: change"):
        formula("log(-1 - x**2)")
