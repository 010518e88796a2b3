"""A preset that belongs to a lesson has a link to it."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from app.lessons.catalogue import LESSONS
from app.model.presets import PRESET_LESSONS, PRESETS
from tests.support.app_pages import find_page_links


def find_lesson_links(page: AppTest) -> list[Any]:
    return [link for label, link in find_page_links(page).items() if label == "Lesson" or label.startswith("Lesson: ")]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_links_to_its_lesson(page: AppTest, preset: str) -> None:
    page.button_group("prepared").set_value(preset).run()
    links = find_lesson_links(page)
    assert len(links) == (2 if preset in PRESET_LESSONS else 0)  # in the panel, and where a phone has it
    assert {name for link in links for name in parse_qs(link.query_string).get("lesson", [])} == (
        {PRESET_LESSONS[preset]} if preset in PRESET_LESSONS else set()
    )


def test_the_link_goes_when_the_scene_is_no_preset_any_more(page: AppTest) -> None:
    assert find_lesson_links(page)
    page.select_slider("0.lr").set_value(0.1).run()
    assert not find_lesson_links(page)


@pytest.mark.parametrize(("preset", "name"), PRESET_LESSONS.items())
def test_the_lesson_is_about_methods_of_the_preset(preset: str, name: str) -> None:
    scene = LESSONS[name].parse_scene_of(next(iter(LESSONS[name].scenes)))
    assert {run.optimizer.name for run in scene.runs} <= {run.optimizer.name for run in PRESETS[preset].runs}
