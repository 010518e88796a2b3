"""The end of a hunt in words: whole in both languages, like the settings of its checks."""

import re
from typing import Any

import pytest

from app.bug_hunt.check_description import describe_code, describe_setting
from app.bug_hunt.ending import describe_ending
from app.bug_hunt.hunt_progress import HuntProgress
from app.translation import LANGUAGES, use_language
from surfaces.gradient_check.bug_hunt import HuntState, draw_hunt, find_par
from tests.support.careful_hunts import SEEDS, be_careful
from tests.support.chinese_text import find_faults

MISTAKES = re.compile(r"[{}]|  |\bNone\b|nan|\.\.|\(\)")


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_texts_of_a_hunt_are_whole(language: str, number: int) -> None:
    hunt, scene = draw_hunt(number), be_careful(number)
    with use_language(language):
        given_up = describe_ending(hunt, HuntProgress(HuntState(340), has_given_up=True))
        found = describe_ending(hunt, HuntProgress(HuntState(340, is_found=True)))
        texts = list_texts([given_up, found, describe_code(scene.code), describe_setting(scene.setting, scene.code)])
    prose = [text for text in texts if text not in (found["wrong_line"], found["right_line"])]
    assert not [text for text in prose if MISTAKES.search(text)]
    assert found["wrong_line"] != found["right_line"]
    assert all(block in found["where"] for block in hunt.source)
    assert "340" in found["headline"] and str(find_par(hunt)) in given_up["headline"]
    if language == "zh":
        assert not [text for text in prose if find_faults(text)]


def list_texts(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ()
    return [text for each in parts for text in list_texts(each)]
