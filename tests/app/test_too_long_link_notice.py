"""A link with more in it than is read: said on the page in plain words, and what can be read stands."""

import pytest

from app.scene_text.reader import read_scene
from app.server.streamlit_websocket_filter import OMITTED_PARAMETER
from app.session.race_url_sync import MAX_LISTED_FAULTS
from tests.support.app_pages import get_scene, visit


def told(page: object) -> str:
    return " ".join(markdown.value for markdown in page.markdown)  # type: ignore[attr-defined]


def test_omitted_parts_of_a_link_are_reported_and_the_rest_is_shown():
    page = visit(("surface", "beale()"), ("run", "sgd()"), (OMITTED_PARAMETER, "1500"))
    assert "This link is too long: 1500 of its parts were not read." in told(page)
    assert get_scene(page).surface.name == "beale" and page.session_state["session"].faults == ()
    del page.query_params[OMITTED_PARAMETER]
    page.run()
    assert "1500" in told(page), "the page may shorten its address before anybody has read it"
    page.query_params[OMITTED_PARAMETER] = "1500"
    page.button(key="long_link").click().run()
    assert "1500" not in told(page), "it was read"


@pytest.mark.parametrize("said", ["", "0", "-5", "1e9", "١٢", "9" * 30, "<script>", "**5**", " 5"])
def test_a_number_that_is_none_is_not_repeated(said):
    assert "too long" not in told(visit((OMITTED_PARAMETER, said)))


def test_the_notice_is_in_the_language_of_the_link():
    assert "1500" in told(visit(("language", "zh"), (OMITTED_PARAMETER, "1500")))
    assert "This link is too long" not in told(visit(("language", "zh"), (OMITTED_PARAMETER, "1500")))


def test_of_a_thousand_faults_the_first_are_listed_and_the_others_counted():
    page = visit(*[("run", f"adam(lr={0.1 + k / 1e4:.4f})") for k in range(999)])
    assert len(get_scene(page).runs) == 16
    assert told(page).count("A race has at most 16 runs") == MAX_LISTED_FAULTS
    assert f"And {999 - 16 - MAX_LISTED_FAULTS} more." in told(page)


def test_a_fault_that_repeats_is_listed_once_with_its_count():
    page = visit(*[("run", "adam()")] * 999, ("steps", "none"))
    assert told(page).count("A race has at most 16 runs") == 1
    assert f"`run=adam()` (× {999 - 16}):" in told(page) and "`steps=none`:" in told(page)


@pytest.mark.parametrize(
    "text, said, why",
    [
        ("?surface=bowl()&surface=beale()", "surface=beale()", "more than once"),
        ("?steps=10&run=adam()&steps=20", "steps=20", "more than once"),
        ("surface = bowl()\nsteps = 10\nsteps = 20", "steps=20", "more than once"),
        ("surface = bowl()\nstesp = 10", "stesp", "no part with this name"),
    ],
)
def test_every_dropped_part_is_reported(text, said, why):
    (fault,) = read_scene(text).faults
    assert fault.text == said and why in str(fault.reason)


@pytest.mark.parametrize(
    "text",
    [
        "?surface=bowl()&surface=bowl()&run=adam()&run=adam()&utm_source=mail&fbclid=x&embed=true",
        "# a comment\n\nsurface = bowl()\n  \nrun = adam()  # fast\nrun = adam()\n",
    ],
)
def test_an_equivalent_spelling_is_no_fault(text):
    assert read_scene(text).faults == ()
