"""What a visitor does is done to its end, however soon he does the next thing."""

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest

from app.server import uninterrupted_callbacks


@pytest.fixture
def unmended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it comes."""
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_yield", uninterrupted_callbacks.original_on_yield)


@pytest.fixture
def served(unmended: None) -> None:
    """Streamlit as this app serves with it."""
    uninterrupted_callbacks.protect_callbacks()


def script(log: list[str], end: bool) -> None:
    """A page with a button; while what it does is done, its visitor acts again, or closes the page."""
    import streamlit as st  # noqa: PLC0415
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: PLC0415

    def act() -> None:
        log.append("begun")
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


@pytest.mark.usefixtures("served")
def test_a_callback_is_finished_before_its_visitor_is_heard_again() -> None:
    log: list[str] = []
    page = AppTest.from_function(script, args=(log, False)).run()
    del log[:]
    page.button[0].click().run()
    assert log == ["begun", "done", "script", "done"]  # and one run for both


@pytest.mark.usefixtures("served")
def test_the_end_of_a_session_ends_its_callback() -> None:
    log: list[str] = []
    page = AppTest.from_function(script, args=(log, True)).run()
    del log[:]
    page.button[0].click().run()
    assert log == ["begun"]


@pytest.mark.usefixtures("unmended")
def test_without_it_streamlit_drops_what_a_callback_had_not_yet_done() -> None:
    """Once this fails, Streamlit does it by itself and `app/server/uninterrupted_callbacks.py` can go."""
    log: list[str] = []
    page = AppTest.from_function(script, args=(log, False)).run()
    del log[:]
    page.button[0].click().run()
    assert log[0] == "begun"
    assert "done" not in log
