"""The claims of the lessons about their runs hold, and each lesson has all its parts."""

import re
from pathlib import Path

import pytest

import app.lessons
from app.lessons.catalogue import CHAPTERS, LESSONS, RACE_LESSONS
from app.lessons.lesson import measure_facts
from app.lessons.lesson_text_parser import (
    NUMBER_PLACEHOLDER,
    fill_numbers,
    format_measurement,
    load_chapter_titles,
    load_lesson_text,
    parse_lesson_text,
)
from app.model.scene import Scene
from app.scene_text.reader import parse_scene
from app.scene_text.reader import read_scene as reading
from app.scene_text.writer import write_query
from app.scene_text.writer import write_scene as text_of
from tests.support.lesson_texts import FORMULA, list_lesson_texts

FOLDER = Path(app.lessons.__file__).parent / "texts"
LANGUAGES = [path.name for path in FOLDER.iterdir() if (path / "chapters.md").exists()]
BOTH = [(word, language) for word in LESSONS for language in LANGUAGES]
REQUIRED = 20  # the lessons that there have to be at least


@pytest.mark.parametrize("word", LESSONS)
def test_every_claim_holds_and_the_right_answer_is_what_the_runs_show(word: str) -> None:
    lesson, found = LESSONS[word], measure_facts(LESSONS[word])
    assert found.claims
    assert [claim for claim, holds in found.claims.items() if not holds] == []
    assert found.measured_choice == lesson.right_choice
    assert lesson.right_choice in lesson.choices and len(lesson.choices) > 1


@pytest.mark.parametrize("word", RACE_LESSONS)
def test_every_scene_is_a_link_without_faults(word: str) -> None:
    for which in LESSONS[word].scenes:
        scene = LESSONS[word].parse_scene_of(which)
        assert isinstance(scene, Scene) and scene.runs
        assert reading(f"?{write_query(scene)}") == (scene, ())
        assert parse_scene(text_of(scene)) == scene
        assert scene.steps <= 1000


@pytest.mark.parametrize(("word", "language"), BOTH)
def test_every_lesson_has_all_its_texts_and_a_value_for_every_number(word: str, language: str) -> None:
    lesson, said, numbers = LESSONS[word], load_lesson_text(word, language), measure_facts(LESSONS[word]).numbers
    assert tuple(said.choices) == lesson.choices
    assert "\n" not in said.question, "a heading is one line"
    assert tuple(said.scenes) == (tuple(lesson.scenes) if len(lesson.scenes) > 1 else ())
    texts = list_lesson_texts(word, language)
    assert [name for name, text in texts.items() if not text] == []
    named = {name for text in texts.values() for name in NUMBER_PLACEHOLDER.findall(text)}
    assert named == set(numbers), "named in the words, and computed"
    for text in texts.values():
        assert "{{" not in fill_numbers(text, numbers)
    assert [value for value in map(format_measurement, numbers.values()) if value in {"–", "nan", "inf"}] == []


@pytest.mark.parametrize(("word", "language"), BOTH)
def test_no_number_is_typed_that_could_be_computed(word: str, language: str) -> None:
    """Digits stand in formulas and names alone: all others are measured and filled in, and so cannot go stale."""
    for name, text in list_lesson_texts(word, language).items():
        typed = re.findall(r"\d+", NUMBER_PLACEHOLDER.sub("", FORMULA.sub("", re.sub("float(32|64)", "", text))))
        if name == "exercise":  # names of things to look for: 3-D, ...
            continue
        assert typed == ([] if "*1/t*" not in text else ["1"]), name


@pytest.mark.parametrize(("word", "language"), BOTH)
def test_formulas_are_closed_as_markdown_wants_it(word: str, language: str) -> None:
    """A dollar before which a blank stands does not close a formula."""
    for text in list_lesson_texts(word, language).values():
        inline = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
        assert inline.count("$") % 2 == 0
        for formula in inline.split("$")[1::2]:
            assert formula == formula.strip() and formula


def test_there_are_enough_lessons_each_in_one_chapter_and_each_with_a_name_of_its_own() -> None:
    in_chapters = [lesson.name for lessons in CHAPTERS.values() for lesson in lessons]
    assert in_chapters == list(LESSONS) and len(set(in_chapters)) == len(in_chapters) >= REQUIRED
    for language in LANGUAGES:
        assert set(load_chapter_titles(language)) == set(CHAPTERS)
        titles = [load_lesson_text(word, language).title for word in LESSONS]
        assert len(set(titles)) == len(titles)


def test_every_text_file_has_its_lesson() -> None:
    for language in LANGUAGES:
        assert {path.stem for path in (FOLDER / language).glob("*.md")} == {*LESSONS, "chapters"}


def test_a_file_without_one_of_its_parts_is_noticed() -> None:
    whole = "# T\n\nIntro.\n\n## Question\n\nWhat?\n\n## Choices\n\n- a: One\n\n## Explanation\n\nSo.\n"
    whole += "\n## Try this\n\nTry.\n"
    assert parse_lesson_text(whole) == ("T", "Intro.", "What?", {"a": "One"}, "So.", "Try.", {})
    with pytest.raises(KeyError):
        parse_lesson_text(whole.replace("## Explanation", "## Explained"))


def test_numbers_are_written_as_the_player_writes_them_and_an_unknown_name_is_noticed() -> None:
    assert fill_numbers("{{a}} of {{b}}: {{c}}", {"a": 3, "b": -0.01234, "c": "0.9608"}) == "3 of −0.0123: 0.9608"
    with pytest.raises(KeyError):
        fill_numbers("{{z}}", {})
