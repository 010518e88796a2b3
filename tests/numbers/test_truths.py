"""Published answers: certified regressions, classical test problems, the tables of the line search."""

from itertools import product

import pytest

from surfaces.catalogue import SURFACES
from tests.truths_table import (
    CLASSICS,
    FIRST,
    LINES,
    MGH,
    NIST,
    OPTIMIZERS,
    README,
    at_a_published_minimum,
    digits,
    ours,
    problem_of_nist,
    search,
    with_table,
)

PLATEAU = (
    "lbfgs",
    "jennrich_sampson",
    10,
)  # a long step leads over the wall onto a plateau where the gradient is 1e-74


@pytest.mark.parametrize("word, problem", list(product(OPTIMIZERS, NIST)))
def test_certified_parameters_are_reached_to_nine_digits(word, problem):
    """Nine, since f itself, with 16 digits, only tells the parameters to eight: the rest is in the gradient."""
    surface = problem_of_nist(*problem)
    assert digits(ours(word, surface, surface.start).x, surface.minima[0]) >= 9


@pytest.mark.parametrize("word, name, times", [case for case in product(OPTIMIZERS, MGH, (1, 10)) if case != PLATEAU])
def test_published_minima_are_reached(word, name, times):
    (x, y), _ = MGH[name]
    assert at_a_published_minimum(name, ours(word, SURFACES[name](), (times * x, times * y)).x)


def test_the_one_published_minimum_missed_is_missed_on_a_plateau():
    """When this fails L-BFGS has become better, and the exception above can go."""
    word, name, times = PLATEAU
    (x, y), _ = MGH[name]
    end = ours(word, SURFACES[name](), (times * x, times * y)).x
    assert SURFACES[name]().value(end) == 2020.0  # the sum of (2 + 2i)², all that is left far down on the left


@pytest.mark.parametrize("table, first", [(t, i) for t in LINES for i in range(len(FIRST))])
def test_the_line_search_meets_the_strong_wolfe_conditions_as_cheaply_as_published(table, first):
    _, _, _, published = LINES[table]
    found = search(table, FIRST[first])
    assert found.enough
    assert found.flat
    assert found.asked <= published[first] + 2
    assert found.asked == published[first]  # and today exactly


@pytest.mark.parametrize("name", CLASSICS)
def test_a_point_that_is_no_minimum_is_not_taken_for_one(name):
    if name in MGH:
        (x, y), _ = MGH[name]
        assert not at_a_published_minimum(name, (x, y))


@pytest.mark.no_cover
def test_the_table_in_the_readme_is_current():
    text = README.read_text(encoding="utf-8")
    assert with_table(text) == text, "run `make truths`"
