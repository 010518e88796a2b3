"""The slope of the Taylor remainder tells a right gradient from a wrong one without a tolerance."""

import numpy as np
import pytest

from surfaces.gradient_check.taylor_remainder import WINDOW, find_straightest_piece, measure_taylor_remainder
from surfaces.models.catalogue import build_classifier

CLASSIFIER = build_classifier("digits", activation="tanh", sample_count=20)


def measure(factor: float, seed: int = 0):
    """The remainder of a network's gradient times a factor, along a random direction of length 1."""
    d = np.random.default_rng(seed).standard_normal(CLASSIFIER.start.shape)
    d /= np.linalg.norm(d)
    return measure_taylor_remainder(CLASSIFIER.value, CLASSIFIER.start, factor * CLASSIFIER.grad(CLASSIFIER.start), d)


@pytest.mark.parametrize("seed", range(5))
def test_a_right_gradient_has_slope_2(seed: int) -> None:
    remainder = measure(1.0, seed)
    assert remainder.slope == pytest.approx(2, abs=0.02)  # 2.00 was measured
    assert remainder.slope_at_small_t == pytest.approx(2, abs=0.1)  # just above the rounding
    assert remainder.is_right
    assert remainder.smallest_t < remainder.largest_t


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("factor", [1.001, 1.03, 1.1, 0.5, -1.0])
def test_a_wrong_gradient_falls_to_slope_1(factor: float, seed: int) -> None:
    remainder = measure(factor, seed)
    assert remainder.slope_at_small_t == pytest.approx(1, abs=0.3)  # bent where both errors are alike
    assert not remainder.is_right


def test_a_linear_function_leaves_nothing_behind() -> None:
    g = np.array([2.0, -1.0])
    remainder = measure_taylor_remainder(lambda p: g @ p, np.array([0.3, 0.4]), g, np.array([0.6, 0.8]))
    assert remainder.slope is None and remainder.is_right
    assert not measure_taylor_remainder(lambda p: g @ p, np.array([0.3, 0.4]), 1.01 * g, np.array([1.0, 0.0])).is_right


def test_a_domain_that_ends_is_no_error() -> None:
    x, d = np.array([0.5]), np.array([-1.0])
    remainder = measure_taylor_remainder(lambda p: np.log(p[0]), x, 1 / x, d)
    assert remainder.slope == pytest.approx(2, abs=0.02) and not np.isfinite(remainder.remainder[-1])


def test_the_straightest_piece_is_as_long_as_every_other() -> None:
    """All but one point of the last window lie on a line: without that point it would leave nothing behind."""
    u = np.arange(WINDOW + 20.0)
    v = np.where(u > u[-WINDOW], 3 * u, u**2)
    slope, start = find_straightest_piece(u, v)
    assert start + WINDOW <= len(u) and slope != pytest.approx(3)
    v[:WINDOW] = 5 * u[:WINDOW]
    assert find_straightest_piece(u, v) == (pytest.approx(5), 0)
