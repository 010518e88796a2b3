"""Classifiers: minibatches, dropout, kinks between two points, and the losses that the labs' notes name."""

import numpy as np
import pytest

from surfaces.models.catalogue import build_classifier
from surfaces.models.classifier import Classifier
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS

SEEDS = range(8)


def losses_at_start(initialization: str, loss: str = "softmax") -> list[float]:
    makers = [build_classifier("digits", initialization=initialization, loss=loss, seed=seed) for seed in SEEDS]
    return [float(f.value(f.start)) for f in makers]


@pytest.mark.parametrize(
    ("initialization", "loss", "expected", "tolerance"),
    [
        ("zero", "softmax", 2.302585, 1e-6),  # ln 10
        ("too_small", "softmax", 2.3026, 1e-3),
        ("lecun", "softmax", 2.372, 0.06),
        ("he", "softmax", 2.560, 0.12),
        ("too_large", "softmax", 14.66, 4.0),
        ("zero", "svm", 9.0, 1e-12),  # C - 1
        ("too_small", "svm", 8.997, 0.01),
    ],
)
def test_first_losses_on_the_digits(initialization: str, loss: str, expected: float, tolerance: float) -> None:
    """64-100-10 with ReLU. Tolerances are some standard errors of the mean over the seeds."""
    assert np.mean(losses_at_start(initialization, loss)) == pytest.approx(expected, abs=tolerance)


def test_the_loss_of_a_batch_scatters_as_one_over_the_root_of_its_size() -> None:
    """The standard deviation of one sample's loss over √B, less what drawing without replacement takes away.

    280 batches estimate it with a relative standard error of 4 %. The last batch of an epoch, which is smaller, is left
    out.
    """
    full = build_classifier("digits", initialization="he")
    n, p = full.sample_count, full.start
    single = np.std([full.network.sample_loss.value(full.preactivations(p)[-1], full.data.classes)])
    for size in (1, 4, 16, 64, 256):
        f = build_classifier("digits", initialization="he", batch_size=size)
        whole = [t for t in range(1, 400) if t % f.batches.batches_per_epoch][:280]
        spread = np.std([f.step_loss(t).value(p) for t in whole])
        assert spread == pytest.approx(single / np.sqrt(size) * np.sqrt((n - size) / (n - 1)), rel=0.2)


@pytest.mark.parametrize("size", [1, 7, 20])
def test_an_epoch_sees_every_sample_once(size: int) -> None:
    f = build_classifier("xor", hidden=(3,), sample_count=40, batch_size=size, seed=2, l2=0.1)
    steps = range(1, f.batches.batches_per_epoch + 1)
    rows = [f.batches.find_rows(t) for t in steps]
    np.testing.assert_array_equal(np.sort(np.concatenate(rows)), np.arange(40))
    for part in ("value", "grad", "hess"):
        mean = sum(len(r) * getattr(f.at(t), part)(f.start) for r, t in zip(rows, steps, strict=True)) / 40
        np.testing.assert_allclose(mean, getattr(f, part)(f.start), rtol=1e-12, atol=1e-14)


def test_with_all_samples_and_no_dropout_every_step_sees_the_problem_itself() -> None:
    for size in (0, -1, 40, 1000):
        f = build_classifier("xor", hidden=(3,), sample_count=40, batch_size=size)
        assert f.batch_size == f.sample_count == 40
        assert f.at(1) is f.at(7) is f


def test_a_step_depends_on_its_number_and_the_seed_alone() -> None:
    def make(seed: int) -> Classifier:
        return build_classifier("two_moons", hidden=(20,), dropout=0.5, batch_size=10, seed=seed)

    one, other = make(3), make(3)
    p = one.start
    forwards = [float(one.at(t).value(p)) for t in range(1, 61)]
    assert forwards == [float(other.at(t).value(p)) for t in range(60, 0, -1)][::-1]
    assert len(set(forwards)) == 60
    assert float(make(4).at(1).value(p)) != forwards[0]


def test_dropout_is_for_steps_only_and_has_the_expectation_of_no_dropout() -> None:
    """Scores of a network of one hidden layer are linear in its units: their mean over many masks is the score without.

    The tolerance is five standard errors of the mean of 400.
    """
    f = build_classifier("two_moons", hidden=(20,), dropout=0.4, sample_count=30)
    plain = build_classifier("two_moons", hidden=(20,), sample_count=30)
    np.testing.assert_array_equal(f.value(f.start), plain.value(f.start))
    np.testing.assert_array_equal(f.grad(f.start), plain.grad(f.start))
    assert isinstance(f.at(1), NetworkLoss)
    scores = np.array([f.step_loss(t).preactivations(f.start)[-1] for t in range(1, 401)])
    error = scores.std(axis=0) / np.sqrt(len(scores))
    assert (np.abs(scores.mean(axis=0) - f.predict_scores(f.start, f.data.inputs)) <= 5 * error).all()


def count_steps_that_cross(f: Classifier, p: np.ndarray, h: float, entries: np.ndarray) -> int:
    """Count the centred steps of size h along these coordinates that cross a kink."""
    steps = np.zeros((len(p), len(entries)))
    steps[entries, np.arange(len(entries))] = h
    return int((f.count_kink_crossings(p[:, None] - steps, p[:, None] + steps).total > 0).sum())


def test_kinks_are_crossed_with_large_steps_and_many_samples() -> None:
    """100 steps of 64-100-10 with ReLU along first-layer weights and biases, at the start.

    A third of them with all samples at h = 1e-3; hardly one with ten samples, or at h = 1e-5.
    """
    rng = np.random.default_rng(0)
    every, ten = build_classifier("digits"), build_classifier("digits", sample_count=10)
    p, stop = every.start, every.layout.blocks[1].stop
    used = np.flatnonzero(every.grad(p)[:stop])  # pixels that are always empty cross nothing
    entries = rng.choice(used, 100, replace=False)
    assert 20 <= count_steps_that_cross(every, p, 1e-3, entries) <= 50
    assert count_steps_that_cross(every, p, 1e-5, entries) <= 3
    assert count_steps_that_cross(ten, p, 1e-3, entries) <= 3


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh"])
@pytest.mark.parametrize("loss", ["softmax", "svm"])
def test_kink_crossings_are_counted_one_by_one(activation: str, loss: str) -> None:
    f = build_classifier("spirals", hidden=(7, 5), activation=activation, loss=loss, sample_count=30)
    p = f.start
    q = p + 0.3 * np.random.default_rng(1).standard_normal(len(p))
    counted = f.count_kink_crossings(p, q)
    before, after = f.preactivations(p), f.preactivations(q)
    kinked = activation != "tanh"
    expected = [
        sum((z > 0) != (other > 0) for z, other in zip(before[k].ravel(), after[k].ravel(), strict=True)) * kinked
        for k in range(2)
    ]
    assert counted.by_layer.tolist() == expected
    margins = 0
    for scores, moved, y in zip(before[-1], after[-1], f.data.classes, strict=True):
        for j in range(3):
            margins += j != y and (scores[j] - scores[y] + 1 > 0) != (moved[j] - moved[y] + 1 > 0)
    assert counted.margins == margins * (loss == "svm")
    assert counted.total == sum(expected) + counted.margins
    assert f.count_kink_crossings(p, p).total == 0
    if kinked:
        assert counted.total > 0


def test_one_point_is_compared_with_many() -> None:
    f = build_classifier("xor", hidden=(4,), sample_count=20)
    q = f.start[:, None] + 0.2 * np.random.default_rng(2).standard_normal((len(f.start), 5))
    counted = f.count_kink_crossings(f.start[:, None], q)
    assert counted.by_layer.shape == (1, 5)
    assert counted.total.tolist() == [int(f.count_kink_crossings(f.start, lane).total) for lane in q.T]


def test_scores_and_accuracy() -> None:
    f = build_classifier("digits", "softmax", initialization="lecun")
    p = np.stack((f.start, -f.start, 0 * f.start), axis=1)
    scores = f.predict_scores(p, f.data.inputs[:50])
    assert scores.shape == (3, 50, 10)
    W, b = f.layout.unpack(f.start).values()
    np.testing.assert_allclose(scores[0], f.data.inputs[:50] @ W + b, rtol=1e-12, atol=1e-14)
    accuracy = f.accuracy(p, f.data.inputs, f.data.classes)
    assert accuracy[0] == np.mean(
        [np.argmax(row @ W + b) == y for row, y in zip(f.data.inputs, f.data.classes, strict=True)]
    )
    assert accuracy[2] == pytest.approx(178 / 1797)  # equal scores: the first class, of which there are 178
    assert f.predict_scores(f.start.astype(np.float32), f.data.inputs).dtype == np.float32


def test_a_subset_has_some_of_the_samples_and_the_same_start() -> None:
    f = build_classifier("digits", hidden=(10,))
    rows = np.array((3, 1, 4))
    small = f.subset(rows)
    assert small.sample_count == small.batch_size == 3
    np.testing.assert_array_equal(small.start, f.start)
    np.testing.assert_array_equal(small.data.classes, f.data.classes[rows])
    scores = f.preactivations(f.start)[-1][rows]
    np.testing.assert_allclose(
        small.value(f.start), f.network.sample_loss.value(scores, f.data.classes[rows]).mean(), rtol=1e-13
    )


@pytest.mark.parametrize("initialization", STANDARD_DEVIATIONS)
def test_parts_of_the_loss_add_up(initialization: str) -> None:
    f = build_classifier("rings", hidden=(5,), l2=0.3, initialization=initialization, seed=1)
    p = np.stack((f.start, f.start + 0.1), axis=1)
    np.testing.assert_allclose(f.data_loss(p) + f.regularization(p), f.value(p), rtol=1e-14)
    assert (f.loss_and_gradient(p)[0] == f.value(p)).all()
