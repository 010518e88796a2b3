"""Operators bind as in Python, with and without signs between factors."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from surfaces.formula.expression_tree import Apply, Name, Number, Tree
from surfaces.formula.formula_reader import parse_formula, read_formula
from tests.support.python_formulas import evaluate_as_python

often = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    "typed, tree",
    [
        ("-x**2", Apply("neg", (Apply("**", (Name("x"), Number(2.0))),))),
        ("x**-y**2", Apply("**", (Name("x"), Apply("neg", (Apply("**", (Name("y"), Number(2.0))),))))),
        ("+1 - x - y", Apply("-", (Apply("-", (Number(1.0), Name("x"))), Name("y")))),
        (" .5e1*pi ", Apply("*", (Number(5.0), Name("pi")))),
    ],
)
def test_precedence_is_pythons(typed: str, tree: Tree) -> None:
    assert parse_formula(typed) == tree


FACTORS = {
    "x": "x", "y": "y", "(x + 2)": "(x + 2)", "sin(y)": "sin(y)", "|x|": "abs(x)", "π": "pi", "x²": "x**2", "3": "3",
    "√(y + 9)": "sqrt(y + 9)", "(1 - y)²": "(1 - y)**2", "cos^2(x)": "cos(x)**2", "e^{x}": "e**x", "½": "(1/2)",
    r"\frac{y}{3}": "(y/3)", r"\left(x-1\right)": "(x - 1)", "X": "x",
}  # fmt: skip
terms = st.lists(st.sampled_from(list(FACTORS)), min_size=1, max_size=4)


@often
@given(
    st.lists(terms, min_size=1, max_size=3),
    st.sampled_from(["", " ", "*", "·", r"\cdot ", "×"]),
    st.sampled_from("+-−"),
)
def test_products_without_signs_are_those_with_them(sums: list[list[str]], mark: str, sign: str) -> None:
    """The same numbers as Python finds for the explicit text; a number stands at the front of a product only."""
    sums = [sorted(factors, key=lambda factor: factor != "3") for factors in sums]
    assume(mark.strip() or all(factors.count("3") < 2 and not {"3", "½"} <= {*factors} for factors in sums))
    typed = sign.join(mark.join(factors) for factors in sums)
    explicit = sign.replace("−", "-").join("*".join(FACTORS[factor] for factor in factors) for factors in sums)
    x, y = np.random.default_rng(2).uniform(-2, 2, (2, 20))
    found = evaluate_as_python(read_formula(typed).text, x, y)
    np.testing.assert_allclose(found, evaluate_as_python(explicit, x, y), rtol=1e-12, atol=1e-9, err_msg=typed)
