"""The pages in Chinese, without a browser: their texts are set as Chinese is, and nothing in them is English."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.maps.catalogue import MAP_TYPES
from app.model.presets import PRESETS
from app.scene_text.writer import list_parts
from tests.support.app_pages import HOME, open_page, visit
from tests.support.chinese_text import find_faults

KINDS = (
    "title", "header", "subheader", "markdown", "caption", "button", "button_group", "selectbox", "text_input",
    "text_area", "toggle", "slider", "select_slider", "expander", "tabs", "info", "warning",
)  # fmt: skip
CHOICES = {"button_group", "selectbox", "select_slider"}  # have names of Python as values


def list_texts(page: AppTest) -> Iterator[str]:
    """The texts, labels, choices and notes of a page."""
    for kind in KINDS:
        for element in page.get(kind):
            names = ("value", "label", "help", "placeholder") if kind not in CHOICES else ("label", "help")
            shown: list[Any] = [getattr(element, name, None) for name in names]
            options = getattr(element, "options", None) or ()
            for text in (*shown, *options):
                if isinstance(text, str):
                    yield from map(str.strip, text.split("\n"))


def check(page: AppTest) -> None:
    assert not page.exception
    texts = list(list_texts(page))
    assert any(re.search(r"[\u4e00-\u9fff]", text) for text in texts)
    assert [fault for text in texts for fault in find_faults(text)] == []
    assert "None" not in texts
    english = [text for text in texts if re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", re.sub(r"`[^`]*`|<.*>", "", text))]
    assert english == []


@pytest.mark.parametrize(
    "parts",
    [list_parts(PRESETS["Momentum or Nesterov"]), list_parts(PRESETS["Noise and averages"]),
     [("run", "lookahead(adam(lr=cosine(0.1)))"), ("run", "newton()"), ("surface", "rosenbrock()")],
     [("surface", "least_squares_line()"), ("run", "sgd(lr=triangular(0.001,0.01,9))")],
     [("surface", 'data("line","1,2;2,3.5;4,4")'), ("run", "adam()"), ("run", "foo()")]],
    ids=["momentum", "noise", "schedule", "data_surface", "own_data"],
)  # fmt: skip
def test_the_race_is_set_as_chinese_is(parts: list[tuple[str, str]]) -> None:
    check(visit(*parts, ("language", "zh")))


def test_the_training_log_is_set_as_chinese_is() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    check(open_page(page, "training-log", language="zh"))
    page.button(key="log.sample").click().run()
    check(page)


def test_the_bug_hunt_is_set_as_chinese_is() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    check(open_page(page, "bug-hunt", hunt="4", check="centred(h=7)", language="zh"))


@pytest.mark.parametrize("word", MAP_TYPES)
def test_the_maps_are_set_as_chinese_is(word: str) -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    check(open_page(page, "maps", map=word, language="zh"))


@pytest.mark.parametrize("address", [{}, {"lesson": "signs"}, {"lesson": "saddle"}, {"lesson": "nowhere"}])
def test_the_lessons_are_set_as_chinese_is(address: dict[str, str]) -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    page = open_page(page, "lessons", language="zh", **address)
    check(page)
    if page.get("button") and "lesson" in address and address["lesson"] != "nowhere":
        page.button(key=f"{address['lesson']}.show").click().run()
        check(page)


def test_the_playlist_and_the_page_about_are_set_as_chinese_is() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    check(open_page(page, "playlist", language="zh"))
    check(open_page(page, "about", language="zh"))
