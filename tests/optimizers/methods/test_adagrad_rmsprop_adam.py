"""Adagrad, RMSprop, Adadelta and Adam: their steps on an even slope, and known faults."""

import numpy as np

from optimizers.methods.adagrad_rmsprop_adam import adadelta, adagrad, adam, rmsprop
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl
from surfaces.functions.valleys import rosenbrock
from tests.support.even_slope import slope


def test_bias_correction_is_used_and_fades():
    """Uncorrected Adam's steps are lr (1 - β₁ᵗ) / √(1 - β₂ᵗ) on an even slope."""
    t = np.arange(1, 61)
    path = trajectory(adam(lr=0.25, eps=0, bias_correction=False), slope(4.0, -0.5), (0.0, 0.0), 60)
    expected = 0.25 * (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
    np.testing.assert_allclose(np.diff(path.x), [-expected, expected], rtol=1e-11)  # 60 additions of 0.1 % each


def test_rmsprop_on_an_even_slope_approaches_the_learning_rate_from_above():
    t = np.arange(1, 41)
    lengths = np.diff(trajectory(rmsprop(lr=0.25, decay_rate=0.8, eps=0), slope(4.0, -0.5), (0.0, 0.0), 40).x)
    expected = 0.25 / np.sqrt(1 - 0.8**t)
    np.testing.assert_allclose(lengths, [-expected, expected], rtol=1e-11)


def test_adagrad_on_an_even_slope_slows_down_as_one_over_the_root_of_time():
    t = np.arange(1, 41)
    lengths = np.diff(trajectory(adagrad(lr=0.25, eps=0), slope(4.0, -0.5), (0.0, 0.0), 40).x)
    np.testing.assert_allclose(lengths, [-0.25 / np.sqrt(t), 0.25 / np.sqrt(t)], rtol=1e-11)


def test_adagrad_without_the_root_slows_down_as_one_over_time():
    t = np.arange(1, 41)
    lengths = np.diff(trajectory(adagrad(lr=0.25, eps=0, root=False), slope(4.0, -0.5), (0.0, 0.0), 40).x)
    np.testing.assert_allclose(lengths, [-0.25 / (4 * t), 0.25 / (0.5 * t)], rtol=1e-11)


def test_adagrad_does_much_worse_without_the_root():
    f = rosenbrock()
    with_root, without = (f.value(trajectory(adagrad(root=root), f, f.start, 500).x[:, -1]) for root in (True, False))
    assert without > 3 * with_root


def test_adadelta_moves_in_the_units_of_x():
    """Twice the width of the landscape is twice the path, whatever the units of the loss: only eps has units."""
    f = bowl(condition=4, angle=0)
    narrow = trajectory(adadelta(eps=1e-6), f, (1.0, -0.5), 80).x
    wide = trajectory(adadelta(eps=4e-6), f, (2.0, -1.0), 80).x  # gradients and steps both double
    np.testing.assert_allclose(wide, 2 * narrow, rtol=1e-9)
