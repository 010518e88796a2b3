"""The page of the training laboratory without a browser: what it sends, its panel, link, undo, and what it refuses."""

from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute.background_jobs import JobStatus, Progress
from app.model.scene import wrapper_call
from app.training import picture, training_job
from app.training.decision_messages import MAX_BYTES, add_decision_regions
from app.training.landscape_job import LandscapeRequest, get_landscape_job
from app.training.landscape_messages import list_race_parameters
from app.training.layer_arrays import MAX_WEIGHT_NUMBERS
from app.training.mended_training import add_mended
from app.training.picture import find_epochs_of_steps
from app.training.prepared_scenes import PREPARED_SCENES
from app.training.sanity_check_job import get_sanity_check_job
from app.training.training_job import TrainingRequest, compute_training, get_training_job, kept_trainings
from app.training.training_link import write_parameters
from app.training.training_scene import ChosenTraining, TrainingScene, build_training
from optimizers.training.histograms import BINS
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change
from optimizers.training.training_landscape import network_loss
from optimizers.training.training_loop import TrainingLoop
from tests.support.app_pages import HOME, find_component, open_page, report_component_state
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job
from tests.support.training_pages import read_picture

SMALL = {"data": "xor(epochs=4)", "train": "network(width=6,batch_size=16)"}


def open_training(**address: str) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "training", **address)


def get_scene(page: AppTest) -> TrainingScene:
    scene: TrainingScene = page.session_state["training"].scene
    return scene


def finish(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The message when all trainings have ended."""
    scene = get_scene(page)
    for chosen in scene.trainings:
        wait_for_job(get_training_job(TrainingRequest(build_training(scene, chosen), scene.table)))
    page.run()
    assert not page.exception
    header, arrays = read_picture(page)
    return header, arrays


def test_the_message_has_the_record_of_the_same_training_done_at_once() -> None:
    page = open_training(**SMALL)
    header, arrays = finish(page)
    scene = get_scene(page)
    loop = TrainingLoop(prepare_training(build_training(scene, scene.chosen)))
    for _ in loop.train():
        pass
    assert (header["state"], header["share"], header["trainings"][0]["done"]) == ("done", 1.0, 4)
    # The same numbers, since nothing that is drawn depends on how a training is cut into pieces.
    np.testing.assert_array_equal(arrays["training_loss0"], loop.record.column("training", "loss"))
    np.testing.assert_array_equal(arrays["step_loss0"], loop.record.step_losses[0])
    np.testing.assert_array_equal(arrays["steps0"], [e.t for e in loop.record.epochs])
    assert arrays["seconds0"][0] == 0 and (np.diff(arrays["seconds0"]) > 0).all()
    assert arrays["step_epoch0"][0] == 0 and arrays["step_epoch0"][-1] < 4
    blocks, layers = len(header["blocks"]), header["layers"]
    assert arrays["ratios"].size == 3 * blocks * arrays["ratio_epochs"].size and blocks == 4
    assert len(layers) == 1 and len(layers[0]["dead"]) == 5
    assert arrays["predictions"].size == 5 * header["shown_validation"] == arrays["sureness"].size
    assert "images" not in arrays and "weights" not in arrays, "points are no images"
    last = loop.record.epochs[-1]
    assert header["matrices"] == len(last.gradients) == 2 and len(last.activations) == 1
    for name, histograms in (("activations", last.activations), ("gradients", last.gradients)):
        for j, histogram in enumerate(histograms):
            np.testing.assert_array_equal(arrays[f"{name}{j}"][-BINS:], histogram.counts)
            np.testing.assert_allclose(arrays[f"{name}_bounds{j}"][-2:], (histogram.low, histogram.high), rtol=1e-6)
            np.testing.assert_allclose(arrays[f"{name}_deviation{j}"][-1], histogram.deviation, rtol=1e-6)


def test_images_and_weights_of_digits_are_sent_once_the_training_is_done() -> None:
    page = open_training(data="digits(epochs=1,sample_count=50)", train="network(width=5)")
    header, arrays = finish(page)
    assert header["weights_shape"] == [64, 5] and arrays["weights"].size == 2 * 64 * 5
    assert arrays["images"].size == 64 * header["shown_validation"] and arrays["images"].max() == 255


def test_of_a_wide_layer_the_first_units_are_pictured() -> None:
    page = open_training(data="digits(epochs=1,sample_count=50)", train="network(width=70)")
    header, arrays = finish(page)
    assert (header["weights_shape"], header["hidden_units"]) == ([64, 60], 70)
    first = prepare_training(build_training(get_scene(page), get_scene(page).chosen))
    expected = first.network.layout.unpack(first.start)["W1"][:, :60]
    np.testing.assert_allclose(arrays["weights"].reshape(2, 64, 60)[0], expected, rtol=1e-6)


def test_a_training_is_sent_in_little_more_than_four_bytes_for_each_number_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All messages of 64-100-10 on the digits, batch 32, 20 epochs, as a browser has them that misses none."""
    for name in ("START_SECONDS", "NEWS_SECONDS"):
        monkeypatch.setattr(training_job, name, np.inf)  # it is not slow
    page = open_training(data="digits(epochs=20)", train="network(width=100,batch_size=32)")
    _, shown = finish(page)
    scene = get_scene(page)
    assert len(shown["epoch0"]) == 21 and shown["weights"].size == 21 * 64 * 60
    request = TrainingRequest(build_training(scene, scene.chosen), scene.table)
    kept_trainings.trainings.clear()
    news = [Progress(0.0, None), *{id(p): p for p in compute_training(request) if p.result}.values()]
    statuses = [JobStatus(k + 1, *progress, "working") for k, progress in enumerate(news)]
    statuses.append(statuses[-1]._replace(version=len(news) + 1, state="done"))
    sizes, epochs = [], dict[int, None]()
    for status in statuses:
        monkeypatch.setattr(picture, "poll_jobs", lambda _, status=status: [status])
        page.run()
        message = find_component(page, "descent_trainings").bytes
        sizes += [len(message), len(find_component(page, "descent_training_news").bytes)]
        epochs[decode_binary_message(message)[0]["trainings"][0]["done"]] = None
    assert not page.exception
    assert list(epochs) == [0, 1, 2, 3, 5, 8, 12, 18, 20]
    assert sum(sizes) <= 1.2 * 4 * sum(array.size for array in shown.values())


def test_a_slow_training_is_shown_after_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("START_SECONDS", "NEWS_SECONDS"):
        monkeypatch.setattr(training_job, name, 0.0)
    scene = TrainingScene(data="xor", epochs=9)
    request = TrainingRequest(build_training(scene, scene.chosen), "")
    found = [p.result.epochs[-1].epoch for p in compute_training(request) if p.result]
    assert list(dict.fromkeys(found)) == list(range(10))


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


def change(page: AppTest, n: int, epoch: Any, text: Any, name: Any = "lr", beside: Any = False) -> None:
    payload = {"epoch": epoch, "name": name, "text": text, "beside": beside, "n": n}
    report_component_state(page, "descent_trainings", {"changed": payload})
    assert not page.exception


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
    assert any("table of all pairs" in caption.value for caption in page.caption)


def test_a_training_that_diverges_is_told_with_its_step() -> None:
    page = open_training(data="xor(epochs=30)", train="network(width=8,activation=relu,l2=10,optimizer=sgd(lr=10))")
    header, _ = finish(page)
    diverged = header["trainings"][0]["diverged"]
    assert diverged["epoch"] >= 1 and "Diverged in step" in diverged["words"]


def test_every_prepared_scene_is_shown_with_its_sentence() -> None:
    page = open_training(**SMALL)
    for name, prepared in PREPARED_SCENES.items():
        page.selectbox(key="training.prepared").set_value(name).run()
        assert get_scene(page) == prepared.scene
        assert any(str(prepared.sentence)[:30] in caption.value for caption in page.caption)


def test_a_published_snapshot_does_not_change() -> None:
    scene = TrainingScene(data="xor", epochs=6)
    published = [
        p.result for p in compute_training(TrainingRequest(build_training(scene, scene.chosen), "")) if p.result
    ]
    lengths = [len(snapshot.epochs) for snapshot in published]
    assert lengths == sorted(lengths) and lengths[-1] == 7
    assert [len(s.steps) for s in published] == [n - 1 for n in lengths]


def test_steps_stand_where_their_epoch_is_also_after_another_batch_size() -> None:
    # Two steps in the first epoch, four in the second.
    found = find_epochs_of_steps([1, 2, 3, 6], {1: 2, 2: 4})
    np.testing.assert_allclose(found, [0.5, 1, 1.25, 2])


def send(page: AppTest, event: str, message: dict[str, Any]) -> None:
    report_component_state(page, "descent_trainings", {event: message})
    assert not page.exception


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


@pytest.mark.parametrize("epochs", [90, 150, 200])
def test_the_longest_training_has_its_first_weights_as_pictures_too(epochs: int) -> None:
    """Of fewer units, so that the message is no longer."""
    page = open_training(data=f"digits(epochs={epochs},sample_count=20)", train="network(width=60,batch_size=0)")
    header, arrays = finish(page)
    inputs, units = header["weights_shape"]
    assert (inputs, header["hidden_units"]) == (64, 60)
    assert arrays["weights"].size == (epochs + 1) * inputs * units
    assert 30 <= units <= 60 and arrays["weights"].size <= MAX_WEIGHT_NUMBERS
    assert (units < 60) == (epochs > 100)


def test_first_weights_beyond_single_precision_are_pictured() -> None:
    page = open_training(
        data="digits(epochs=4,sample_count=200)", train="network(l2=8,batch_size=8,optimizer=sgd(lr=10))"
    )
    _, arrays = finish(page)
    sizes = np.abs(arrays["weights"]).reshape(-1, 64 * 60).max(axis=1)
    assert np.isfinite(sizes).all()
    assert sizes[-1] > 1e30 > sizes[0] > 0


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


def test_the_regions_of_every_training_in_the_plane_are_sent_for_its_epochs() -> None:
    page = open_training(data="spirals(epochs=4)", train=["softmax()", "network(width=4)"])
    header, arrays = finish(page)
    scene = get_scene(page)
    count, side = len(arrays["region_classes"]), header["plane"]["side"]
    assert header["plane"]["training"] == 240 and count == 300 and header["plane"]["classes"][0] == "class 0"
    assert arrays["region_points"].min() > 0 and arrays["region_points"].max() < 1
    for k, chosen in enumerate(scene.trainings):
        assert arrays[f"region_epochs{k}"].tolist() == [0, 1, 2, 3, 4]
        assert arrays[f"region_cells{k}"].size == 5 * side**2
        loop = TrainingLoop(prepare_training(build_training(scene, chosen)))
        for _ in loop.train():
            pass
        predictions = arrays[f"region_taken{k}"].reshape(5, count)[-1, header["plane"]["training"] :]
        np.testing.assert_array_equal(predictions, loop.record.epochs[-1].predictions)


def test_of_digits_no_plane_is_sent() -> None:
    header, arrays = finish(open_training(data="digits(epochs=1,sample_count=50)", train="network(width=5)"))
    assert "plane" not in header and not [name for name in arrays if name.startswith("region")]


def test_many_long_trainings_send_fewer_epochs_each() -> None:
    scene = TrainingScene(data="xor", epochs=200)
    request = TrainingRequest(build_training(scene, ChosenTraining(width=2)), "")
    status = wait_for_job(get_training_job(request))
    arrays: dict[str, Any] = {}
    add_decision_regions(arrays, [status] * 8)
    assert sum(array.nbytes for name, array in arrays.items() if "cells" in name or "taken" in name) <= MAX_BYTES
    assert arrays["region_epochs7"][0] == 0 and arrays["region_epochs7"][-1] == 200
    add_decision_regions(arrays, [status._replace(state="working")])
    assert arrays["region_epochs0"].tolist() == [200], "of one that goes on, the last epoch alone"


def draw_landscape(page: AppTest, kind: str, seed: int = 0, n: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for a landscape, and wait for it: what is said of it, and the arrays."""
    finish(page)
    report_component_state(page, "descent_trainings", {"planned": {"kind": kind, "seed": seed, "n": n}})
    scene = get_scene(page)
    header, arrays = finish(page)
    if header["landscape"]["state"] != "refused":
        requests = [TrainingRequest(build_training(scene, chosen), scene.table) for chosen in scene.trainings]
        ordered = (requests[scene.selected], *(r for k, r in enumerate(requests) if k != scene.selected))
        ends = min(3, len(ordered)) if kind == "ends" else 1
        wait_for_job(get_landscape_job(LandscapeRequest(ordered, kind, seed, ends)))  # type: ignore[arg-type]
        header, arrays = finish(page)
    return header["landscape"], arrays


def test_the_landscape_is_drawn_when_it_is_asked_for_with_the_path_on_it() -> None:
    page = open_training(**SMALL)
    header, _ = finish(page)
    assert header["landscape"] == {"state": "off"}
    curves = find_component(page, "descent_trainings").bytes
    told, arrays = draw_landscape(page, "path")
    assert find_component(page, "descent_trainings").bytes == curves, "the curves are not sent again"
    assert told["state"] == "done" and told["no_race"] == ""
    assert arrays["landscape"].size == told["side"] ** 2
    path = arrays["landscape_path0"].reshape(2, -1)
    assert arrays["landscape_epochs0"].tolist() == [0, 1, 2, 3, 4] and path[0, 0] < 0
    np.testing.assert_allclose(path[:, -1], 0, atol=1e-6)
    scene = get_scene(page)
    surface = network_loss((build_training(scene, scene.chosen),), "path")
    (left, right), (bottom, top) = told["box"]
    x, y = (np.linspace(*ends, told["side"]) for ends in ((left, right), (bottom, top)))
    values = surface.value(np.array(np.meshgrid(x, y)))
    assert told["range"] == pytest.approx([values.min(), values.max()])
    assert np.corrcoef(arrays["landscape"], values.ravel())[0, 1] > 0.8, "the same heights, perhaps on a log scale"


def test_planes_through_the_ends_need_another_training_and_others_have_their_paths_too() -> None:
    page = open_training(**SMALL)
    told, _ = draw_landscape(page, "ends")
    assert told["state"] == "refused" and "add another one" in told["refusal"]
    page.button(key="training.add").click().run()
    page.slider(key="training.weights_seed").set_value(1).run()
    told, arrays = draw_landscape(page, "ends", n=2)
    assert told["state"] == "done" and [path["k"] for path in told["paths"]] == [1, 0]
    selected, other = (arrays[f"landscape_path{k}"].reshape(2, -1) for k in (1, 0))
    np.testing.assert_allclose(selected[:, -1], (0, 0), atol=1e-6)
    np.testing.assert_allclose(other[:, -1], (1, 0), atol=1e-6)
    np.testing.assert_allclose(selected[:, 0], (0, 1), atol=1e-6)


def test_the_plane_of_the_landscape_is_in_the_link_and_undo_leaves_it_alone() -> None:
    page = open_training(**SMALL)
    assert page.query_params == SMALL
    draw_landscape(page, "random", seed=3)
    assert page.query_params["landscape"] == "random(seed=3)"
    again = open_training(**SMALL, landscape="random(seed=3)")
    header, arrays = finish(again)
    told = header["landscape"]
    assert (told["state"], told["kind"], told["seed"]) == ("done", "random", 3) and arrays["landscape"].size
    edited = get_scene(page)
    page.selectbox(key="training.activation").select("tanh").run()
    page.button(key="undo").click().run()
    assert get_scene(page) == edited and page.query_params["landscape"] == "random(seed=3)"
    draw_landscape(page, "path", seed=3, n=2)
    assert page.query_params["landscape"] == "path()", "its directions are not random"


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "round", "seed": 0, "n": 1}, {"kind": "path", "seed": -1, "n": 1},
        {"kind": "path", "seed": "1", "n": 1}, {"kind": ["path"], "seed": 0, "n": 1}, None,
    ],
)  # fmt: skip
def test_a_plane_that_nobody_offers_is_ignored(payload: Any) -> None:
    page = open_training(**SMALL)
    report_component_state(page, "descent_trainings", {"planned": payload})
    assert page.session_state["training"].view.plane is None and not page.exception


def test_ones_own_data_have_a_landscape_and_no_race() -> None:
    page = open_training(**SMALL)
    page.selectbox(key="training.data").set_value("own").run()
    told, _ = draw_landscape(page, "random")
    assert told["state"] == "done" and "no room for data" in told["no_race"]


def test_the_link_of_the_race_begins_where_the_training_began() -> None:
    page = open_training(**SMALL)
    _, arrays = draw_landscape(page, "path")
    scene = get_scene(page)
    request = LandscapeRequest((TrainingRequest(build_training(scene, scene.chosen), ""),), "path", 0, 1)
    pairs = dict(list_race_parameters(scene, ("path", 0), get_landscape_job(request).status.result))
    assert pairs["surface"] == "network_loss(plane=path,data=xor(epochs=4),train=network(width=6,batch_size=16))"
    start = [float(part) for part in pairs["start"].split(",")]
    np.testing.assert_allclose(start, arrays["landscape_path0"].reshape(2, -1)[:, 0], rtol=1e-3)


def test_a_race_that_nobody_offers_is_ignored() -> None:
    page = open_training(**SMALL)
    report_component_state(page, "descent_trainings", {"raced": {"n": 1}})
    assert not page.exception and page.session_state["training"].view.plane is None
    page.selectbox(key="training.data").set_value("own").run()
    draw_landscape(page, "random", n=2)
    report_component_state(page, "descent_trainings", {"raced": {"n": 3}})
    assert not page.exception and find_component(page, "descent_trainings")


def test_a_training_whose_readings_wait_goes_on_to_ask_for_its_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the thread of one that was left just then would wait for ever."""
    has_begun, may_end = Event(), Event()

    def wait_and_read(_: object) -> list[Any]:
        has_begun.set()
        may_end.wait(10)
        return []

    monkeypatch.setattr(training_job, "read_training", wait_and_read)
    scene = TrainingScene(data="xor", epochs=2, trainings=(ChosenTraining(width=5),))
    progress = compute_training(TrainingRequest(build_training(scene, scene.chosen), ""))
    while not has_begun.is_set():
        next(progress)
    waiting = [next(progress, None) for _ in range(3)]
    assert None not in waiting, "it waited for the readings, and asked nobody"
    may_end.set()
    *_, last = progress
    assert last.fraction == 1.0 and last.result.readings == ()


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
