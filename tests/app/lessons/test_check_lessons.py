"""Lessons of the gradient check without a browser: what is sent before and after the prediction, pictures, links."""

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.check_scenes.check_link import read_parameters, write_parameters
from app.check_scenes.check_scene import STEP_SIZES, Precision
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.lessons.catalogue import CHECK_LESSONS
from app.lessons.check_lesson_thumbnail import draw_check, measure_curve, to_pixel
from app.lessons.lesson import measure_facts
from app.lessons.lesson_text_parser import fill_numbers, load_lesson_text
from app.lessons.lesson_thumbnails import SIZE, find_picture, make_picture_name
from app.scene_text.playlist import read_lesson_scene
from app.scene_text.url_parameters_by_name import group_parameters
from tests.support.app_pages import find_component, find_page_links, report_component_state
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job
from tests.support.lesson_pages import open_lesson, read_lesson_texts

LINK = "Open this in the gradient check"
SHARED = ("smaller", "centred", "single")  # they show one scan
QUICK = (*SHARED, "relative", "blocks")  # lessons whose first scan takes few seconds


def read_message(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    return decode_binary_message(find_component(page, "descent_check").bytes)


def finish(word: str) -> None:
    """Wait until the scan of the lesson's first scene is there."""
    lesson = CHECK_LESSONS[word]
    wait_for_job(get_scan_job(make_scan_request(lesson.parse_check_of(lesson.first_scene))))


def list_shown(header: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(curve["method"], curve["single"]) for curve in header["curves"]]


@pytest.mark.parametrize("word", CHECK_LESSONS)
def test_every_scene_is_a_link_without_faults_and_shows_the_curve_of_its_method(word: str) -> None:
    lesson = CHECK_LESSONS[word]
    for name, text in lesson.scenes.items():
        scene = lesson.parse_check_of(name)
        assert read_parameters(group_parameters(write_parameters(scene))) == (scene, ())
        assert read_parameters(group_parameters(parse_qsl(text))).faults == ()
        assert (scene.method, scene.precision) in [(curve.method, curve.precision) for curve in lesson.curves]
    scenes = [lesson.parse_check_of(name) for name in lesson.scenes]
    assert len(set(scenes)) == len(scenes)


@pytest.mark.parametrize("word", CHECK_LESSONS)
def test_a_lesson_waits_for_a_prediction_and_then_explains(word: str) -> None:
    page, lesson, text = open_lesson(word), CHECK_LESSONS[word], load_lesson_text(word)
    numbers, scene = measure_facts(lesson).numbers, lesson.parse_check_of(lesson.first_scene)
    assert fill_numbers(text.question, numbers) in read_lesson_texts(page)
    assert fill_numbers(text.explanation, numbers) not in read_lesson_texts(page)
    header, _ = read_message(page)
    assert header["fixed"] and header["waits"] and header["parts"] == list(lesson.parts_before)
    assert LINK not in find_page_links(page)

    page.button(f"{word}.{lesson.right_choice}").click().run()
    assert not page.exception
    for part in (text.explanation, text.exercise):
        assert fill_numbers(part, numbers) in read_lesson_texts(page)
    assert "and that is **right**" in read_lesson_texts(page)
    header, _ = read_message(page)
    assert header["fixed"] and "waits" not in header and header["parts"] == list(lesson.parts)
    assert (header["h"], header["trap"]) == (scene.h, "")
    assert parse_qsl(find_page_links(page)[LINK].query_string) == write_parameters(scene)
    page.button(f"{word}.again").click().run()
    assert read_message(page)[0]["waits"]


@pytest.mark.parametrize("word", QUICK)
def test_before_the_prediction_the_browser_gets_no_more_than_the_known_curves(word: str) -> None:
    finish(word)
    page, lesson = open_lesson(word), CHECK_LESSONS[word]
    header, arrays = read_message(page)
    assert header["state"] == "done"
    assert not {"h", "entries", "analytic", "numeric", "kinks", "numbers", "passed", "taylor_r"} & set(arrays)
    assert not header["verdicts"] and not header["checkers"] and not header["taylor"]
    assert list_shown(header) == [(c.method, c.precision is Precision.SINGLE) for c in lesson.curves_before]
    for k, curve in enumerate(lesson.curves_before):
        facts = ("best", "truncation", "round_off", "optimum", "theory")
        assert [header["curves"][k][name] for name in facts] == [None] * len(facts)
        assert arrays[f"h{k}"].min() == min(h for h in STEP_SIZES if curve.has(h))


@pytest.mark.parametrize("word", SHARED)
def test_after_it_the_picture_has_the_verdicts_and_the_curves_that_the_text_speaks_of(word: str) -> None:
    finish(word)
    page, lesson = open_lesson(word), CHECK_LESSONS[word]
    page.button(f"{word}.show").click().run()
    header, arrays = read_message(page)
    assert len(header["verdicts"]) == arrays["h"].size > len(STEP_SIZES) / 2
    assert sorted(list_shown(header)) == sorted((c.method, c.precision is Precision.SINGLE) for c in lesson.curves)
    assert [curve["chosen"] for curve in header["curves"]].count(True) == 1


def test_another_scene_of_a_lesson_is_shown_in_its_place() -> None:
    page, lesson = open_lesson("single"), CHECK_LESSONS["single"]
    page.button("single.show").click().run()
    before = find_component(page, "descent_check").id
    page.session_state["single.scene"] = "double"
    page.run()
    assert read_message(page)[0]["precision"] == "float64"
    assert find_component(page, "descent_check").id == before, "the same component, so that it need not be built again"
    assert parse_qsl(find_page_links(page)[LINK].query_string) == write_parameters(lesson.parse_check_of("double"))


@pytest.mark.parametrize(
    "sent", [{"stepped": {"h": 0.1, "n": 1}}, {"trapped": {"name": "kink", "n": 1}}, {"everything": {"n": 1}}]
)
def test_the_check_of_a_lesson_ignores_events_of_the_browser(sent: dict[str, Any]) -> None:
    page = open_lesson("smaller")
    page.button("smaller.show").click().run()
    before = read_message(page)[0]
    report_component_state(page, "descent_check", sent)
    assert not page.exception
    after = read_message(page)[0]
    assert all(after[name] == before[name] for name in ("h", "trap", "all", "parts"))
    assert "gradient_check" not in page.session_state, "the scene of the gradient check's page is not touched"


def test_a_lesson_of_the_gradient_check_may_stand_in_a_playlist() -> None:
    assert read_lesson_scene("kinks") == CHECK_LESSONS["kinks"].parse_check_of("many")


# ---- the small pictures


def find_hues(word: str, is_seen: bool) -> int:
    """How many pixels have the colour of a curve: its own, opaque."""
    pixels = np.asarray(draw_check(CHECK_LESSONS[word], SIZE, is_seen)).astype(int)
    is_blue = (pixels[..., 2] - pixels[..., 0] > 100) & (pixels[..., 3] == 255)
    is_orange = (pixels[..., 0] - pixels[..., 2] > 130) & (pixels[..., 3] == 255)
    return int((is_blue | is_orange).sum())


@pytest.mark.parametrize("word", CHECK_LESSONS)
def test_an_unseen_lessons_picture_has_the_known_curves_alone(word: str) -> None:
    lesson = CHECK_LESSONS[word]
    assert (find_hues(word, is_seen=False) > 0) == bool(lesson.curves_before)
    picture = find_picture(make_picture_name(lesson, is_seen=False))
    assert picture is not None and picture.startswith(b"\x89PNG")


def test_the_curve_of_the_smaller_steps_ends_where_the_question_begins() -> None:
    lesson = CHECK_LESSONS["smaller"]
    (curve,) = lesson.curves_before
    scene = lesson.parse_check_of(lesson.first_scene)
    powers = [k for k, _ in measure_curve(scene, curve)]
    assert min(powers) == -4 and scene.h < 1e-4
    width = to_pixel(min(powers), 0, SIZE)[0]
    pixels = np.asarray(draw_check(lesson, SIZE, is_seen=False)).astype(int)
    is_blue = (pixels[..., 2] - pixels[..., 0] > 100) & (pixels[..., 3] == 255)
    assert np.flatnonzero(is_blue.any(axis=0)).min() > width - 8  # half the width of the line


def test_a_seen_lessons_picture_is_another_one() -> None:
    lesson = CHECK_LESSONS["centred"]
    names = [make_picture_name(lesson, is_seen=is_seen) for is_seen in (False, True)]
    assert find_picture(names[0]) != find_picture(names[1])
    assert find_hues("centred", is_seen=True) > find_hues("centred", is_seen=False)
