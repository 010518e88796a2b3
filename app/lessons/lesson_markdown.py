"""The words of a lesson: one Markdown file a lesson and language, its parts under headings that all languages share.

The text before the first heading begins with the title as `# ...`. Choices and scenes are lists, `- word: what it is
called`. A number of the runs is not typed but named, `{{arrival}}`, and filled in.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from optimizers.number_format import format_number

NUMBER_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class LessonText(NamedTuple):
    """The text of a lesson as Markdown, with placeholders for numbers."""

    title: str
    intro: str
    question: str
    choices: dict[str, str]
    explanation: str
    exercise: str
    scenes: dict[str, str]  # {} where there is but one


@cache
def load_lesson_text(lesson: str, language: str = "en") -> LessonText:
    return parse_lesson_text(read_lesson_file(lesson, language))


@cache
def load_chapter_titles(language: str = "en") -> dict[str, str]:
    """The titles of the chapters."""
    return parse_list(read_lesson_file("chapters", language))


def read_lesson_file(name: str, language: str) -> str:
    return (Path(__file__).parent / "texts" / language / f"{name}.md").read_text(encoding="utf-8")


def parse_lesson_text(text: str) -> LessonText:
    """The parts of a lesson's file. Raises KeyError where one is missing."""
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
    """The items of a list, `- word: what it is called`."""
    items = (line.removeprefix("- ").partition(":") for line in text.splitlines() if line.startswith("- "))
    return {word.strip(): said.strip() for word, _, said in items}


def fill_numbers(text: str, numbers: dict[str, Any]) -> str:
    """`text` with its numbers; a name without a number raises KeyError."""
    return NUMBER_PLACEHOLDER.sub(lambda found: format_measurement(numbers[found[1]]), text)


def format_measurement(value: Any) -> str:
    """A count as it is, a measured number in three figures, what is a text already as that."""
    return format_number(value) if isinstance(value, float) else str(value)
