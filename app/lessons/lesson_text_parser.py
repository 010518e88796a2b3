"""The text of a lesson: a Markdown file for each lesson and language, its parts under headings that languages share.

The text before the first heading begins with the title as `# ...`. Choices and scenes are lists, `- name: text`. The
numbers of the runs stand in it as placeholders, `{{arrival}}`, and are filled in.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from surfaces.number_format import format_number

NUMBER_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class LessonText(NamedTuple):
    """The text of a lesson as Markdown, with placeholders for numbers."""

    title: str
    intro: str
    question: str
    choices: dict[str, str]
    explanation: str
    exercise: str
    scenes: dict[str, str]  # {} if there is only one


@cache
def load_lesson_text(lesson: str, language: str = "en") -> LessonText:
    return parse_lesson_text(read_lesson_file(lesson, language))


@cache
def load_chapter_titles(language: str = "en") -> dict[str, str]:
    return parse_list(read_lesson_file("chapters", language))


def read_lesson_file(name: str, language: str) -> str:
    return (Path(__file__).parent / "texts" / language / f"{name}.md").read_text(encoding="utf-8")


def parse_lesson_text(text: str) -> LessonText:
    """The parts of a lesson's file. Raises KeyError if one is missing."""
    head, *rest = re.split(r"^## +", text, flags=re.MULTILINE)
    title, _, intro = head.strip().removeprefix("# ").partition("\n")
    parts = {name.strip(): body.strip() for name, _, body in (part.partition("\n") for part in rest)}
    return LessonText(
        title.strip(),
        intro.strip(),
        parts["Question"],
        parse_list(parts["Choices"]),
        parts["Explanation"],
        parts["Try this"],
        parse_list(parts.get("Scenes", "")),
    )


def parse_list(text: str) -> dict[str, str]:
    """The items of a list, `- name: text`."""
    items = (line.removeprefix("- ").partition(":") for line in text.splitlines() if line.startswith("- "))
    return {name.strip(): content.strip() for name, _, content in items}


def fill_numbers(text: str, numbers: dict[str, Any]) -> str:
    """Fill the placeholders of a text. Raises KeyError for a name without a number."""
    return NUMBER_PLACEHOLDER.sub(lambda match: format_measurement(numbers[match[1]]), text)


def format_measurement(value: Any) -> str:
    """A float with three significant digits; integers and texts unchanged."""
    return format_number(value) if isinstance(value, float) else str(value)
