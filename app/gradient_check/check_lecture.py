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
    """List the error curves that are shown before the result, as a lesson shows them before its question."""
    found = LECTURE.find_entry()
    return CHECK_LESSONS[found[0].lesson].curves_before if found and found[0].lesson in CHECK_LESSONS else ()


def make_fields() -> dict[str, Any]:
    """Make the lecture's fields of the message to the browser, with the styles of the races' pictures."""
    looks = {"styles": PALETTE["styles"]} if lecture_playlist.get_entries() else {}
    return {**LECTURE.make_fields(), **looks}
