"""Another surface brings learning rates that suit it: a sentence says so, and a button brings the old ones back."""

import pytest
from streamlit.testing.v1 import AppTest

from app.compute.suited_learning_rates import list_changed_lrs, move_to_surface, restore_lrs
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.model.scene import Scene, optimizer_call, schedule_call, surface_call
from tests.support.app_pages import get_scene, read_captions

SENTENCE = "The learning rates suit this surface now"


def read_note(page: AppTest) -> str:
    return read_captions(page).replace("\\", "")


def has_button(page: AppTest) -> bool:
    return "keep_rates" in {button.key for button in page.button}


def test_another_surface_says_which_rates_it_changed(page: AppTest) -> None:
    assert SENTENCE not in read_note(page)
    page.selectbox("surface").set_value("himmelblau").run()
    lr = get_scene(page).runs[0].optimizer["lr"]
    assert lr != 0.005
    assert f"{SENTENCE}: Momentum, Nesterov 0.005 → {lr:g}." in read_note(page)


def test_the_old_rates_come_back_by_a_button_and_the_new_ones_by_undo(page: AppTest) -> None:
    page.selectbox("surface").set_value("himmelblau").run()
    suited = get_scene(page)
    page.button("keep_rates").click().run()
    assert [run.optimizer for run in get_scene(page).runs] == [run.optimizer for run in DEFAULT_SCENE.runs]
    assert get_scene(page).surface.name == "himmelblau"
    assert not has_button(page) and SENTENCE not in read_note(page)
    page.button("undo").click().run()
    assert get_scene(page) == suited


def test_rates_of_which_some_are_too_large_are_not_said_to_suit(page: AppTest) -> None:
    page.button_group("prepared").set_value("Too long a step").run()
    page.selectbox("surface").set_value("himmelblau").run()
    assert SENTENCE not in read_note(page)
    assert "The learning rates have changed with the surface: SGD 0.002 →" in read_note(page)
    assert has_button(page)


@pytest.mark.parametrize("change", ["slider", "preset", "undo", "same rates"])
def test_the_sentence_goes_with_the_next_change(page: AppTest, change: str) -> None:
    page.selectbox("surface").set_value("himmelblau").run()
    assert has_button(page)
    if change == "slider":
        page.select_slider("0.lr").set_value(0.1).run()
    elif change == "preset":
        page.button_group("prepared").set_value("Newton or L-BFGS").run()
    elif change == "undo":
        page.button("undo").click().run()
    else:  # Newton and L-BFGS keep their rate of 1 everywhere
        page.button_group("prepared").set_value("Newton or L-BFGS").run()
        page.selectbox("surface").set_value("himmelblau").run()
    assert not page.exception
    assert not has_button(page) and SENTENCE not in read_note(page)


def scheduled_scene() -> Scene:
    schedule = schedule_call("inverse_time", start=0.02, rate=0.02)
    return DEFAULT_SCENE.change_run(0, optimizer=optimizer_call("momentum", lr=schedule, mu=0.9))


@pytest.mark.parametrize("scene", [DEFAULT_SCENE, scheduled_scene(), *PRESETS.values()])
def test_restored_rates_are_those_of_before_and_nothing_else_changes(scene: Scene) -> None:
    moved = move_to_surface(scene, surface_call("three_hump_camel"))
    restored = restore_lrs(scene, moved)
    assert restored.runs == scene.runs
    assert (restored.surface, restored.start) == (moved.surface, moved.start)
    assert not list_changed_lrs(scene, restored)


def test_runs_that_came_or_changed_their_method_since_are_left_alone() -> None:
    changed = DEFAULT_SCENE.change_run(0, optimizer=optimizer_call("sgd", lr=0.5)).change_run(
        1, optimizer=DEFAULT_SCENE.runs[1].optimizer.with_argument("lr", 0.25)
    )
    assert [(run.slot, old, new) for run, old, new in list_changed_lrs(DEFAULT_SCENE, changed)] == [(1, 0.005, 0.25)]
    assert restore_lrs(DEFAULT_SCENE, changed).runs == (changed.runs[0], DEFAULT_SCENE.runs[1])
