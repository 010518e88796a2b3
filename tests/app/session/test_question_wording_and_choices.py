"""The question of a scene of a playlist, in the words of its lesson."""

import pytest

from app.lessons.catalogue import LESSONS, RACE_LESSONS
from app.scene_text.playlist import read_playlist
from app.session import question_wording_and_choices


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", RACE_LESSONS)
def test_the_question_of_every_lesson_is_plain_text(name: str, language: str) -> None:
    entry = read_playlist(f"?lesson={name}").entries[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(question_wording_and_choices, "get_language", lambda: language)
        question = question_wording_and_choices.make_question(entry)
    assert question and question.right is not None and len(question.choices) == len(LESSONS[name].choices)
    for text in (question.text, *question.choices):
        assert text and not set(text) & set("*$\\`{}"), text
