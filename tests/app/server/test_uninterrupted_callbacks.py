"""A callback is finished even if its visitor acts again."""

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest

from app.server import uninterrupted_callbacks


@pytest.fixture
def original_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's own method."""
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_yield", uninterrupted_callbacks.original_on_yield)


@pytest.fixture
def patched_streamlit(original_streamlit: None) -> None:
    """The method that this app replaces."""
    uninterrupted_callbacks.protect_callbacks()


def script(log: list[str], end: bool) -> None:
    """A page with a button; while its callback runs, the visitor acts again or closes the page (`end`)."""
    import streamlit as st  # noqa: PLC0415
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: PLC0415

    def act() -> None:
        log.append("started")
        requests = get_script_run_ctx().script_requests
        if end:
            requests.request_stop()
        else:
            requests.request_rerun(RerunData())
        st.session_state.done = "done"
        log.append(st.session_state.done)

    log.append("script")
    st.button("Act", on_click=act)
    log.append(st.session_state.get("done", "nothing done"))


@pytest.mark.usefixtures("patched_streamlit")
def test_a_callback_is_finished_before_the_next_request_is_served() -> None:
    log: list[str] = []
    page = AppTest.from_function(script, args=(log, False)).run()
    del log[:]
    page.button[0].click().run()
    assert log == ["started", "done", "script", "done"]  # one run for both requests


@pytest.mark.usefixtures("patched_streamlit")
def test_the_end_of_a_session_aborts_its_callback() -> None:
    log: list[str] = []
    page = AppTest.from_function(script, args=(log, True)).run()
    del log[:]
    page.button[0].click().run()
    assert log == ["started"]


@pytest.mark.usefixtures("original_streamlit")
def test_streamlit_alone_aborts_the_callback() -> None:
    """Once this fails, Streamlit has fixed it, and `app/server/uninterrupted_callbacks.py` can go."""
    log: list[str] = []
    page = AppTest.from_function(script, args=(log, False)).run()
    del log[:]
    page.button[0].click().run()
    assert log[0] == "started"
    assert "done" not in log
