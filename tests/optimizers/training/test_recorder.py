"""The recorded numbers are those of the model's own functions at the weights of that moment."""

from dataclasses import replace

import numpy as np
import pytest

from optimizers.training.epoch_evaluation import Evaluator
from optimizers.training.histograms import BINS, count_values
from optimizers.training.prepared_training import prepare_training
from optimizers.training.recorder import MAX_RECORDED_EPOCHS, StepRecord, find_epochs_of_steps, summarize
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_curves import TrainingCurves
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.update_ratios import UpdateRatios
from surfaces.models.classification_losses import softmax
from surfaces.models.parameter_blocks import ParameterLayout

MOONS = Training(data="two_moons", hidden=(6, 5), activation="tanh", batch_size=32, epochs=3, l2=0.05)
SINGLE = 2e-5  # relative: losses in float32


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "leaky_relu"])
@pytest.mark.parametrize("loss", ["softmax", "svm"])
def test_losses_and_accuracies_are_those_of_the_weights(activation: str, loss: str) -> None:
    loop = TrainingLoop(prepare_training(replace(MOONS, activation=activation, loss=loss)))
    network, split = loop.prepared.network, loop.prepared.split
    for progress in loop.train():
        record, p = progress.record, loop.x
        assert record is not None
        for part, found in ((split.training, record.training), (split.validation, record.validation)):
            layers = network.forward(p, part.inputs)
            losses = network.sample_loss.value(layers.scores, part.classes)
            right = layers.scores.argmax(axis=-1) == part.classes
            assert found.loss == pytest.approx(losses.mean(), rel=SINGLE)
            assert found.loss_error == pytest.approx(losses.std() / np.sqrt(len(losses)), rel=1e-3)
            assert found.accuracy == right.mean()
            assert found.accuracy_error == pytest.approx(
                np.sqrt(right.mean() * (1 - right.mean()) / len(right)), abs=0.02
            )
        np.testing.assert_array_equal(record.predictions, layers.scores.argmax(axis=-1))
        np.testing.assert_allclose(record.sureness, softmax(layers.scores).max(axis=-1), rtol=1e-4)
        np.testing.assert_allclose(record.first_weights, layers.weights["W1"], rtol=1e-6)
        assert record.regularization == pytest.approx(network.regularization(layers.weights))
    confusion = loop.record.confusion(3, split.validation.classes, 2)
    assert confusion.sum() == len(split.validation.classes)
    assert np.trace(confusion) / confusion.sum() == record.validation.accuracy


def test_the_loss_of_each_step_is_that_of_its_minibatch_before_the_step() -> None:
    training = replace(MOONS, dropout=0.3, optimizer=Maker("nesterov_lookahead", (("lr", 0.1),)))  # asks elsewhere
    loop = TrainingLoop(prepare_training(training))
    data, network = loop.prepared.split.training, loop.prepared.network
    expected = []
    while not loop.is_finished:
        rows = loop._batches.find_rows(loop.t + 1)
        masks = network.draw_masks(len(rows), training.seed, loop.t + 1)
        layers = network.forward(loop.x, data.inputs[rows], masks)
        expected.append([network.data_loss(layers, data.classes[rows]), network.regularization(layers.weights)])
        loop.advance(1)
    np.testing.assert_allclose(loop.record.step_losses.T, expected, rtol=1e-6)
    assert loop.record.step_epochs.tolist() == pytest.approx([k / 5 for k in range(15)])


def test_steps_stand_where_their_epoch_is_also_after_another_batch_size() -> None:
    records = [StepRecord(epoch, *np.zeros((2, steps), dtype=np.float32)) for epoch, steps in ((1, 2), (2, 4))]
    np.testing.assert_allclose(find_epochs_of_steps([1, 2, 3, 6], records), [0.5, 1, 1.25, 2])
    assert find_epochs_of_steps([], []).size == 0


def test_the_ratios_of_an_epoch_lie_in_it_where_others_have_more_steps() -> None:
    """One epoch of 40 steps, two of 5, and one that has begun: three steps of each complete one have ratios."""
    training = replace(MOONS, batch_size=4, epochs=4, changes=(Change(1, "batch_size", 32.0),))
    loop = TrainingLoop(prepare_training(training))
    for _ in range(3):
        loop.train_epoch()
    loop.advance(2)
    curves = TrainingCurves.from_loop(loop)
    assert np.ceil(curves.ratio_epochs).tolist() == [1, 1, 2, 2, 3, 3]
    assert all(len(column) == 6 for column in curves.ratios.values())


def test_update_ratios_by_their_three_definitions() -> None:
    layout = ParameterLayout.from_shapes({"W1": (3, 4), "b1": (4,)})
    rng = np.random.default_rng(0)
    before = np.concatenate((rng.standard_normal(12) + 0.3, np.zeros(4)))
    update = np.concatenate((0.01 * rng.standard_normal(12), np.full(4, 0.1)))
    with np.errstate(all="ignore"):
        ratios = UpdateRatios(layout).measure(before, update)
    W, dW = before[:12], update[:12]
    expected = [np.linalg.norm(dW) / np.linalg.norm(W), np.abs(dW).mean() / np.abs(W).mean(), dW.std() / W.std()]
    np.testing.assert_allclose(ratios[:, 0], expected, rtol=1e-5)
    assert np.isinf(ratios[:2, 1]).all()  # biases of 0


def test_a_histogram_has_all_values_between_its_ends() -> None:
    values = np.random.default_rng(1).standard_normal((30, 7)).astype(np.float32)
    found = count_values(values)
    assert found.counts.sum() == 210
    assert (found.low, found.high) == (values.min(), values.max())
    expected = np.histogram(values, BINS)[0]
    assert np.abs(found.counts - expected).sum() <= 4  # values on the border of two bins
    assert (found.mean, found.deviation) == (
        pytest.approx(values.mean(), abs=1e-5),
        pytest.approx(values.std(), rel=1e-5),
    )
    assert count_values(np.full(5, 2.0)).counts[0] == 5
    thinned = count_values(np.arange(10_000.0))
    assert 1900 < thinned.counts.sum() <= 2048
    assert np.ptp(thinned.counts) <= 2
    assert count_values(np.array([np.nan, 1.0, 3.0])).counts.sum() == 2
    assert count_values(np.full(3, np.inf)).counts.sum() == 0


def test_a_deviation_far_below_the_mean_is_kept() -> None:
    """By 1e-4: its square is below the rounding of the mean's square in single precision, 6e-8."""
    values = (1 + 1e-4 * np.random.default_rng(2).standard_normal(1000)).astype(np.float32)
    exact = values.astype(np.float64)
    found = count_values(values)
    assert found.deviation == pytest.approx(exact.std(), rel=1e-9)  # double precision, from the same values
    assert found.mean == pytest.approx(exact.mean(), rel=1e-12)
    part = summarize(values, np.ones(1000, dtype=bool))
    assert part.loss_error == pytest.approx(exact.std() / np.sqrt(1000), rel=1e-9)


@pytest.mark.parametrize(
    ("values", "bins"),
    [
        (np.array([0, 1e-38, 5.2e-39], dtype=np.float32), [0, 20, 39]),
        (np.array([-1e308, 4e306, 1e308]), [0, 20, 39]),
        (np.array([0.0, 2e-310, 1.04e-310]), [0, 20, 39]),
        (np.array([1e300, 1e300]), [0]),
        (np.array([1e-200, 3e-200]), [0, 39]),
    ],
)
def test_a_tiny_or_huge_range_is_counted(values: np.ndarray, bins: list[int]) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = count_values(values)
    assert found.counts.sum() == len(values)
    assert np.flatnonzero(found.counts).tolist() == bins
    assert (found.low, found.high) == (values.min(), values.max())
    scale = float(np.abs(values).max())
    exact = [float(value) / scale for value in values]  # the deviation of values near 1, which is ordinary
    assert found.mean == pytest.approx(scale * np.mean(exact), rel=1e-6, abs=1e-9 * scale)
    assert found.deviation == pytest.approx(scale * np.std(exact), rel=1e-6, abs=1e-9 * scale)


def test_saturated_and_dead_units_are_counted() -> None:
    prepared = prepare_training(replace(MOONS, activation="relu", hidden=(4,)))
    network, p = prepared.network, prepared.start.copy()
    blocks = network.layout.unpack(p)  # views
    blocks["b1"][:3] = -1e3
    assert Evaluator(prepared.split).evaluate(network, p).dead.tolist() == [3]
    prepared = prepare_training(replace(MOONS, hidden=(4,)))
    p = prepared.start.copy()
    prepared.network.layout.unpack(p)["b1"][:1] = 50.0
    blocks = prepared.network.layout.unpack(p)
    blocks["W1"][:] *= 0.01
    assert Evaluator(prepared.split).evaluate(prepared.network, p).saturated == pytest.approx([0.25])


def test_losses_beyond_single_precision_are_taken_in_double() -> None:
    prepared = prepare_training(replace(MOONS, activation="relu", hidden=(4,), loss="svm"))
    found = Evaluator(prepared.split).evaluate(prepared.network, 1e25 * prepared.start)
    assert np.isfinite(found.losses).all()
    assert found.losses.max() > 1e40


def test_epochs_of_a_long_training_are_thinned() -> None:
    training = replace(MOONS, hidden=(2,), batch_size=0, epochs=2 * MAX_RECORDED_EPOCHS + 1)
    loop = TrainingLoop(prepare_training(training))
    progress = list(loop.train())
    assert len(loop.record.epochs) <= MAX_RECORDED_EPOCHS + 2
    assert loop.record.epoch_numbers[-1] == training.epochs
    assert progress[0].record is None
    assert loop.record.step_losses.shape == (2, training.epochs)
    assert all(
        column.dtype == np.float32 for column in (loop.record.column("training", "loss"), loop.record.step_losses)
    )


def test_without_a_penalty_none_is_recorded() -> None:
    loop = TrainingLoop(prepare_training(replace(MOONS, l2=0.0, epochs=1)))
    assert [progress.record.regularization for progress in loop.train() if progress.record] == [0.0]
