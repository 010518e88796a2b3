"""A request that was sent before the panel's last run arrived holds old values: they change nothing."""

from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from app.model.presets import PRESETS
from app.model.scene import Scene
from app.session import race_url_sync, stale_widget_values
from app.session.session_state import SentValue, Session
from app.session.stale_widget_values import RUN_NUMBER_KEY, is_stale
from tests.support.app_pages import get_scene, unfold

FAMILY = "The Adam family"


@pytest.fixture
def page(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A visitor's page. A browser asks for the fragment of a widget; here all is run, and would look at the address."""
    monkeypatch.setattr(race_url_sync, "apply_url", lambda: None)
    return page


def choose(page: AppTest, word: str) -> Any:
    """A prepared scene, and what the browser says of its widgets from then on until it hears more."""
    page.button_group("prepared").set_value(word).run()
    assert get_scene(page) == PRESETS[word]
    return page._tree.get_widget_states()


def press(page: AppTest, key: str, said: Any) -> None:
    """The button is pressed in a browser whose widgets stand as in `said`."""
    said.widgets.add(id=page.button(key).proto.id, trigger_value=True)
    page._run(said)
    assert not page.exception


def change(page: AppTest, key: str, value: str, said: Any) -> None:
    """Type into a field in a browser whose widgets stand as in `said`."""
    for widget in said.widgets:
        if widget.id == page.text_input(key).proto.id:
            widget.string_value = value
    page._run(said)
    assert not page.exception


def assert_shows(page: AppTest, now: Scene) -> None:
    assert get_scene(page) == now
    assert page.button_group("prepared").value == next((word for word in PRESETS if PRESETS[word] == now), None)
    assert page.selectbox("surface").value == now.surface.name
    assert page.text_input("steps").value == str(now.steps)
    assert page.selectbox("0.optimizer").value == now.runs[0].optimizer.name
    assert page.select_slider("0.lr").value == now.runs[0].optimizer["lr"]


def test_stale_widget_values_do_not_revert_an_undo(page: AppTest) -> None:
    first = get_scene(page)
    old = choose(page, FAMILY)
    page.button("undo").click().run()
    assert_shows(page, first)
    press(page, "redo", old)
    assert_shows(page, PRESETS[FAMILY])
    page.run()
    assert_shows(page, PRESETS[FAMILY])


def test_a_panel_that_had_not_arrived_when_the_visitor_acted_is_sent_again(page: AppTest) -> None:
    """Else the browser shows empty fields, and they come back as if they had been typed."""
    first = get_scene(page)
    page._run(WidgetStates())  # of no widget does the browser know
    for widget in (page.selectbox("surface"), page.text_input("steps"), page.selectbox("0.optimizer")):
        assert widget.proto.set_value, widget.key
    page.run()
    assert not page.text_input("steps").proto.set_value  # it has arrived
    assert_shows(page, first)


def test_a_press_that_comes_before_the_end_of_the_first_panel_is_applied(page: AppTest) -> None:
    """The scenes stand at the panel's beginning, its number at its end: a quick visitor has seen the one alone."""
    page.button_group("prepared").set_value(FAMILY)
    number = page.text_input(RUN_NUMBER_KEY).proto.id
    arrived = [widget for widget in page._tree.get_widget_states().widgets if widget.id != number]
    page._run(WidgetStates(widgets=arrived))
    assert not page.exception
    assert_shows(page, PRESETS[FAMILY])


def test_a_widget_set_back_to_its_old_value_is_sent_that_value(page: AppTest) -> None:
    """The browser may show in the meantime what was said in between."""
    first = get_scene(page)
    old = choose(page, FAMILY)
    page.button("undo").click().run()
    between = page._tree.get_widget_states()
    press(page, "redo", old)
    for widget in (page.selectbox("surface"), page.text_input("steps"), page.selectbox("0.optimizer")):
        assert widget.proto.set_value, widget.key
    press(page, "undo", between)
    assert_shows(page, first)


def test_a_value_is_sent_until_the_browser_acknowledges_it(page: AppTest) -> None:
    """The message of a run may replace that of the run before, which the browser has not received yet."""
    choose(page, FAMILY)
    told = (page.selectbox("surface"), page.text_input("steps"), page.selectbox("0.optimizer"))
    assert all(widget.proto.set_value for widget in told)
    page.session_state[RUN_NUMBER_KEY] = "1"
    page.run()
    told = (page.selectbox("surface"), page.text_input("steps"), page.selectbox("0.optimizer"))
    assert all(widget.proto.set_value for widget in told)
    page.run()
    page.run()
    assert not page.selectbox("surface").proto.set_value, "it has been heard"
    assert_shows(page, PRESETS[FAMILY])


def test_a_change_made_before_the_panel_has_arrived_is_applied(page: AppTest) -> None:
    old = choose(page, FAMILY)
    page.button("undo").click().run()
    now = get_scene(page)
    change(page, "steps", "77", old)
    assert get_scene(page).steps == 77
    assert get_scene(page).surface == now.surface and get_scene(page).runs == now.runs


def test_the_value_that_the_browser_acknowledges_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """The start is nudged while the run that sent "0" is on its way: the next request acknowledges that run, and brings
    "0", before the panel is run with the nudged start."""
    session, widgets = Session(), {"y": "0"}
    session.sent_values = {"y": (SentValue(0, "1"), SentValue(5, "0"))}
    session.panel_run, session.acknowledged_run, session.last_present_run = 6, 5, {"y": 5}
    monkeypatch.setattr(stale_widget_values, "get_session", lambda: session)
    monkeypatch.setattr(stale_widget_values.st, "session_state", widgets)
    assert is_stale("y")
    for typed in ("7", "0"):  # by the visitor, who returns to it
        widgets["y"] = typed
        assert not is_stale("y"), typed


def test_an_old_value_is_a_change_once_the_run_is_acknowledged(page: AppTest) -> None:
    steps = PRESETS[FAMILY].steps
    choose(page, FAMILY)
    page.button("undo").click().run()
    assert get_scene(page).steps != steps
    page.text_input("steps").set_value(str(steps)).run()
    assert get_scene(page).steps == steps


def test_a_field_with_a_fault_can_be_corrected(page: AppTest) -> None:
    for typed, steps in (("nonsense", None), ("more of it", None), ("60", 60), ("150", 150)):
        before = get_scene(page).steps
        page.text_input("steps").set_value(typed).run()
        assert get_scene(page).steps == (steps or before)


def test_a_card_unfolded_again_shows_the_scene_and_not_old_widget_values(page: AppTest) -> None:
    unfold(page, 0)
    page.text_input("steps").set_value("60").run()
    page.select_slider("0.lr").set_value(0.1).run()
    unfold(page)
    page.button("undo").click().run()
    unfold(page, 0)
    assert page.select_slider("0.lr").value == get_scene(page).runs[0].optimizer["lr"] != 0.1
    assert page.select_slider("0.lr").proto.set_value


@pytest.mark.parametrize("said", ["", "x", "-1", "9" * 400, "٣", "1e3"])
def test_an_invalid_run_number_is_no_error(page: AppTest, said: str) -> None:
    first = get_scene(page)
    choose(page, FAMILY)
    page.session_state[RUN_NUMBER_KEY] = said
    page.button("undo").click().run()
    assert not page.exception
    assert_shows(page, first)
