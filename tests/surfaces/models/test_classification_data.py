"""Samples: the digits as UCI has them, and points in the plane as their formulas say."""

import numpy as np
import pytest

from surfaces.models.catalogue import DATA_SETS
from surfaces.models.classification_data import ClassificationData, digits, rings, spirals, two_moons, xor

IN_THE_PLANE = {"two_moons": 2, "spirals": 3, "rings": 2, "xor": 2}


def test_the_digits_are_those_of_uci() -> None:
    """1,797 images; how many there are of each digit is in UCI's description of optdigits.tes."""
    data = digits()
    assert data.inputs.shape == (1797, 64)
    assert np.bincount(data.classes).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (data.inputs.min(), data.inputs.max()) == (0, 1)
    assert set(np.unique(data.inputs * 16)) == set(range(17))
    assert (data.inputs[0, :8] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert data.classes[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert data.class_names == tuple("0123456789")
    assert (data.feature_names[0], data.feature_names[10]) == ("pixel 1, 1", "pixel 2, 3")
    assert len(data.feature_names) == 64


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_points_in_the_plane_are_seeded_and_balanced(name: str) -> None:
    make, count = DATA_SETS[name], IN_THE_PLANE[name]
    for n in (4, 50, 301):
        data = make(sample_count=n, seed=3)
        assert data.inputs.shape == (n, 2)
        assert np.ptp(np.bincount(data.classes, minlength=count)) <= 2
        assert (len(data.class_names), data.feature_names) == (count, ("x", "y"))
    np.testing.assert_array_equal(make(seed=3).inputs, make(seed=3).inputs)
    assert (make(seed=3).inputs != make(seed=4).inputs).all()


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_classes_are_mixed_so_that_the_last_samples_have_all_of_them(name: str) -> None:
    data = DATA_SETS[name](sample_count=300)
    for part in np.split(data.classes, 5):
        assert np.bincount(part, minlength=IN_THE_PLANE[name]).min() >= 8


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_noise_is_normal_with_its_standard_deviation(name: str) -> None:
    """The standard deviation of 2,000 numbers has a relative standard error of 1.6 %."""
    make = DATA_SETS[name]
    noise = make(sample_count=1000, noise=0.2).inputs - make(sample_count=1000, noise=0.0).inputs
    assert noise.std() == pytest.approx(0.2, rel=0.08)


def test_without_noise_points_lie_on_their_curves() -> None:
    moons = two_moons(noise=0)
    x, y = moons.inputs.T
    upper = moons.classes == 0
    np.testing.assert_allclose(np.hypot(x, y)[upper], 1, rtol=1e-14)
    np.testing.assert_allclose(np.hypot(x - 1, y - 0.5)[~upper], 1, rtol=1e-14)
    assert (y[upper] >= 0).all()
    assert (y[~upper] <= 0.5).all()

    around = rings(noise=0)
    np.testing.assert_allclose(np.hypot(*around.inputs.T), np.where(around.classes == 0, 0.5, 1), rtol=1e-14)

    arms = spirals(noise=0)
    r = np.hypot(*arms.inputs.T)
    a = 2 * np.pi / 3 * arms.classes + 4 * r
    np.testing.assert_allclose(arms.inputs, np.stack((r * np.sin(a), r * np.cos(a)), axis=1), atol=1e-14)

    corners = {
        (tuple(point), k)
        for point, k in zip(xor(4, noise=0).inputs.tolist(), xor(4, noise=0).classes.tolist(), strict=True)
    }
    assert corners == {((-1, -1), 0), ((-1, 1), 1), ((1, -1), 1), ((1, 1), 0)}


def test_a_subset_keeps_the_names() -> None:
    data = ClassificationData(np.arange(6.0).reshape(3, 2), np.array((0, 1, 0)), ("a", "b"), ("u", "v"))
    part = data.subset(np.array((2, 1)))
    assert (part.inputs.tolist(), part.classes.tolist()) == ([[4, 5], [2, 3]], [0, 1])
    assert (part.class_names, part.feature_names) == (("a", "b"), ("u", "v"))
