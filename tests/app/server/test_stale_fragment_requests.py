"""Requests of a page that its visitor has left are not served, whenever they come."""

import pytest
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.testing.v1 import AppTest

from app.server import stale_fragment_requests

WHOLE = RerunData(page_script_hash="new", query_string="whole")
PART = RerunData(page_script_hash="old", query_string="part", fragment_id="fragment")


@pytest.fixture
def unmended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it comes."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", stale_fragment_requests.original_add)
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_ready", stale_fragment_requests.original_take)


@pytest.fixture
def served(unmended: None) -> None:
    """Streamlit as this app serves with it."""
    stale_fragment_requests.drop_stale_page_requests()


def script(log: list[str], stale: bool) -> None:
    """A page that is asked for its fragment again while it is run: by itself, or by the page before it."""
    from dataclasses import replace  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: PLC0415
    from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState  # noqa: PLC0415

    context = get_script_run_ctx()

    @st.fragment
    def part() -> None:
        log.append("part")
        if len(log) == 2:
            own = RerunData(page_script_hash=context.page_script_hash, fragment_id=ThreadState.get().fragment_id)
            context.script_requests.request_rerun(replace(own, page_script_hash="old") if stale else own)

    log.append("whole")
    part()


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("stale, runs", [(False, ["whole", "part", "part"]), (True, ["whole", "part"])])
def test_a_fragment_is_run_again_for_its_own_page_alone(stale: bool, runs: list[str]) -> None:
    log: list[str] = []
    AppTest.from_function(script, args=(log, stale)).run()
    assert log == runs


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("asked", [(WHOLE, PART), (PART, WHOLE)])
def test_a_page_that_was_asked_for_comes_whatever_the_page_before_it_asks(asked: tuple[RerunData, RerunData]) -> None:
    requests = ScriptRequests()
    assert all(requests.request_rerun(data) for data in asked)
    taken = requests.on_scriptrunner_ready()
    assert taken.rerun_data == WHOLE
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.STOP


@pytest.mark.usefixtures("unmended")
def test_without_it_streamlit_serves_the_page_before() -> None:
    """Once this fails, Streamlit does it by itself and `app/server/stale_fragment_requests.py` can go."""
    log: list[str] = []
    AppTest.from_function(script, args=(log, True)).run()
    assert log == ["whole", "part", "part"]
    requests = ScriptRequests()
    requests.request_rerun(WHOLE)
    requests.request_rerun(PART)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == "old"
