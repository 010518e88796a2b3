"""The page of the gradient check without a browser: what it sends, its link, undo, traps and what it refuses."""

from typing import Any

import numpy as np
import pytest

from app.check_scenes.check_scene import STEP_SIZES, FormulaTarget
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.check_scenes.traps import TRAPS
from app.export.gradient_checker_script import make_gradient_check_script
from app.gradient_check.check_component import decode_press, decode_step, decode_word
from app.session.polled_jobs import STOPPED_JOBS_KEY
from tests.support.app_pages import open_popover, report_component_state
from tests.support.check_pages import SMALL, finish, get_state, open_check, read_message, send


def test_the_message_has_a_verdict_curves_and_checkers_for_every_step_size() -> None:
    page = open_check(of=SMALL)
    header, arrays = finish(page)
    many, entries = len(STEP_SIZES), header["size"]
    assert (header["state"], header["h"], len(header["verdicts"])) == ("done", 1e-5, many)
    assert arrays["numeric"].size == many * entries == arrays["kinks"].size
    assert arrays["numbers"].size == many * len(header["checkers"])
    names = [curve["method"] for curve in header["curves"]]
    assert names == ["forward", "centred", "complex", "forward", "centred"]
    centred = header["curves"][1]
    assert centred["chosen"] and 1.9 < centred["truncation"][0] < 2.1 and -1.3 < centred["round_off"][0] < -0.7
    assert header["taylor"]["right"]


def test_the_handle_changes_h_link_and_undo_once_for_a_drag() -> None:
    page = open_check(of="bowl()")
    for n, h in enumerate((1e-3, 1e-4, 1e-6), 1):
        send(page, "stepped", {"h": h, "n": n})
    assert get_state(page).scene.h == 1e-6
    assert page.query_params["how"] == "centred(h=1e-06)"
    page.button(key="undo").click().run()
    assert get_state(page).scene.h == 1e-5
    page.button(key="redo").click().run()
    assert get_state(page).scene.h == 1e-6


def test_a_trap_is_switched_on_mended_and_off_again() -> None:
    page = open_check(of="bowl()")
    before = get_state(page).scene
    send(page, "trapped", {"name": "single", "n": 1})
    assert page.query_params["trap"] == "single" and "of" not in page.query_params
    header, _ = read_message(page)
    assert header["trap"] == "single" and not header["mended"] and header["trap_text"]
    send(page, "mended", {"n": 1})
    assert read_message(page)[0]["mended"]
    send(page, "trapped", {"name": "single", "n": 2})
    assert get_state(page).scene == before


def test_every_entry_is_checked_on_demand() -> None:
    page = open_check(of=SMALL)
    send(page, "everything", {"n": 1})
    header, _ = read_message(page)
    assert header["all"] and "entries=all" in page.query_params["how"]
    send(page, "everything", {"n": 2})
    assert not read_message(page)[0]["all"]


NAN = float("nan")
NONSENSE: list[Any] = [
    None, 3, "x", [], {}, {"n": 1}, {"h": 1e-5}, {"h": NAN, "n": 1}, {"h": 2e-5 + 1e-9, "n": 1}, {"h": True, "n": 1},
    {"h": "1e-5", "n": 1}, {"name": "door", "n": 1}, {"name": ["kink"], "n": 1},
]  # fmt: skip


@pytest.mark.parametrize("sent", NONSENSE, ids=str)
def test_nothing_that_is_sent_breaks_it(sent: Any) -> None:
    assert decode_step(sent) is None
    assert decode_word(sent) is None


def test_what_is_meant_is_read() -> None:
    assert decode_step({"h": 1e-5, "n": 1}) == 1e-5
    assert decode_word({"name": "kink", "n": 1}) == "kink"
    assert decode_press({"n": 1}) is True and decode_press({"n": None}) is None


@pytest.mark.parametrize("name", TRAPS)
def test_every_trap_opens_from_its_link(name: str) -> None:
    page = open_check(trap=name)
    assert get_state(page).scene.trap == name
    assert page.query_params["trap"] == name


def test_a_hostile_link_says_what_was_not_read() -> None:
    page = open_check(of="network(depth=99)", how="centred(h=7)", trap="<b>")
    said = " ".join(element.value for element in page.markdown)
    assert "Layers of weights" in said and "Step size h" in said
    assert get_state(page).scene.h == 1e-5


def test_a_wrong_component_of_a_typed_gradient_is_named_and_a_bad_formula_changes_nothing() -> None:
    page = open_check(of="formula", f="x^2 y", dx="2 x y", dy="x^2 + 1")
    header, _ = finish(page)
    at = int(np.argmin(np.abs(np.array(STEP_SIZES) - 1e-5)))
    kind, passed, sentence, _ = header["verdicts"][at]
    assert (kind, passed) == ("wrong", False) and " y." in sentence
    before = get_state(page).scene
    page.text_input(key="check.f").set_value("x +* y").run()
    assert get_state(page).scene == before
    assert any("red[" in caption.value for caption in page.caption)
    page.text_input(key="check.f").set_value("log(x - 9)").run()
    assert get_state(page).scene == before
    assert any("not finite" in caption.value.replace("\\", "") for caption in page.caption)
    page.text_input(key="check.dx").set_value("1/(x - 9)").run()
    assert page.text_input(key="check.f").value == "log(x - 9)"  # its derivatives are typed next
    assert "last valid input" in read_message(page)[0]["outdated"]
    page.text_input(key="check.f").set_value("x^2 y + y").run()
    assert read_message(page)[0]["outdated"] == ""
    assert isinstance(get_state(page).scene.target, FormulaTarget) and get_state(page).scene != before


def test_own_data_with_one_class_are_refused_and_the_last_table_stays() -> None:
    page = open_check()
    page.selectbox(key="check.data").set_value("own").run()
    before = get_state(page).scene
    assert before.target.data == "own"
    assert read_message(page)[0]["outdated"] == ""
    page.text_area(key="check.table").set_value("1,a\n2,a\n").run()
    assert "last valid input" in read_message(page)[0]["outdated"]
    assert get_state(page).scene == before
    assert any("red[" in caption.value for caption in page.caption)


def test_panel_widgets_change_the_scene_and_methods_that_do_not_apply_go() -> None:
    page = open_check(how="complex()")
    page.selectbox(key="check.activation").set_value("relu").run()
    assert get_state(page).scene.method == "centred"
    assert "complex" not in page.segmented_control(key="check.method").options
    page.segmented_control(key="check.what").set_value("surface").run()
    assert page.query_params["of"] == "rosenbrock()"
    page.segmented_control(key="check.what").set_value("model").run()
    assert get_state(page).scene.target.activation == "relu"


def test_the_language_switch_keeps_everything() -> None:
    page = open_check(of="formula", f="x**3", dx="0", dy="0", how="forward(h=0.001)")  # AppTest cannot translate lists
    page.button(key="switch_language").click().run()
    assert page.query_params["f"] == "x**3" and page.query_params["language"] == "zh"
    header, _ = finish(page)
    assert header["labels"]["traps"] == "陷阱" and header["h"] == 1e-3


def test_the_script_to_take_home_is_shown() -> None:
    page = open_popover(open_check(of="bowl()"), "take_home")
    assert [block.value for block in page.code] == [make_gradient_check_script().strip()]
    assert any("check(f, grad, x)" in caption.value for caption in page.caption)


def test_a_link_of_a_lecture_has_the_picture_alone_and_leaving_it_gives_the_panel_back() -> None:
    page = open_check(of=SMALL, mode="lecture")
    assert read_message(page)[0]["lecture"]["on"] and not page.sidebar.selectbox
    assert "scan" not in read_message(page)[0]["lecture"]
    send(page, "scan", {"scan": 1, "n": 1})
    scan = read_message(page)[0]["lecture"]["scan"]
    assert scan["link"] == f"?of={SMALL}" and scan["rows"]  # of the page, and no lecture
    for nonsense in ({"lecture": 2, "n": 3}, {"lecture": "0", "n": 4}, {"lecture": 0}, {"n": 5}):
        send(page, "lecture", nonsense)
        assert read_message(page)[0]["lecture"]["on"]
    send(page, "lecture", {"lecture": 0, "n": 6})
    assert not read_message(page)[0]["lecture"]["on"] and page.sidebar.selectbox
    assert "mode" not in page.query_params and page.query_params["of"] in (SMALL, [SMALL])
    assert get_state(page).past == ()  # it is no step of undo


def test_a_slider_keeps_a_value_that_the_browser_may_still_send_among_its_stops() -> None:
    """Streamlit takes a value that is none of them for the first: a trap would be checked on one sample."""
    page = open_check(of=SMALL)
    assert page.select_slider(key="check.samples").value == 8  # no stop of the slider
    send(page, "trapped", {"name": "single", "n": 1})
    slider = page.select_slider(key="check.samples")
    assert slider.value == 20 and "8" in slider.options
    page.run()  # the browser has what was sent
    page.run()
    assert "8" not in page.select_slider(key="check.samples").options
    assert get_state(page).scene.target.samples == 20


def test_a_stopped_check_that_another_visitor_let_end_is_gone_on_with() -> None:
    page = open_check(of=SMALL)
    finish(page)
    request = make_scan_request(get_state(page).scene)
    page.session_state[STOPPED_JOBS_KEY] = {request: get_scan_job(request).status._replace(state="stopped")}
    page.run()
    assert read_message(page)[0]["state"] == "stopped"
    send(page, "stopped", {"value": False, "n": 1})
    assert read_message(page)[0]["state"] == "done"


def test_a_value_that_was_moved_into_its_range_is_checked() -> None:
    page = open_check(of=SMALL)
    payload = {"n": 1, "slider": "check-samples", "text": "5000"}
    report_component_state(page, "descent_typed_values", {"typed": payload})
    assert any("it is 2000 now" in caption.value for caption in page.caption)
    assert read_message(page)[0]["outdated"] == ""
