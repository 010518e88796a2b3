"""A value is typed beside a slider: read, moved into the slider's range with a sentence, or refused with one."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.model.presets import DEFAULT_SCENE
from app.panels.typed_values import get_class_name
from tests.support.app_pages import get_scene, read_captions, report_component_state, unfold
from tests.support.map_pages import open_maps


def read_notes(page: AppTest) -> str:
    return read_captions(page).replace("\\", "")


def send_typed(page: AppTest, slider: Any, text: Any, n: Any = 1) -> None:
    report_component_state(page, "descent_typed_values", {"typed": {"n": n, "slider": slider, "text": text}})
    assert not page.exception


def test_every_slider_of_the_panel_takes_typed_values(page: AppTest) -> None:
    unfold(page, *range(2), "more")
    sliders = {get_class_name(slider.key) for slider in (*page.select_slider, *page.slider)}
    assert {"0-lr", "surface-condition", "seed"} <= sliders
    assert {*page.session_state["session"].typed_sliders} == sliders


@pytest.mark.parametrize(("text", "lr"), [("0.0123", 0.0123), ("1e-3", 1e-3), ("1/3", 1 / 3), ("0,5", 0.5)])
def test_a_typed_value_changes_the_scene_as_the_slider_does(page: AppTest, text: str, lr: float) -> None:
    send_typed(page, "0-lr", text)
    assert get_scene(page).runs[0].optimizer["lr"] == page.select_slider("0.lr").value == lr
    assert get_scene(page).runs[1] == DEFAULT_SCENE.runs[1]
    page.button("undo").click().run()
    assert get_scene(page) == DEFAULT_SCENE


def test_a_value_out_of_range_is_moved_into_it_with_a_sentence(page: AppTest) -> None:
    send_typed(page, "0-lr", "20")
    assert get_scene(page).runs[0].optimizer["lr"] == 10
    assert "lr goes from 1e−6 to 10: it is 10 now." in read_notes(page)
    page.select_slider("0.lr").set_value(0.1).run()
    assert "it is 10 now" not in read_notes(page)


def test_a_whole_number_is_rounded_with_a_sentence(page: AppTest) -> None:
    unfold(page, "more")
    send_typed(page, "seed", "3.7")
    assert get_scene(page).seed == 4
    assert "noise seed is a whole number: it is 4 now" in read_notes(page)


def test_what_is_no_number_changes_nothing_and_is_named(page: AppTest) -> None:
    send_typed(page, "0-lr", "fast")
    assert get_scene(page) == DEFAULT_SCENE
    assert "“fast” is not a number" in read_notes(page)
    send_typed(page, "0-lr", "0.2", n=2)
    assert "not a number" not in read_notes(page)


def test_a_sentence_on_the_last_value_goes_with_the_next_change(page: AppTest) -> None:
    send_typed(page, "0-mu", "2")
    assert "it is 0.9999 now" in read_notes(page)
    page.selectbox("surface").set_value("bowl").run()
    assert "it is 0.9999 now" not in read_notes(page)


@pytest.mark.parametrize("slider", ["0-eps", "9-lr", "", None, 3, "0-optimizer"])
def test_no_other_slider_is_changed_by_a_message(page: AppTest, slider: Any) -> None:
    send_typed(page, slider, "0.5")
    assert get_scene(page) == DEFAULT_SCENE


@pytest.mark.parametrize(("text", "n"), [(5, 1), (None, 1), ("1" * 99, 1), ("0.5", "1"), ("0.5", True), ("0.5", None)])
def test_an_invalid_message_changes_nothing(page: AppTest, text: Any, n: Any) -> None:
    send_typed(page, "0-lr", text, n)
    assert get_scene(page) == DEFAULT_SCENE


def test_a_folded_card_takes_no_typed_value(page: AppTest) -> None:
    unfold(page)
    page.run()
    send_typed(page, "0-lr", "0.5")
    assert get_scene(page) == DEFAULT_SCENE


def test_the_sliders_of_a_map_take_typed_values_too() -> None:
    page = open_maps(surface="bowl()", run=["sgd(lr=0.01)"])
    send_typed(page, "0-lr", "1/8")
    assert get_scene(page).runs[0].optimizer["lr"] == 1 / 8
