"""Lecture mode of the gradient check: verdict, error over h and traps alone, in large type, as the race has it.

A check may be a scene of a playlist, with a question: nothing of its result is shown before that is answered.
"""

from collections.abc import Sequence
from typing import Any

from app.figures.palette import PALETTE
from app.gradient_check.check_state import LECTURE
from app.lessons.catalogue import CHECK_LESSONS
from app.lessons.lesson import ShownCurve
from app.session import lecture_playlist


def list_curves_before() -> Sequence[ShownCurve]:
    """What is shown of the error while the result waits: what a lesson shows before its question."""
    found = LECTURE.find_entry()
    return CHECK_LESSONS[found[0].lesson].curves_before if found and found[0].lesson in CHECK_LESSONS else ()


def make_fields() -> dict[str, Any]:
    """What the browser is told of the lecture, with the looks of the races' pictures."""
    looks = {"styles": PALETTE["styles"]} if lecture_playlist.get_entries() else {}
    return {**LECTURE.make_fields(), **looks}
