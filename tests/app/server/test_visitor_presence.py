"""Long runs in a script end where nobody wants them any more; short ones are finished, and cost no more than before."""

from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from app.compute import cached_simulation
from app.model.scene import optimizer, surface
from app.server import visitor_presence
from app.server.visitor_presence import BRISK, GLANCE, LONG, SCRIPT
from surfaces.catalogue import SURFACES
from surfaces.observers.interruption import Watched

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
        patch.setattr(visitor_presence, "here", SimpleNamespace())
        patch.setattr(visitor_presence, "visitor", lambda: "a")
        patch.setattr(visitor_presence, "is_here", lambda who: self.here)
        patch.setattr(visitor_presence, "monotonic", lambda: self.now)
        patch.setattr(visitor_presence.st, "session_state", self.state)

    def attend(self) -> None:
        self.now += STEP
        visitor_presence.attend()


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
    assert questions(page, 200) <= GLANCE / STEP + 1


def test_a_long_run_ends_where_another_is_wanted_and_a_short_one_does_not(page: Page) -> None:
    """A slider that is moved on wants another all the time: what follows it at once must be finished."""
    page.state.wanted = True
    short = int(0.8 * LONG / STEP)
    assert questions(page, short) == short
    page.now += 1  # the next run
    assert LONG / STEP <= questions(page, int(2 * LONG / STEP)) <= (LONG + 2 * GLANCE) / STEP


def test_streamlit_leaves_a_script_that_is_to_be_run_again_where_it_is_asked_of_its_state() -> None:
    """That is Streamlit's own affair, and `attend` relies on it: this holds it."""

    def script(log: list[str]) -> None:
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: PLC0415

        from app.server import visitor_presence  # noqa: PLC0415

        log.append("begun")
        context = get_script_run_ctx()
        if len(log) > 1 or context is None or context.script_requests is None:
            return
        visitor_presence.here.__dict__.clear()
        visitor_presence.attend()
        visitor_presence.here.begun = visitor_presence.here.looked = (
            visitor_presence.here.called - 2 * visitor_presence.LONG
        )  # a long run
        context.script_requests.request_rerun(RerunData())
        visitor_presence.attend()
        log.append("went on")

    log: list[str] = []
    page = AppTest.from_function(script, args=(log,)).run()
    assert not page.exception
    assert log == ["begun", "begun"]


def test_a_run_of_the_page_is_left_in_the_middle(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """BFGS on a noisy slope, 2000 steps: seconds of one script. Counted in questions, it ends within a glance."""
    monkeypatch.setattr(cached_simulation, "attend", page.attend)
    asked = surface("rastrigin"), optimizer("bfgs"), None, (1.0, 1.0), 2000, 0.5, 0
    page.here = False
    with pytest.raises(StopException):
        cached_simulation.ran(*asked)
    assert page.now - 50.0 <= 2 * GLANCE
    page.here = True
    assert cached_simulation.path(parse_of(*asked), run_of(optimizer("sgd"))).shape == (2, 2001)


def parse_of(place: Any, racer: Any, wrapper: Any, start: Any, steps: int, noise: float, seed: int) -> Any:
    return SimpleNamespace(surface=place, start=start, steps=steps, noise=noise, seed=seed)


def run_of(racer: Any) -> Any:
    return SimpleNamespace(optimizer=racer, wrapper=None)


def test_a_run_in_plain_numbers_is_one_still() -> None:
    """What takes milliseconds is not slowed down by being asked whether it should go on."""
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1

    adam = cached_simulation.optimizer(optimizer("adam"))
    plain = cached_simulation.trajectory(adam, SURFACES["rosenbrock"](), np.array((-1.0, 1.0)), 1000)
    watched = cached_simulation.trajectory(adam, Watched(SURFACES["rosenbrock"](), count), np.array((-1.0, 1.0)), 1000)
    np.testing.assert_array_equal(watched.x, plain.x)
    assert asked < 20, "one question for each step would be NumPy's loop"


def test_a_script_that_has_been_running_for_long_is_waited_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now, over = 10.0, Event()
    monkeypatch.setattr(visitor_presence, "monotonic", lambda: now)
    assert not visitor_presence.scripts_run()
    script = Thread(target=over.wait, args=(20,), name=SCRIPT)
    script.start()
    assert visitor_presence.scripts_run()
    now += 0.9 * BRISK
    assert visitor_presence.scripts_run()
    now += 0.2 * BRISK
    assert not visitor_presence.scripts_run()
    over.set()
    script.join()
