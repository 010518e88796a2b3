"""The lessons page without a browser: predict rightly, wrongly or not at all, go on, and come back to the race."""

import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from app.lessons.catalogue import LESSONS, RACE_LESSONS
from app.lessons.lesson import measure_facts
from app.lessons.lesson_text_parser import fill_numbers, load_lesson_text
from app.lessons.lesson_thumbnails import find_picture, make_picture_name, trace_run
from app.model.display_names import get_display_name
from app.scene_text.writer import list_parts
from app.session.lesson_predictions import parse_cookie
from app.translation import use_language
from tests.support.app_pages import (
    HOME,
    find_page_links,
    find_player_message,
    get_scene,
    go_to_race,
    open_page,
    read_player_header,
    read_view_message,
    report_player_state,
    switch_page,
)
from tests.support.lesson_pages import read_lesson_texts


def lessons(**address: str) -> AppTest:
    """A visit of the lessons, by the race."""
    return to_lessons(AppTest.from_file(str(HOME), default_timeout=60).run(), **address)


def to_lessons(page: AppTest, **address: str) -> AppTest:
    return open_page(page, "lessons", **address)


def to_try(page: AppTest) -> list[tuple[str, str]]:
    """The scene that the lesson offers to try, as the parts of its address."""
    return parse_qsl(find_page_links(page)["Open this scene in the race"].query_string)


def find_lesson_cards(page: AppTest) -> dict[str, Any]:
    """The links of the list, by the word of their lesson."""
    links = (element.proto for element in page.get("page_link") if "lesson-pictures" in element.proto.label)
    return {parse_qs(link.query_string)["lesson"][0]: link for link in links}


@pytest.mark.parametrize("word", RACE_LESSONS)
def test_a_lesson_waits_for_a_prediction_and_then_races(word: str) -> None:
    page, lesson, said = lessons(lesson=word), LESSONS[word], load_lesson_text(word)
    numbers, now = measure_facts(lesson).numbers, lesson.parse_scene_of(next(iter(lesson.scenes)))
    assert page.title[0].value == said.title
    assert fill_numbers(said.question, numbers) in read_lesson_texts(page)
    assert fill_numbers(said.explanation, numbers) not in read_lesson_texts(page)
    waiting = read_player_header(page)
    assert (waiting["steps"], [run["length"] for run in waiting["runs"]]) == (0, [1] * len(now.runs))
    assert {run["verdict"] for run in waiting["runs"]} == {"Waits at the start."}
    assert waiting["start"] == list(now.start)
    assert waiting["suspense"] and waiting["waits"]

    wrong = next(choice for choice in lesson.choices if choice != lesson.right_choice)
    wrong_text, right_text = (fill_numbers(said.choices[choice], numbers) for choice in (wrong, lesson.right_choice))
    answers = {
        wrong: f"You predicted “{wrong_text}”, but the answer is",
        lesson.right_choice: f"You predicted “{right_text}”, and that is **right**",
        "show": f"The answer is **“{right_text}”**",
    }
    for choice, answer in answers.items():
        page.button(f"{word}.{choice}").click().run()
        assert not page.exception
        assert answer in read_lesson_texts(page)
        for part in (said.explanation, said.exercise):
            assert fill_numbers(part, numbers) in read_lesson_texts(page)
        assert read_player_header(page)["steps"] == now.steps
        assert read_player_header(page)["suspense"] and "waits" not in read_player_header(page)
        assert len(read_player_header(page)["runs"]) == len(now.runs)
        assert to_try(page) == list_parts(now)
        page.button(f"{word}.again").click().run()
        assert read_player_header(page)["steps"] == 0


@pytest.mark.parametrize("word", [word for word, lesson in RACE_LESSONS.items() if len(lesson.scenes) > 1])
def test_the_other_scenes_of_a_lesson_are_there_once_it_is_answered(word: str) -> None:
    page, lesson = lessons(lesson=word), LESSONS[word]
    assert not page.get("button_group")
    page.button(f"{word}.{lesson.right_choice}").click().run()
    seen = set()
    for which in lesson.scenes:
        page.session_state[f"{word}.scene"] = which
        page.run()
        assert not page.exception
        assert read_player_header(page)["steps"] == lesson.parse_scene_of(which).steps
        assert to_try(page) == list_parts(lesson.parse_scene_of(which))
        seen.add(find_player_message(page).SerializeToString())
    assert len(seen) == len(lesson.scenes)


def test_the_list_says_how_far_the_visitor_is() -> None:
    page = lessons()
    assert [*find_lesson_cards(page)] == [*LESSONS]
    assert f"**0 of {len(LESSONS)}**" in read_lesson_texts(page)
    for word, choice in (("ball", "momentum"), ("rates", "low"), ("limit", "show")):
        to_lessons(page, lesson=word)
        page.button(f"{word}.{choice}").click().run()
    to_lessons(page)
    assert f"**3 of {len(LESSONS)}**" in read_lesson_texts(page)
    cards = find_lesson_cards(page)
    icons = {word: cards[word].icon for word in ("ball", "rates", "limit", "step")}
    marks = ("check_circle", "visibility", "visibility", "radio_button_unchecked")
    assert list(icons.values()) == [f":material/{mark}:" for mark in marks]
    states = ("predicted right", "seen", "seen", "not seen yet")
    assert all(state in cards[word].label for word, state in zip(icons, states, strict=True))


def test_a_card_has_a_picture_the_title_and_how_long_it_takes() -> None:
    for word, card in find_lesson_cards(lessons()).items():
        picture = re.match(r"!\[\]\(\./lesson-pictures/([\w.-]+)\) ", card.label)
        assert find_picture(picture[1]).startswith(b"\x89PNG")
        assert load_lesson_text(word).title in card.label.replace("\\", "")
        assert re.search(r":small\[about [2-5] min · not seen yet\]$", card.label)


def test_the_first_lesson_that_was_not_seen_is_offered() -> None:
    page = lessons()
    assert f"Start here: {load_lesson_text('step').title}" in find_page_links(page)
    to_lessons(page, lesson="step")
    page.button("step.show").click().run()
    to_lessons(page)
    assert f"Go on here: {load_lesson_text('rates').title}" in find_page_links(page)


def test_every_title_names_an_optimizer_of_its_lesson() -> None:
    for word, lesson in RACE_LESSONS.items():
        names = {run.optimizer.name for scene in lesson.scenes for run in lesson.parse_scene_of(scene).runs}
        for language in ("en", "zh"):
            with use_language(language):
                shown = [get_display_name(name) for name in names]
            assert any(name in load_lesson_text(word, language).title for name in shown), (word, language, shown)


def test_an_unseen_lessons_picture_does_not_tell_its_answer() -> None:
    for lesson in RACE_LESSONS.values():
        assert find_picture(make_picture_name(lesson, is_seen=False)) is not None
        scene = lesson.parse_scene_of(next(iter(lesson.scenes)))
        for run in scene.runs:
            shown, whole = (trace_run(scene, run.slot, is_seen) for is_seen in (False, True))
            assert len(shown) <= 2 + scene.steps / 8
            assert (shown == whole[: len(shown)]).all()
    for name in ("", "ball", "ball-new-0.png", "../ball-new-1.png", "ball-seen.png"):
        assert find_picture(name) is None


def test_each_lesson_ends_with_the_next() -> None:
    words = list(LESSONS)
    for word, following in ((words[0], words[1]), (words[-2], words[-1])):
        page = lessons(lesson=word)
        page.button(f"{word}.show").click().run()
        label = f"Next: {load_lesson_text(following).title}"
        assert find_page_links(page)[label].query_string.startswith(f"lesson={following}")
    page = lessons(lesson=words[-1])
    page.button(f"{words[-1]}.show").click().run()
    assert [element.proto.label for element in page.get("page_link")].count("All lessons") == 2


def test_an_answered_lesson_is_still_answered_when_it_is_opened_again() -> None:
    page = lessons(lesson="ball")
    page.button("ball.sgd").click().run()
    to_lessons(page, lesson="step")
    assert read_player_header(page)["steps"] == 0
    to_lessons(page, lesson="ball")
    assert read_player_header(page)["steps"] == LESSONS["ball"].parse_scene_of("ravine").steps


@pytest.mark.parametrize(
    ("cookie", "kept"),
    [
        ("", {}),
        ("ball.momentum~step.", {"ball": "momentum", "step": ""}),
        ("ball.nonsense~<script>.x~nothing~..~step.same", {"step": "same"}),
        ("~".join(["ball.sgd"] * 999), {}),
    ],
)
def test_valid_parts_of_the_cookie_are_read(cookie: str, kept: dict) -> None:
    assert parse_cookie(cookie) == kept


def test_each_lesson_leads_to_the_one_before_and_the_one_after() -> None:
    order = list(LESSONS)
    for word, before, after in (
        (order[0], None, order[1]),
        (order[1], order[0], order[2]),
        (order[-1], order[-2], None),
    ):
        found = {name: link.query_string for name, link in find_page_links(lessons(lesson=word)).items()}
        expected = {"Previous": before, "Next": after}
        assert {name: found.get(name) for name in expected} == {
            name: other and f"lesson={other}" for name, other in expected.items()
        }


@pytest.mark.parametrize("said", ["nonsense", "", "../race", "<b>[a](b)</b>", "x" * 10_000])
def test_a_link_to_an_unknown_lesson_shows_the_list_and_a_message(said: str) -> None:
    page = lessons(lesson=said)
    assert "There is no lesson called" in read_lesson_texts(page)
    assert len(read_lesson_texts(page)) < 1000
    assert [*find_lesson_cards(page)] == [*LESSONS]


@pytest.mark.parametrize(
    "sent",
    [
        {"start": {"x": 1, "y": 2, "n": 1, "held": False}},
        {"turned": {"run": 0, "n": 2}},
        {"undone": [{"by": -1, "n": 3}]},
        {"focus": 99, "wanted": ["lr"] * 1000},
        [], "text", None,
    ],
)  # fmt: skip
@pytest.mark.parametrize("answered", [False, True])
def test_the_race_of_a_lesson_ignores_events_of_the_browser(answered: bool, sent: Any) -> None:
    page = lessons(lesson="ball")
    if answered:
        page.button("ball.momentum").click().run()
    before, race = read_player_header(page), get_scene(page)
    report_player_state(page, sent)
    assert not page.exception
    after = read_player_header(page)
    assert before["fixed"] and {**after, "runs": None} == {**before, "runs": None}
    assert [run["length"] for run in after["runs"]] == [run["length"] for run in before["runs"]]
    assert get_scene(page) == race


def test_the_player_of_a_waiting_lesson_can_ask_for_the_race_without_a_prediction_once() -> None:
    page = lessons(lesson="ball")
    report_player_state(page, {"revealed": {"revealed": 0, "n": 1}})
    assert not page.exception and read_player_header(page)["steps"] > 0
    assert page.session_state["session"].predictions == {"ball": ""}
    page = lessons(lesson="ball")
    page.button("ball.momentum").click().run()
    report_player_state(page, {"revealed": {"revealed": 0, "n": 1}})
    assert page.session_state["session"].predictions == {"ball": "momentum"}, "an answer that was given stays"


def test_the_rule_of_a_run_is_shown_in_a_lesson_too() -> None:
    page = lessons(lesson="ball")
    page.button("ball.momentum").click().run()
    assert not any(e.proto.component_name.endswith("descent_rule") for e in page.get("bidi_component"))
    report_player_state(page, {"focus": 1})
    assert any(e.proto.component_name.endswith("descent_rule") for e in page.get("bidi_component"))


def test_the_race_waits_while_the_lessons_are_visited() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    page.text_input("steps").set_value("77").run()
    edited = get_scene(page)
    to_lessons(page, lesson="ball")
    assert read_view_message(page)["address"]["query"] == ""
    go_to_race(page)
    assert get_scene(page) == edited
    assert "steps=77" in read_view_message(page)["address"]["query"], "and its address is put back"
    go_to_race(page)
    assert get_scene(page) == edited, "chosen anew it is as it was"
    assert "steps=77" in read_view_message(page)["address"]["query"]


def test_a_scene_that_is_opened_in_the_race_can_be_undone_to_the_one_before() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    page.text_input("steps").set_value("77").run()
    edited, opened = get_scene(page), LESSONS["ball"].parse_scene_of("ravine")
    go_to_race(to_lessons(page, lesson="ball"), *list_parts(opened))
    assert get_scene(page) == opened
    page.button("undo").click().run()
    assert get_scene(page) == edited


def test_a_scene_that_a_new_tab_brings_to_the_lessons_is_shown_in_the_race() -> None:
    opened = LESSONS["ball"].parse_scene_of("ravine")
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    switch_page(page, "lessons")
    for name, value in list_parts(opened):
        page.query_params[name] = [*page.query_params.get(name, []), value]
    page.run()
    assert not page.exception
    assert get_scene(page) == opened
    assert page.selectbox("surface").value == "ravine"
