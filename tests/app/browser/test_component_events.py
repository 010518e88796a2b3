"""Events that the browser sends: each is handled once, and an invalid one never."""

from typing import Any

import pytest
import streamlit as st

from app.browser.component_events import make_event_handler
from app.browser.player_protocol import decode_choice, decode_history_steps


def test_a_message_is_handled_once_and_an_invalid_one_never(monkeypatch: pytest.MonkeyPatch) -> None:
    handled: list[int] = []
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    handle = make_event_handler(
        "race", "turned", lambda payload: decode_choice(payload, "run", range(3)), handled.append
    )
    for message in (None, {"run": 2, "n": 5}, {"run": 2, "n": 5}, {"run": 3, "n": 6}, {"run": 1}, {"run": 0, "n": 7}):
        state["race"] = {"turned": message}
        handle()
    assert handled == [2, 0]


def test_steps_through_the_history_are_all_valid_or_none_is_taken() -> None:
    back, forward = {"by": -1, "n": 1}, {"by": 1, "n": 2}
    assert decode_history_steps([back, forward]) == ((-1, 1), (1, 2))
    assert decode_history_steps(back) == ((-1, 1),)
    for payload in (None, [back, {"by": 2, "n": 3}], [back, {"by": 1}], [back] * 33, [[]]):
        assert decode_history_steps(payload) == ()
