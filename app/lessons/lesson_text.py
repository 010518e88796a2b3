"""The words of a lesson: one Markdown file a lesson and language, its parts under headings that all languages share.

The text before the first heading begins with the title as `# ...`. Choices and scenes are lists, `- word: what it is
called`. A number of the runs is not typed but named, `{{arrival}}`, and filled in.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from optimizers.analysis.number_format import figure

NAME = re.compile(r"\{\{(\w+)\}\}")


class Words(NamedTuple):
    """What a lesson says, as Markdown, its numbers still to be filled in."""

    title: str
    intro: str
    question: str
    choices: dict[str, str]
    explanation: str
    attempt: str
    scenes: dict[str, str]  # {} where there is but one


@cache
def words(lesson: str, language: str = "en") -> Words:
    return read(file(lesson, language))


@cache
def chapters(language: str = "en") -> dict[str, str]:
    """What the chapters are called."""
    return listed(file("chapters", language))


def file(name: str, language: str) -> str:
    return (Path(__file__).parent / "texts" / language / f"{name}.md").read_text(encoding="utf-8")


def read(text: str) -> Words:
    """The parts of a lesson's file. Raises KeyError where one is missing."""
    head, *rest = re.split(r"^## +", text, flags=re.MULTILINE)
    title, _, intro = head.strip().removeprefix("# ").partition("\n")
    parts = {name.strip(): body.strip() for name, _, body in (part.partition("\n") for part in rest)}
    return Words(
        title.strip(),
        intro.strip(),
        parts["Question"],
        listed(parts["Choices"]),
        parts["Explanation"],
        parts["Try this"],
        listed(parts.get("Scenes", "")),
    )


def listed(text: str) -> dict[str, str]:
    """The items of a list, `- word: what it is called`."""
    items = (line.removeprefix("- ").partition(":") for line in text.splitlines() if line.startswith("- "))
    return {word.strip(): said.strip() for word, _, said in items}


def filled(text: str, numbers: dict[str, Any]) -> str:
    """`text` with its numbers; a name without a number raises KeyError."""
    return NAME.sub(lambda found: written(numbers[found[1]]), text)


def written(value: Any) -> str:
    """A count as it is, a measured number in three figures, what is a text already as that."""
    return figure(value) if isinstance(value, float) else str(value)
