"""Lessons of training without a browser: what is sent before and after the prediction, pictures, links."""

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.lessons.catalogue import TRAINING_LESSONS
from app.lessons.lesson import measure_facts, train_scene
from app.lessons.lesson_text_parser import fill_numbers, load_lesson_text
from app.lessons.lesson_thumbnails import SIZE, find_picture, make_picture_name
from app.lessons.training_lesson_thumbnail import draw_trainings
from app.scene_text.url_parameters_by_name import group_parameters
from app.training_scenes.training_link import read_parameters, write_parameters
from tests.support.app_pages import find_component, find_page_links, report_component_state
from tests.support.binary_messages import decode_binary_message
from tests.support.lesson_pages import open_lesson, read_lesson_texts

LINK = "Open this in the training laboratory"
WANTED = 8  # lessons at least


def read_message(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    assert not page.exception
    header, arrays = decode_binary_message(find_component(page, "descent_trainings").bytes)
    return header, arrays


def test_there_are_enough_lessons() -> None:
    assert len(TRAINING_LESSONS) >= WANTED


@pytest.mark.parametrize("word", TRAINING_LESSONS)
def test_every_scene_is_a_link_without_faults(word: str) -> None:
    lesson = TRAINING_LESSONS[word]
    for name, text in lesson.scenes.items():
        scene = lesson.parse_trainings_of(name)
        assert read_parameters(group_parameters(write_parameters(scene))) == (scene, ())
        assert read_parameters(group_parameters(parse_qsl(text))).faults == ()
        assert lesson.epochs_before < scene.epochs


@pytest.mark.parametrize("word", TRAINING_LESSONS)
def test_a_lesson_waits_for_a_prediction_and_then_explains(word: str) -> None:
    page, lesson, text = open_lesson(word), TRAINING_LESSONS[word], load_lesson_text(word)
    numbers, scene = measure_facts(lesson).numbers, lesson.parse_trainings_of(lesson.first_scene)
    assert fill_numbers(text.question, numbers) in read_lesson_texts(page)
    assert fill_numbers(text.explanation, numbers) not in read_lesson_texts(page)
    header, arrays = read_message(page)
    assert header["suspense"] and header["lesson"].endswith(word)
    assert header["fixed"] and header["waits"] and header["parts"] == list(lesson.parts)
    for k in range(len(scene.trainings)):
        epochs = arrays.get(f"epoch{k}", np.zeros(0))
        assert len(epochs) == lesson.epochs_before + 1 and (epochs <= lesson.epochs_before).all()
        assert len(arrays.get(f"step_loss{k}", ())) == sum(
            len(steps.data_loss)
            for steps in train_scene(scene).trainings[k].steps
            if steps.epoch <= lesson.epochs_before
        )
    assert not {"ratios", "predictions", "activations0"} & set(arrays)
    assert LINK not in find_page_links(page)

    page.button(f"{word}.{lesson.right_choice}").click().run()
    for part in (text.explanation, text.exercise):
        assert fill_numbers(part, numbers) in read_lesson_texts(page)
    assert "and that is **right**" in read_lesson_texts(page)
    header, arrays = read_message(page)
    assert header["fixed"] and not header["waits"] and len(arrays["epoch0"]) == scene.epochs + 1
    assert parse_qsl(find_page_links(page)[LINK].query_string) == write_parameters(scene)
    page.button(f"{word}.again").click().run()
    assert read_message(page)[0]["waits"]


@pytest.mark.parametrize(
    "sent",
    [
        {"selected": {"index": 1, "n": 1}}, {"checked": {"n": 1}}, {"stopped": {"value": True, "n": 1}},
        {"changed": {"epoch": 2, "name": "lr", "text": "1", "beside": True, "n": 1}},
    ],
)  # fmt: skip
def test_the_trainings_of_a_lesson_ignore_events_of_the_browser(sent: dict[str, Any]) -> None:
    page = open_lesson("four")
    page.button("four.show").click().run()
    before = read_message(page)[0]
    report_component_state(page, "descent_trainings", sent)
    assert read_message(page)[0] == before
    assert "training" not in page.session_state, "the scene of the training laboratory is not touched"


def count_coloured(word: str, is_seen: bool) -> int:
    """How many pixels have the colour of a curve."""
    pixels = np.asarray(draw_trainings(TRAINING_LESSONS[word], SIZE, is_seen)).astype(int)
    return int(((np.ptp(pixels[..., :3], axis=-1) > 60) & (pixels[..., 3] == 255)).sum())


@pytest.mark.parametrize("word", TRAINING_LESSONS)
def test_an_unseen_lessons_picture_has_the_known_epochs_alone(word: str) -> None:
    lesson = TRAINING_LESSONS[word]
    before, after = (count_coloured(word, is_seen) for is_seen in (False, True))
    assert (before > 0) == (lesson.epochs_before > 0)
    assert after > 2 * before and after > 500
    picture = find_picture(make_picture_name(lesson, is_seen=False))
    assert picture is not None and picture.startswith(b"\x89PNG")
    assert picture != find_picture(make_picture_name(lesson, is_seen=True))
