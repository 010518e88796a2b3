"""The page of the training laboratory without a browser: its panel, changes, undo, readings, and what it refuses."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute.training_job import TrainingRequest, get_training_job, kept_trainings
from app.model.scene import wrapper_call
from app.session.polled_jobs import STOPPED_JOBS_KEY
from app.training.labels import LABELS
from app.training.prepared_scenes import PREPARED_SCENES
from app.training.sanity_check_job import get_sanity_check_job
from app.training.training_with_remedy import add_mended
from app.training_scenes.training_link import read_parameters, write_parameters
from app.training_scenes.training_scene import ChosenTraining, TrainingScene, build_training
from optimizers.training.epoch_evaluation import MAX_TRAINING_SAMPLES
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import MAX_TRAININGS, Change
from optimizers.training.training_loop import TrainingLoop
from tests.support.app_pages import HOME, find_component, open_page, report_component_state
from tests.support.finished_jobs import wait_for_job
from tests.support.training_pages import (
    SMALL,
    change,
    finish,
    get_scene,
    open_training,
    read_picture,
    send,
)


def test_trainings_are_added_changed_and_removed_and_undone() -> None:
    page = open_training(**SMALL)
    page.button(key="training.add").click().run()
    assert len(get_scene(page).trainings) == 2 and get_scene(page).selected == 1
    page.selectbox(key="training.optimizer").set_value("adam").run()
    assert [t.optimizer.name for t in get_scene(page).trainings] == ["momentum", "adam"]
    assert len(page.query_params["train"]) == 2 and page.query_params["show"] == "2"
    header, arrays = finish(page)
    assert len(header["trainings"]) == 2 and arrays["epoch1"][-1] == 4
    page.button(key="training.remove").click().run()
    assert len(get_scene(page).trainings) == 1
    page.button(key="undo").click().run()
    assert len(get_scene(page).trainings) == 2
    report_component_state(page, "descent_trainings", {"selected": {"index": 0, "n": 1}})
    assert get_scene(page).selected == 0
    for payload in ({"index": 7, "n": 2}, {"index": "0", "n": 3}, {"index": True, "n": 4}, None, {"index": 0}):
        report_component_state(page, "descent_trainings", {"selected": payload})
        assert get_scene(page).selected == 0 and not page.exception


def test_one_training_too_many_is_refused_with_the_reason() -> None:
    """The button is disabled, but a browser may have sent a second click before it heard of that."""
    page = open_training(**SMALL)
    scene = get_scene(page)
    page.session_state["training"].scene = replace(scene, trainings=scene.trainings * MAX_TRAININGS)
    page.button(key="training.add").click().run()
    assert not page.exception
    assert len(get_scene(page).trainings) == MAX_TRAININGS
    assert any(f"At most {MAX_TRAININGS} trainings" in caption.value for caption in page.caption)
    page.button(key="training.remove").click().run()
    assert not any(f"At most {MAX_TRAININGS} trainings" in caption.value for caption in page.caption)


def test_a_stopped_training_that_another_visitor_let_end_is_gone_on_with() -> None:
    page = open_training(**SMALL)
    finish(page)
    scene = get_scene(page)
    request = TrainingRequest(build_training(scene, scene.chosen), scene.table)
    stopped = get_training_job(request).status._replace(state="stopped", fraction=0.5)
    page.session_state[STOPPED_JOBS_KEY] = {request: stopped}
    page.run()
    assert read_picture(page)[0]["state"] == "stopped"
    send(page, "stopped", {"value": False, "n": 1})
    assert read_picture(page)[0]["state"] == "done"


def test_classes_without_a_name_are_counted_in_the_language_of_the_page() -> None:
    address = {"data": "two_moons(epochs=2)", "train": "network(width=4)"}
    scene = read_parameters({name: [value] for name, value in address.items()}).scene
    wait_for_job(get_training_job(TrainingRequest(build_training(scene, scene.chosen), "")))
    page = open_page(AppTest.from_file(str(HOME), default_timeout=60), "training", language="zh", **address)
    header, _ = read_picture(page)
    assert header["class_names"] == ["类别 0", "类别 1"]


def test_the_page_says_over_how_many_training_samples_the_loss_is() -> None:
    assert f"training samples, at most {MAX_TRAINING_SAMPLES} of them" in LABELS["loss_help"]


def test_a_schedule_and_an_average_are_chosen_and_train_as_the_core_trains_them() -> None:
    page = open_training(**SMALL)
    page.selectbox(key="training.schedule.lr").set_value("cosine").run()
    schedule = get_scene(page).chosen.optimizer["lr"]
    samples = len(prepare_training(build_training(get_scene(page), get_scene(page).chosen)).split.training.classes)
    assert (schedule.name, schedule["peak"], schedule["steps"]) == ("cosine", 0.02, 4 * -(-samples // 16))
    page.select_slider(key="training.of.lr.peak").set_value(0.1).run()
    page.selectbox(key="training.wrapper").set_value("ema").run()
    assert page.select_slider(key="training.wrapper.decay").value == 0.9
    chosen = get_scene(page).chosen
    assert (chosen.optimizer["lr"]["peak"], chosen.wrapper) == (0.1, wrapper_call("ema", decay=0.9))
    header, arrays = finish(page)
    assert "cosine" in header["trainings"][0]["name"].lower() and header["changeable"][0][0] != "lr"
    loop = TrainingLoop(prepare_training(build_training(get_scene(page), chosen)))
    for _ in loop.train():
        pass
    np.testing.assert_array_equal(arrays["training_loss0"], loop.record.column("training", "loss"))
    page.selectbox(key="training.schedule.lr").set_value("constant").run()
    page.selectbox(key="training.wrapper").set_value("none").run()
    assert (get_scene(page).chosen.optimizer["lr"], get_scene(page).chosen.wrapper) == (0.1, None)


def test_a_change_in_the_middle_leaves_what_was_before_it() -> None:
    page = open_training(**SMALL)
    _, before = finish(page)
    change(page, 1, 2, "0.5")
    assert [(c.epoch, c.name, c.value) for c in get_scene(page).chosen.changes] == [(2, "lr", 0.5)]
    header, after = finish(page)
    assert [made[:3] for made in header["trainings"][0]["changes"]] == [[2, "lr", "0.5"]]
    np.testing.assert_array_equal(after["training_loss0"][:3], before["training_loss0"][:3])
    assert abs(after["training_loss0"][3] - before["training_loss0"][3]) > 1e-4, "a rate 25 times as high is seen"
    page.button(key="training.unchange.0").click().run()
    assert get_scene(page).chosen.changes == ()


def test_a_change_beside_leaves_the_old_training_and_trains_no_epoch_twice() -> None:
    page = open_training(**SMALL)
    _, before = finish(page)
    change(page, 1, 2, "0.5", beside=True)
    scene = get_scene(page)
    assert (len(scene.trainings), scene.selected) == (2, 1)
    other = replace(scene.chosen, changes=(Change(2, "lr", 0.4),))
    begun = kept_trainings.begin(TrainingRequest(build_training(scene, other), ""))
    assert begun.loop.epoch == 2 and begun.loop.t > 0 and sorted(begun.seconds) == [0, 1, 2]
    header, after = finish(page)
    assert [len(training["changes"]) for training in header["trainings"]] == [0, 1]
    np.testing.assert_array_equal(after["training_loss0"], before["training_loss0"])
    np.testing.assert_array_equal(after["training_loss1"][:3], before["training_loss0"][:3])


@pytest.mark.parametrize("typed, why", [("fast", "is not a number"), ("", "Type a number"), ("1e9", "lr must be")])
def test_a_change_that_cannot_be_read_is_told_beside_it(typed: str, why: str) -> None:
    page = open_training(**SMALL)
    change(page, 1, 2, typed)
    assert get_scene(page).chosen.changes == ()
    header, _ = finish(page)
    assert why in header["change_note"]
    change(page, 2, 2, "0.5")
    assert finish(page)[0]["change_note"] == ""


@pytest.mark.parametrize(
    "payload",
    [(0, "0.5"), (4, "0.5"), (-1, "0.5"), ("2", "0.5"), (True, "0.5"), (2, 0.5), (2, "0.5", "widths"), (2, "0.5", None),
     (2, "0.5", "lr", 1), (2, "x" * 100_000)],
)  # fmt: skip
def test_a_change_that_no_form_sends_is_not_made(payload: tuple[Any, ...]) -> None:
    page = open_training(**SMALL)
    change(page, 1, *payload)
    assert get_scene(page) == get_scene(open_training(**SMALL))


def test_own_data_are_read_refused_and_kept() -> None:
    page = open_training(**SMALL)
    page.selectbox(key="training.data").set_value("own").run()
    assert get_scene(page).data == "own" and get_scene(page).table
    good = get_scene(page).table
    for bad in ("1,a\n2,a\n3,a\n", "x", "", "u,kind\n1,a\nnan,b\n"):
        page.text_area(key="training.table").set_value(bad).run()
        assert get_scene(page).table == good and not page.exception
    page.selectbox(key="training.data").set_value("digits").run()
    assert get_scene(page).data == "digits" and get_scene(page).table == ""


def test_a_model_that_is_too_large_for_its_optimizer_is_told_and_left_as_it_was() -> None:
    page = open_training()
    page.selectbox(key="training.optimizer").set_value("newton").run()
    assert get_scene(page).chosen.optimizer.name == "momentum"
    assert any("matrix of all pairs" in caption.value for caption in page.caption)


def test_every_prepared_scene_is_shown_with_its_sentence() -> None:
    page = open_training(**SMALL)
    for name, prepared in PREPARED_SCENES.items():
        page.selectbox(key="training.prepared").set_value(name).run()
        assert get_scene(page) == prepared.scene
        assert any(str(prepared.sentence)[:30] in caption.value for caption in page.caption)


def test_a_reading_says_what_is_wrong_and_its_remedy_is_trained_beside_it() -> None:
    page = open_training(data="digits(sample_count=300)", train="network(width=20,optimizer=sgd(lr=0.002))")
    header, _ = finish(page)
    wrong = next(reading for reading in header["readings"] if reading["fault"])
    assert "too low" in wrong["sentence"] and wrong["can_mend"] and wrong["evidence"]
    for nonsense in ({"index": 99, "n": 1}, {"index": -1, "n": 2}, {"index": "0", "n": 3}, {"index": 0}):
        send(page, "mended", nonsense)
        assert len(get_scene(page).trainings) == 1
    send(page, "mended", {"index": header["readings"].index(wrong), "n": 5})
    old, mended = get_scene(page).trainings
    assert mended.optimizer["lr"] == pytest.approx(10 * old.optimizer["lr"])
    assert mended.weights_seed == old.weights_seed and get_scene(page).selected == 1
    header, arrays = finish(page)
    assert arrays["training_loss0"][0] == arrays["training_loss1"][0], "both begin with the same weights"
    assert arrays["training_loss1"][-1] < arrays["training_loss0"][-1]


def test_a_mended_split_is_that_of_all_trainings_and_what_is_out_of_range_is_held_to_it() -> None:
    scene = TrainingScene(split="file", trainings=(ChosenTraining(width=100),))
    training = build_training(scene, scene.chosen)
    assert add_mended(scene, 0, replace(training, split="random")) == replace(scene, split="random")
    wider = add_mended(scene, 0, replace(training, hidden=(400,), l2=99.0))
    assert (wider.chosen.width, wider.chosen.l2, wider.selected) == (200, 10.0, 1)


def test_a_mended_training_that_is_there_already_is_selected() -> None:
    scene = PREPARED_SCENES["zero"].scene
    mended = replace(build_training(scene, scene.chosen), initialization="glorot")
    assert add_mended(scene, 0, mended) == scene.with_selected(1), "and not drawn a second time"


def test_sanity_checks_are_made_when_they_are_asked_for() -> None:
    page = open_training(data="digits(epochs=1,sample_count=60)", train="network(width=12,initialization=too_large)")
    header, _ = finish(page)
    assert "sanity" not in header
    curves = find_component(page, "descent_trainings").bytes
    send(page, "checked", {"n": 1})
    scene = get_scene(page)
    wait_for_job(get_sanity_check_job(TrainingRequest(build_training(scene, scene.chosen), scene.table)))
    header, _ = finish(page)
    assert find_component(page, "descent_trainings").bytes == curves, "the curves are not sent again"
    first, *others = header["sanity"]
    assert not first["passed"] and "first weights" in first["blame"], "they are too large, and the code is right"
    assert len(others) == 5 and others[1]["passed"]


def test_values_that_the_browser_had_before_the_last_run_do_not_bring_back_a_prepared_scene() -> None:
    """While a mended training is computed the picture asks for more, with all widgets as they were before it."""
    page = open_training(**dict(write_parameters(PREPARED_SCENES["split"].scene)))
    assert page.selectbox("training.prepared").value == "split"
    before = page._tree.get_widget_states()
    page.button("training.add").click().run()
    assert len(get_scene(page).trainings) == 2
    after = page._tree.get_widget_states()
    for said in (before, after, before):
        page._run(said)
        assert len(get_scene(page).trainings) == 2
        assert get_scene(page).selected == 1
    page.button("training.add").click().run()
    page._run(after)
    assert get_scene(page).selected == 2, "the training that was selected before is not selected again"
