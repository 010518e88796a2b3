"""Long runs in a script end where nobody wants them any more; short ones are finished, and cost no more than before."""

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

STEP = 0.01  # seconds on the clock of the tests from one question to the next


class Rerun(BaseException):
    """As Streamlit leaves a script that is to be run again."""


class State:
    wanted = False

    def __contains__(self, name: str) -> bool:
        if self.wanted:
            raise Rerun
        return False


class Page:
    """A session whose script asks a long run's questions."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now, self.here, self.state = 50.0, True, State()
        patch.setattr(visitor_presence, "thread_state", SimpleNamespace())
        patch.setattr(visitor_presence, "get_visitor", lambda: "a")
        patch.setattr(visitor_presence, "is_connected", lambda who: self.here)
        patch.setattr(visitor_presence, "monotonic", lambda: self.now)
        patch.setattr(visitor_presence.st, "session_state", self.state)

    def attend(self) -> None:
        self.now += STEP
        visitor_presence.stop_if_abandoned()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


def questions(page: Page, most: int) -> int:
    """How many are asked before the script is left."""
    for count in range(most):
        try:
            page.attend()
        except (StopException, Rerun):
            return count
    return most


def test_a_run_whose_visitor_has_gone_ends_within_a_glance(page: Page) -> None:
    assert questions(page, 200) == 200
    page.here = False
    assert questions(page, 200) <= PRESENCE_CHECK_SECONDS / STEP + 1


def test_a_long_run_ends_where_another_is_wanted_and_a_short_one_does_not(page: Page) -> None:
    """A slider that is moved on wants another all the time: what follows it at once must be finished."""
    page.state.wanted = True
    short = int(0.8 * ABANDON_AFTER_SECONDS / STEP)
    assert questions(page, short) == short
    page.now += 1  # the next run
    assert (
        ABANDON_AFTER_SECONDS / STEP
        <= questions(page, int(2 * ABANDON_AFTER_SECONDS / STEP))
        <= (ABANDON_AFTER_SECONDS + 2 * PRESENCE_CHECK_SECONDS) / STEP
    )


def test_streamlit_leaves_a_script_that_is_to_be_run_again_where_it_is_asked_of_its_state() -> None:
    """That is Streamlit's own affair, and `attend` relies on it: this holds it."""

    def script(log: list[str]) -> None:
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: PLC0415

        from app.server import visitor_presence  # noqa: PLC0415

        log.append("begun")
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
    assert log == ["begun", "begun"]


def test_a_run_of_the_page_is_left_in_the_middle(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """BFGS on a noisy slope, 2000 steps: seconds of one script. Counted in questions, it ends within a glance."""
    monkeypatch.setattr(cached_simulation, "stop_if_abandoned", page.attend)
    key = RunKey(surface_call("rastrigin"), optimizer_call("bfgs"), None, (1.0, 1.0), 2000, 0.5, 0)
    page.here = False
    with pytest.raises(StopException):
        cached_simulation.simulate_cached(key)
    assert page.now - 50.0 <= 2 * PRESENCE_CHECK_SECONDS
    page.here = True
    assert cached_simulation.simulate_path(make_scene(key), Run(0, optimizer_call("sgd"))).shape == (2, 2001)


def make_scene(key: RunKey) -> Scene:
    return Scene(key.surface, key.start, key.steps, (), key.noise, key.seed)


def test_a_run_in_plain_numbers_is_one_still() -> None:
    """What takes milliseconds is not slowed down by being asked whether it should go on."""
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1

    adam = cached_simulation.build_optimizer(optimizer_call("adam"))
    plain = cached_simulation.trajectory(adam, SURFACES["rosenbrock"](), np.array((-1.0, 1.0)), 1000)
    watched = cached_simulation.trajectory(
        adam, InterruptibleProblem(SURFACES["rosenbrock"](), count), np.array((-1.0, 1.0)), 1000
    )
    np.testing.assert_array_equal(watched.x, plain.x)
    assert asked < 20, "one question for each step would be NumPy's loop"


def test_a_script_that_has_been_running_for_long_is_waited_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now, over = 10.0, Event()
    monkeypatch.setattr(visitor_presence, "monotonic", lambda: now)
    assert not visitor_presence.is_new_script_running()
    script = Thread(target=over.wait, args=(20,), name=SCRIPT_THREAD_NAME)
    script.start()
    assert visitor_presence.is_new_script_running()
    now += 0.9 * NEW_SCRIPT_SECONDS
    assert visitor_presence.is_new_script_running()
    now += 0.2 * NEW_SCRIPT_SECONDS
    assert not visitor_presence.is_new_script_running()
    over.set()
    script.join()
