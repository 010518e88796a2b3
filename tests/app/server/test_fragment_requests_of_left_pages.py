"""Requests of a page that its visitor has left are dropped."""

import pytest
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.testing.v1 import AppTest

from app.server import fragment_requests_of_left_pages

WHOLE = RerunData(page_script_hash="new", query_string="whole")
PART = RerunData(page_script_hash="old", query_string="part", fragment_id="fragment")


@pytest.fixture
def original_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's own methods."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", fragment_requests_of_left_pages.original_add)
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_ready", fragment_requests_of_left_pages.original_take)


@pytest.fixture
def patched_streamlit(original_streamlit: None) -> None:
    """The methods that this app replaces."""
    fragment_requests_of_left_pages.drop_stale_page_requests()


def script(log: list[str], stale: bool) -> None:
    """A page whose fragment is requested again while it runs, by itself or by the previous page (`stale`)."""
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


@pytest.mark.usefixtures("patched_streamlit")
@pytest.mark.parametrize("stale, runs", [(False, ["whole", "part", "part"]), (True, ["whole", "part"])])
def test_a_fragment_runs_again_only_for_its_own_page(stale: bool, runs: list[str]) -> None:
    log: list[str] = []
    AppTest.from_function(script, args=(log, stale)).run()
    assert log == runs


@pytest.mark.usefixtures("patched_streamlit")
@pytest.mark.parametrize("order", [(WHOLE, PART), (PART, WHOLE)])
def test_a_requested_page_runs_whatever_the_previous_page_requests(order: tuple[RerunData, RerunData]) -> None:
    requests = ScriptRequests()
    assert all(requests.request_rerun(data) for data in order)
    taken = requests.on_scriptrunner_ready()
    assert taken.rerun_data == WHOLE
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.STOP


@pytest.mark.usefixtures("original_streamlit")
def test_streamlit_alone_serves_the_previous_page() -> None:
    """Once this fails, Streamlit has fixed it, and `app/server/fragment_requests_of_left_pages.py` can go."""
    log: list[str] = []
    AppTest.from_function(script, args=(log, True)).run()
    assert log == ["whole", "part", "part"]
    requests = ScriptRequests()
    requests.request_rerun(WHOLE)
    requests.request_rerun(PART)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == "old"
