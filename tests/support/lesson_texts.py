"""The texts of the lessons, and patterns to take them apart."""

import re

from app.lessons.lesson_text_parser import load_lesson_text

CHINESE = r"[\u4e00-\u9fff]"


FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


def list_lesson_texts(word: str, language: str) -> dict[str, str]:
    """Every text of a lesson, by its part."""
    text = load_lesson_text(word, language)
    lists = {f"{name} {key}": value for name in ("choices", "scenes") for key, value in getattr(text, name).items()}
    return lists | {name: getattr(text, name) for name in ("title", "intro", "question", "explanation", "exercise")}
