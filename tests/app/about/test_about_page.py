"""The page About says what the tests measure, of everything there is to choose."""

import re
from math import log10

import pytest
from streamlit.testing.v1 import AppTest

from app.about.verification_results import find_citation, load_verification, parse_verification
from app.model.display_names import get_english_name
from optimizers.catalogue import OPTIMIZERS, TRAITS
from surfaces.catalogue import SURFACES
from tests.support.app_pages import HOME, switch_page
from tests.tools.write_verification import measure_all

NOW = parse_verification(measure_all())
ROUNDING = 1e-12  # below this a deviation is the machine's


def alike(now: float, written: float) -> bool:
    """The same but for rounding, of which processors and versions make more or less."""
    return max(now, written) < ROUNDING or abs(log10(now / written)) < 1


def test_the_recorded_verification_is_current():
    """`python -m tests.tools.write_verification` writes it anew."""
    assert load_verification().optimizers.keys() == NOW.optimizers.keys()
    for word, runs in NOW.optimizers.items():
        for now, written in zip(runs, load_verification().optimizers[word], strict=True):
            assert now[:-1] == written[:-1]
            assert alike(now.deviation, written.deviation)
    assert load_verification().published == NOW.published


@pytest.mark.parametrize("name", SURFACES)
def test_derivatives_are_as_exact_as_is_written(name):
    now, written = NOW.surfaces[name], load_verification().surfaces[name]
    assert now.points == written.points
    assert all(alike(a, b) and a < 1e-7 for a, b in zip(now[1:], written[1:], strict=True))


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_optimizer_is_held_against_something_and_names_its_source(word):
    known = load_verification()
    assert word in known.optimizers or word in known.published or TRAITS[word].closed_form
    assert re.search(r"\((18|19|20)\d\d\)", find_citation(OPTIMIZERS[word]))


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_names_its_source(name):
    assert re.search(r"\((18|19|20)\d\d\)", find_citation(SURFACES[name]))


def test_everything_is_on_the_page_with_a_link_to_the_race():
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    switch_page(page, "about").run()
    assert not page.exception
    told = "\n".join(markdown.value for markdown in page.markdown)
    for part, catalogue in (("run", OPTIMIZERS), ("surface", SURFACES)):
        for word in catalogue:
            assert f"[{get_english_name(word)}](./?{part}={word}())".replace("|", "\\|") in told
    assert "in a cookie of your browser" in told, "what is stored where"
    for library in ("numpy", "streamlit", "plotly.js", "Python"):
        assert f"\n{library} | " in told
    assert f"| {load_verification().versions['numpy']}" in told
    assert (
        "within 0.1\u00a0% of the picture's width and height, and at most 0.01\u00a0% of the way down is left" in told
    )
