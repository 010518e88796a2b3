"""Two weights on real data: published fits, and minibatches that go through the data once an epoch."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from surfaces.catalogue import SURFACES
from surfaces.datasets.regression import BEETLES, CARS, CHALLENGER, VERSICOLOR, VIRGINICA

MODELS = ("least_squares_line", "logistic_regression", "tanh_neuron", "linear_svm")
SAMPLES = {"least_squares_line": 50, "logistic_regression": 23, "tanh_neuron": 8, "linear_svm": 100}
BATCHES = [(name, size) for name in MODELS for size in (1, 3, 4, SAMPLES[name] - 1)]
EVERY = pytest.mark.parametrize("name", MODELS)


def test_braking_distances_give_the_published_line() -> None:
    """R's `lm(dist ~ speed, cars)`: 3.9324 and -17.5791 ft (here in tens of feet), and NumPy's least squares."""
    w, b = SURFACES["least_squares_line"]().minima[0]
    assert (round(w, 4), round(10 * b, 4)) == (3.9324, -17.5791)
    x, y = CARS
    solved = np.linalg.lstsq(np.c_[x, np.ones_like(x)], y, rcond=None)[0]
    np.testing.assert_allclose((w, b), solved, rtol=1e-13)


def test_challenger_gives_the_published_odds() -> None:
    """Dalal, Fowlkes & Hoadley (1989): logit = 15.043 - 0.2322 T."""
    w, b = SURFACES["logistic_regression"]().minima[0]
    assert (round(b - 7 * w, 3), round(w / 10, 4)) == (15.043, -0.2322)
    assert CHALLENGER[1].sum() == 7  # flights with damage, of 23


def test_beetles_give_what_least_squares_gives() -> None:
    """SciPy's Levenberg-Marquardt from the origin; its tolerance of 1e-15 stops it at about 1e-9."""
    x, y = BEETLES
    solved = least_squares(lambda p: np.tanh(p[0] * x + p[1]) - y, (0, 0), method="lm", xtol=1e-15, ftol=1e-15)
    np.testing.assert_allclose(SURFACES["tanh_neuron"]().minima[0], solved.x, rtol=1e-7)


def test_iris_measurements_have_fishers_means_and_deviations() -> None:
    """Fisher (1936): mean petal length 4.26 and 5.552 cm; deviations as in R's `iris`."""
    assert (round(VERSICOLOR.mean(), 3), round(VIRGINICA.mean(), 3)) == (4.26, 5.552)
    assert (round(VERSICOLOR.std(ddof=1), 4), round(VIRGINICA.std(ddof=1), 4)) == (0.4699, 0.5519)


@pytest.mark.parametrize(
    "name, loss",
    [
        ("least_squares_line", lambda z, y: (z - y) ** 2 / 2),
        ("logistic_regression", lambda z, y: -np.log(1 / (1 + np.exp(-z)) if y else 1 - 1 / (1 + np.exp(-z)))),
        ("tanh_neuron", lambda z, y: (np.tanh(z) - y) ** 2 / 2),
        ("linear_svm", lambda z, y: max(0, 1 - y * z)),
    ],
)
def test_value_is_the_mean_of_the_samples_losses(name: str, loss) -> None:
    """Summed sample by sample, in the textbook's form."""
    surface = SURFACES[name]()
    w, b = 0.7, -0.4
    slow = (
        sum(loss(w * x + b, y) for x, y in zip(surface.full_loss.u, surface.full_loss.y, strict=True))
        / surface.sample_count
    )
    np.testing.assert_allclose(surface.value(np.array((w, b))), slow, rtol=1e-13)


@EVERY
def test_samples_and_full_batches(name: str) -> None:
    """No batch size, or one as large as the data, means the data itself: the same object at every step."""
    for size in (0, -1, SAMPLES[name], 1000):
        surface = SURFACES[name](batch_size=size)
        assert surface.sample_count == surface.batch_size == SAMPLES[name]
        assert surface.at(1) is surface.at(7) is surface
        assert surface.batches_per_epoch == 1


@pytest.mark.parametrize("name, size", BATCHES)
def test_an_epoch_takes_every_sample_once(name: str, size: int) -> None:
    surface = SURFACES[name](batch_size=size, seed=4)
    steps = -(-surface.sample_count // size)
    for epoch in range(3):
        rows = [surface.batch_rows(epoch * steps + t) for t in range(1, steps + 1)]
        assert all(len(r) == size for r in rows[:-1])
        np.testing.assert_array_equal(np.sort(np.concatenate(rows)), np.arange(surface.sample_count))
    assert surface.batches_per_epoch == steps


@pytest.mark.parametrize("name, size", BATCHES)
def test_batches_average_to_the_whole(name: str, size: int) -> None:
    """Weighted by their size: the mean gradient of an epoch is the gradient; so are value and Hessian."""
    surface = SURFACES[name](batch_size=size, seed=4)
    steps = range(1, 1 + -(-surface.sample_count // size))
    p = np.random.default_rng(0).uniform(-1, 1, (2, 5))
    for part in ("value", "grad", "hess"):
        whole = getattr(surface, part)(p)
        mean = sum(len(surface.batch_rows(t)) * getattr(surface.at(t), part)(p) for t in steps) / surface.sample_count
        np.testing.assert_allclose(mean, whole, rtol=1e-12, atol=1e-14)


@EVERY
def test_the_plain_mean_of_an_epochs_gradients_is_the_gradient_when_the_batch_divides(name: str) -> None:
    size = {50: 10, 23: 1, 8: 4, 100: 20}[SAMPLES[name]]
    surface = SURFACES[name](batch_size=size)
    steps = range(1, 1 + surface.sample_count // size)
    p = np.array((0.3, -0.2))
    mean = np.mean([surface.at(t).grad(p) for t in steps], axis=0)
    np.testing.assert_allclose(mean, surface.grad(p), rtol=1e-12, atol=1e-15)


@EVERY
def test_a_batch_depends_on_seed_and_step_alone(name: str) -> None:
    """Asked in any order, twice or by another copy; other seeds and epochs give other orders."""
    one, other = SURFACES[name](batch_size=2, seed=7), SURFACES[name](batch_size=2, seed=7)
    forwards = [one.batch_rows(t).tolist() for t in range(1, 61)]
    backwards = [other.batch_rows(t).tolist() for t in range(60, 0, -1)]
    assert forwards == backwards[::-1]
    assert forwards == [one.batch_rows(t).tolist() for t in range(1, 61)]
    steps = -(-one.sample_count // 2)
    assert forwards[:steps] != [
        SURFACES[name](batch_size=2, seed=8).batch_rows(t).tolist() for t in range(1, steps + 1)
    ]
    assert [one.batch_rows(t).tolist() for t in range(steps + 1, 2 * steps + 1)] != forwards[:steps]


def test_the_last_batch_of_an_epoch_is_smaller() -> None:
    """23 flights in batches of 10: 10, 10 and 3."""
    surface = SURFACES["logistic_regression"](batch_size=10)
    assert surface.batches_per_epoch == 3
    assert [len(surface.batch_rows(t)) for t in (1, 2, 3, 4)] == [10, 10, 3, 10]


def test_plotting_is_never_a_minibatch() -> None:
    small, full = SURFACES["least_squares_line"](batch_size=5), SURFACES["least_squares_line"]()
    p = np.random.default_rng(3).uniform(-1, 3, (2, 4, 4))
    small.at(9).grad(p)
    np.testing.assert_array_equal(small.value(p), full.value(p))
    assert not np.allclose(small.at(9).value(p), full.value(p))
