"""An answer says whether a popover is open only where the browser does not know it."""

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.Block_pb2 import Block

from app.server import late_popover_states


@pytest.mark.parametrize(
    ("requested", "is_open", "is_told"),
    [
        ({}, False, True),  # the first run
        ({"share": True}, True, False),  # the visitor opened it
        ({"share": False}, False, False),  # the visitor closed it
        ({"share": True}, False, True),  # the script closed it
        ({"share": False}, True, True),  # the script opened it
        ({"export": True}, True, True),  # the request is about another
    ],
)
def test_only_what_the_browser_does_not_know_is_told(
    monkeypatch: pytest.MonkeyPatch, requested: dict[str, bool], is_open: bool, is_told: bool
) -> None:
    added: list[Any] = []
    state = SimpleNamespace(_state=SimpleNamespace(_new_widget_state=requested))
    monkeypatch.setattr(late_popover_states, "get_script_run_ctx", lambda: SimpleNamespace(session_state=state))
    monkeypatch.setattr(late_popover_states, "original_add", lambda _, block, *rest: added.append(block))
    late_popover_states.add_container(DeltaGenerator(), Block(popover=Block.Popover(id="share", open=is_open)))
    late_popover_states.add_container(DeltaGenerator(), Block(expandable=Block.Expandable(expanded=True)))
    popover, other = added
    assert popover.popover.HasField("open") == is_told
    assert popover.popover.open == (is_open and is_told)
    assert other == Block(expandable=Block.Expandable(expanded=True))


def test_the_menu_of_a_run_is_told_always(monkeypatch: pytest.MonkeyPatch) -> None:
    state = SimpleNamespace(_state=SimpleNamespace(_new_widget_state={"$$ID-0-0.more": True}))
    monkeypatch.setattr(late_popover_states, "get_script_run_ctx", lambda: SimpleNamespace(session_state=state))
    assert not late_popover_states.is_known_to_browser(Block.Popover(id="$$ID-0-0.more", open=True))


def test_without_a_script_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[Any] = []
    monkeypatch.setattr(late_popover_states, "original_add", lambda _, block, *rest: added.append(block))
    for block in (None, Block(popover=Block.Popover(id="share", open=True))):
        late_popover_states.add_container(DeltaGenerator(), block)
        assert added.pop() == block
