"""What the page of trainings sends to the browser: curves, details, and when."""

import numpy as np
import pytest

from app.compute import training_job
from app.compute.background_jobs import JobStatus, Progress
from app.compute.training_job import TrainingRequest, compute_training, kept_trainings
from app.training import training_component
from app.training.layer_arrays import MAX_WEIGHT_NUMBERS
from app.training_scenes.training_scene import build_training
from optimizers.training.histograms import BINS
from optimizers.training.prepared_training import prepare_training
from optimizers.training.training_loop import TrainingLoop
from tests.support.app_pages import find_component
from tests.support.binary_messages import decode_binary_message
from tests.support.training_pages import SMALL, finish, get_scene, open_training


def test_the_message_has_the_record_of_the_same_training_done_at_once() -> None:
    page = open_training(**SMALL)
    header, arrays = finish(page)
    scene = get_scene(page)
    loop = TrainingLoop(prepare_training(build_training(scene, scene.chosen)))
    for _ in loop.train():
        pass
    assert (header["state"], header["fraction"], header["trainings"][0]["done"]) == ("done", 1.0, 4)
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
    kept_trainings.trainings.clear()  # it begins at the start once more
    news = [Progress(0.0, None), *{id(p): p for p in compute_training(request) if p.result}.values()]
    statuses = [JobStatus(k + 1, *progress, "working") for k, progress in enumerate(news)]
    statuses.append(statuses[-1]._replace(version=len(news) + 1, state="done"))
    sizes, epochs = [], dict[int, None]()
    for status in statuses:
        monkeypatch.setattr(training_component, "poll_jobs", lambda _, status=status: [status])
        page.run()
        message = find_component(page, "descent_trainings").bytes
        sizes += [len(message), len(find_component(page, "descent_training_news").bytes)]
        epochs[decode_binary_message(message)[0]["trainings"][0]["done"]] = None
    assert not page.exception
    assert list(epochs) == [0, 1, 2, 3, 5, 8, 12, 18, 20]
    assert sum(sizes) <= 1.2 * 4 * sum(array.size for array in shown.values())


def test_a_training_that_diverges_is_told_with_its_step() -> None:
    page = open_training(data="xor(epochs=30)", train="network(width=8,activation=relu,l2=10,optimizer=sgd(lr=10))")
    header, _ = finish(page)
    diverged = header["trainings"][0]["diverged"]
    assert diverged["epoch"] >= 1 and "Diverged in step" in diverged["words"]


@pytest.mark.parametrize("epochs", [90, 150, 200])
def test_the_longest_training_has_its_first_weights_as_pictures_too(epochs: int) -> None:
    """The pictures are of fewer units, so that the message does not grow."""
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
