"""The question of a playlist's scene: its text and the choices, in the visitor's language."""

import re
from typing import NamedTuple

from app.lessons.catalogue import LESSONS
from app.lessons.lesson import measure_facts
from app.lessons.lesson_text_parser import fill_numbers, load_lesson_text
from app.scene_text.playlist import PlaylistEntry
from app.translation import get_file_language, get_language, pseudo_translate, translate

GREEK = {r"\mu": "μ", r"\alpha": "α", r"\beta": "β"}


class Question(NamedTuple):
    text: str
    choices: tuple[str, ...] = ()
    right: int | None = None  # the index of the right choice; None: nobody has said which it is


def make_question(entry: PlaylistEntry) -> Question | None:
    """The question of an entry: what stands in its line, else its lesson's, else the default one."""
    if entry.question or not entry.lesson:
        text = entry.question or translate("What will happen?")
        return None if entry.question is None else Question(text, entry.choices)
    lesson, language = LESSONS[entry.lesson], get_language()
    text = load_lesson_text(lesson.name, get_file_language(language))
    asked = (text.question, *(text.choices[choice] for choice in lesson.choices))
    numbers = (
        measure_facts(lesson).numbers if any("{{" in part for part in asked) else {}
    )  # its scenes are run for them

    def write(part: str) -> str:
        return to_plain_text(fill_numbers(pseudo_translate(part, language), numbers))

    question, *choices = map(write, asked)
    return Question(question, tuple(choices), lesson.choices.index(lesson.right_choice))


def to_plain_text(markdown: str) -> str:
    """A short text without its Markdown and its dollar signs."""
    text = re.sub(r"\\[a-z]+", lambda match: GREEK.get(match[0], match[0]), markdown.replace("$", ""))
    return re.sub(r"\*+(.+?)\*+", r"\1", text)
