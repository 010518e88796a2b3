"""A slip of the hand is told from another word."""

import pytest

from surfaces.spelling_suggestions import closest


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("lgo", {"log", "ln"}, "log"),
        ("lnog", {"log", "ln"}, "log"),  # what begins with a known word of two letters may still be a slip
        ("sinc", {"sin", "sinh"}, None),  # what begins with one of three is another word
        ("sinn", {"sin", "cos"}, "sin"),  # unless its last letter is doubled
        ("log2", {"log10"}, None),
        ("tahn", {"tan", "tanh"}, "tanh"),
        ("sigmiod", {"sigmoid", "softplus"}, "sigmoid"),
        ("xyzzy", {"sin", "cos"}, None),
    ],
)
def test_one_word_is_surely_meant_or_none(word: str, known: set[str], meant: str | None) -> None:
    assert closest(word, known) == meant
