"""A text that cannot be read is refused with a suggestion if that is certain, else with a list of what there is."""

import pytest

from surfaces.formula.formula_reader import FormulaError, read_formula


def refusal_of(typed: str) -> str:
    with pytest.raises(FormulaError) as caught:
        read_formula(typed)
    return str(caught.value)


@pytest.mark.parametrize(
    "typed, near",
    [
        ("sni(x)", "sin"), ("sqrrt(x)", "sqrt"), ("tahn(x)", "tanh"), ("acrtan(x)", "arctan"), ("arcsim(x)", "arcsin"),
        ("abss(x)", "abs"), ("sigmiod(x)", "sigmoid"), ("sofplus(x)", "softplus"), ("flor(x)", "floor"),
        ("reluu(x)", "relu"), ("hypto(x, y)", "hypot"), ("np.sni(x)", "sin"),
    ],
)  # fmt: skip
def test_a_slip_of_the_finger_is_recognized(typed: str, near: str) -> None:
    assert refusal_of(typed).endswith(f"Did you mean “{near}”?")


@pytest.mark.parametrize(
    "word",
    [
        *("round", "gamma", "sinc", "sind", "cosd", "sqr", "arccot", "mean", "sum", "norm", "step", "rad", "w1"),
        "theta",
        *("exo", "abc", "ton", "con", "cost", "sinus", "logs", "maxi", "minor", "cosh2", "abs2", "log1", "log11p"),
        *("tan3", "np", "os.sin", "np.random", "arctan3", "sqrts", "nicht"),
    ],
)  # fmt: skip
def test_where_it_is_not_sure_nothing_is_suggested(word: str) -> None:
    """It is said not to exist, and what there is."""
    sentence = refusal_of(f"{word}(x)")
    unknown = {"os.sin": "os"}.get(word, word)  # sin there is, also as np.sin
    assert sentence.startswith(f"There is no “{unknown}” here. A formula has numbers, x, y, pi, e")
    assert "Did you mean" not in sentence
