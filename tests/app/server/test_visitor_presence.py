"""Long runs in a script stop when nobody wants them any more; short ones are finished."""

from threading import Event, Thread
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from app.compute import cached_simulation
from app.compute.cached_simulation import RunKey
from app.model.scene import Run, Scene, optimizer_call, surface_call
from app.server import visitor_presence
from app.server.visitor_presence import (
    ABANDON_AFTER_SECONDS,
    NEW_SCRIPT_SECONDS,
    PRESENCE_CHECK_SECONDS,
    SCRIPT_THREAD_NAME,
)
from surfaces.catalogue import SURFACES
from surfaces.observers.interruption import InterruptibleProblem

STEP = 0.01  # seconds between two evaluations on the tests' clock


class Rerun(BaseException):
    """Stands for the exception with which Streamlit stops a script that is to be run again."""


class SessionState:
    is_rerun_requested = False

    def __contains__(self, name: str) -> bool:
        if self.is_rerun_requested:
            raise Rerun
        return False


class Page:
    """A session whose script makes a long run's evaluations."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now, self.is_connected, self.state = 50.0, True, SessionState()
        patch.setattr(visitor_presence, "thread_state", SimpleNamespace())
        patch.setattr(visitor_presence, "get_visitor", lambda: "a")
        patch.setattr(visitor_presence, "is_connected", lambda visitor: self.is_connected)
        patch.setattr(visitor_presence, "monotonic", lambda: self.now)
        patch.setattr(visitor_presence.st, "session_state", self.state)

    def evaluate(self) -> None:
        self.now += STEP
        visitor_presence.stop_if_abandoned()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


def count_evaluations(page: Page, limit: int) -> int:
    """The number of evaluations before the script is stopped."""
    for count in range(limit):
        try:
            page.evaluate()
        except (StopException, Rerun):
            return count
    return limit


def test_a_run_stops_soon_after_its_visitor_has_left(page: Page) -> None:
    assert count_evaluations(page, 200) == 200
    page.is_connected = False
    assert count_evaluations(page, 200) <= PRESENCE_CHECK_SECONDS / STEP + 1


def test_a_newer_request_stops_a_long_run_and_no_short_one(page: Page) -> None:
    """A moving slider makes newer requests all the time, and its short runs must be finished."""
    page.state.is_rerun_requested = True
    short = int(0.8 * ABANDON_AFTER_SECONDS / STEP)
    assert count_evaluations(page, short) == short
    page.now += 1  # the next run
    assert (
        ABANDON_AFTER_SECONDS / STEP
        <= count_evaluations(page, int(2 * ABANDON_AFTER_SECONDS / STEP))
        <= (ABANDON_AFTER_SECONDS + 2 * PRESENCE_CHECK_SECONDS) / STEP
    )


def test_streamlit_stops_a_script_that_is_to_be_run_again_when_it_accesses_the_session_state() -> None:
    """`stop_if_abandoned` relies on this behaviour of Streamlit."""

    def script(log: list[str]) -> None:
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: PLC0415

        from app.server import visitor_presence  # noqa: PLC0415

        log.append("started")
        context = get_script_run_ctx()
        if len(log) > 1 or context is None or context.script_requests is None:
            return
        visitor_presence.thread_state.__dict__.clear()
        visitor_presence.stop_if_abandoned()
        visitor_presence.thread_state.started = visitor_presence.thread_state.checked = (
            visitor_presence.thread_state.last_call - 2 * visitor_presence.ABANDON_AFTER_SECONDS
        )  # a long run
        context.script_requests.request_rerun(RerunData())
        visitor_presence.stop_if_abandoned()
        log.append("went on")

    log: list[str] = []
    page = AppTest.from_function(script, args=(log,)).run()
    assert not page.exception
    assert log == ["started", "started"]


def test_a_run_of_the_page_is_stopped_in_the_middle(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """BFGS with noise takes seconds for 2000 steps; it stops within a few evaluations."""
    monkeypatch.setattr(cached_simulation, "stop_if_abandoned", page.evaluate)
    key = RunKey(surface_call("rastrigin"), optimizer_call("bfgs"), None, (1.0, 1.0), 2000, 0.5, 0)
    page.is_connected = False
    with pytest.raises(StopException):
        cached_simulation.simulate_cached(key)
    assert page.now - 50.0 <= 2 * PRESENCE_CHECK_SECONDS
    page.is_connected = True
    assert cached_simulation.simulate_path(make_scene(key), Run(0, optimizer_call("sgd"))).shape == (2, 2001)


def make_scene(key: RunKey) -> Scene:
    return Scene(key.surface, key.start, key.steps, (), key.noise, key.seed)


def test_a_scalar_run_is_rarely_interrupted() -> None:
    """A run of milliseconds is not slowed down by checks for its visitor."""
    checks = 0

    def count_check() -> None:
        nonlocal checks
        checks += 1

    adam = cached_simulation.build_optimizer(optimizer_call("adam"))
    plain = cached_simulation.trajectory(adam, SURFACES["rosenbrock"](), np.array((-1.0, 1.0)), 1000)
    watched = cached_simulation.trajectory(
        adam, InterruptibleProblem(SURFACES["rosenbrock"](), count_check), np.array((-1.0, 1.0)), 1000
    )
    np.testing.assert_array_equal(watched.x, plain.x)
    assert checks < 20, "one check for each step would mean NumPy's loop"


def test_a_script_is_new_for_a_short_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now, finished = 10.0, Event()
    monkeypatch.setattr(visitor_presence, "monotonic", lambda: now)
    assert not visitor_presence.is_new_script_running()
    script = Thread(target=finished.wait, args=(20,), name=SCRIPT_THREAD_NAME)
    script.start()
    assert visitor_presence.is_new_script_running()
    now += 0.9 * NEW_SCRIPT_SECONDS
    assert visitor_presence.is_new_script_running()
    now += 0.2 * NEW_SCRIPT_SECONDS
    assert not visitor_presence.is_new_script_running()
    finished.set()
    script.join()
