"""Other names, and functions that are written with others, mean what people mean by them."""

import math

import numpy as np
import pytest

from surfaces.formula.formula_surface import formula
from surfaces.formula.word_meanings import AMBIGUOUS_WORDS, KNOWN_WORDS, MACROS, SYNONYMS


@pytest.mark.parametrize("word", SYNONYMS)
def test_another_name_is_of_something_that_is_here(word: str) -> None:
    assert SYNONYMS[word] in {*KNOWN_WORDS, "and", "or"} and word not in KNOWN_WORDS
    assert not {word} & (MACROS.keys() | AMBIGUOUS_WORDS)


MEANT = {
    "log1p": np.log1p, "expm1": np.expm1, "exp2": np.exp2, "exp10": lambda x: 10.0**x, "arcsinh": np.arcsinh,
    "arccosh": np.arccosh, "arctanh": np.arctanh, "sec": lambda x: 1 / np.cos(x), "csc": lambda x: 1 / np.sin(x),
    "cot": lambda x: 1 / np.tan(x), "sech": lambda x: 1 / np.cosh(x), "csch": lambda x: 1 / np.sinh(x),
    "coth": lambda x: 1 / np.tanh(x), "arcsec": lambda x: np.arccos(1 / x), "arccsc": lambda x: np.arcsin(1 / x),
    "square": np.square, "cube": lambda x: x * x * x, "reciprocal": np.reciprocal, "pow": np.power,
    "hypot": np.hypot, "logaddexp": np.logaddexp, "logit": lambda x: np.log(x) - np.log1p(-x),
    "silu": lambda x: x / (1 + np.exp(-x)), "radians": np.radians, "degrees": np.degrees, "ceil": np.ceil,
    "heaviside": lambda x: np.heaviside(x, 0.5), "erfc": np.vectorize(math.erfc), "tau": lambda: math.tau,
    "gelu": lambda x: x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,
}  # fmt: skip
FIRST_NAMES = list({id(how): word for word, how in reversed(MACROS.items())}.values())


@pytest.mark.parametrize("word", FIRST_NAMES)
def test_what_is_written_with_other_functions_is_what_was_meant(word: str) -> None:
    """A number where that is one, and the same but for a few roundings of what is added, which may cancel."""
    of = MACROS[word][0]
    typed = f"{word}({of})*x**0" if of else "tau"
    p = np.random.default_rng(1).uniform(-3, 3, (2, 400))
    p[0, :200] /= 3
    with np.errstate(all="ignore"):
        theirs = np.broadcast_to(MEANT[word](*p[: len(of.split(", ")) if of else 0]), 400)
    needs_large = word in {"arccosh", "arcsec", "arccsc"}
    mine = formula(typed, start=(1.5 if needs_large else 0.5, 0.5)).value(p)
    np.testing.assert_array_equal(np.isfinite(mine), np.isfinite(theirs))
    known = np.isfinite(mine)
    assert known.sum() > 50
    np.testing.assert_allclose(mine[known], theirs[known], rtol=1e-9, atol=1e-12)
