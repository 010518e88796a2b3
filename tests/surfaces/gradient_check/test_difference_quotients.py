"""Difference quotients are as exact as their theory says, and leave the point as it was."""

import numpy as np
import pytest

from surfaces.catalogue import SURFACES
from surfaces.gradient_check.difference_quotients import (
    LinePoint,
    Method,
    centred_difference,
    follow_direction,
    follow_entry,
    forward_difference,
)
from tests.support.complex_step_example import complex_step_example
from tests.support.numeric_gradients import numeric_gradient

ENTRY = np.array([0])


@pytest.mark.parametrize(
    ("dtype", "method", "h", "bound"),
    # Errors measured at these h, powers of two near the best, with a margin of five for other processors' rounding.
    [
        (np.float64, Method.FORWARD, 2.0**-25, 5 * 3.9e-8),
        (np.float64, Method.CENTRED, 2.0**-19, 30 * 6.5e-13),  # that is a lucky one: eps f / h is 1e-10
        (np.float64, Method.COMPLEX_STEP, 1e-20, 1e-15),
        (np.float32, Method.FORWARD, 2.0**-11, 5 * 5.5e-4),
        (np.float32, Method.CENTRED, 2.0**-8, 5 * 9.6e-6),
        (np.float32, Method.COMPLEX_STEP, 1e-20, 1e-6),
    ],
)
def test_the_slope_of_the_textbook_function(dtype, method: Method, h: float, bound: float) -> None:
    function, x = complex_step_example(), np.array([1.5], dtype=dtype)
    (slope,) = numeric_gradient(function.value, x, ENTRY, method, h)
    assert abs(slope / 4.05342789389862 - 1) < bound
    assert abs(function.grad(np.array([1.5]))[0] / 4.05342789389862 - 1) < 1e-14


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_point_is_left_as_it_was(method: Method, dtype) -> None:
    x = np.array([0.1, -0.7], dtype=dtype)
    before = x.tobytes()
    slopes = numeric_gradient(SURFACES["rosenbrock"]().value, x, np.array([1, 0]), method, 1e-3)
    assert x.tobytes() == before and slopes.dtype == np.float64
    # h is large, and so is the forward difference's error h f'' / 2, with f'' of some hundreds.
    np.testing.assert_allclose(slopes, SURFACES["rosenbrock"]().grad(x.astype(float))[::-1], atol=0.5)


def test_single_precision_is_kept_throughout() -> None:
    seen = []

    def value(p):
        seen.append(p.dtype)
        return p @ p

    phi = follow_entry(value, np.ones(2, dtype=np.float32), 0)
    ahead = phi(1e-3)
    assert ahead.step.dtype == ahead.value.dtype == np.float32 and seen == [np.float32]
    # 1 + 1e-3 rounds to a multiple of 2^-23, and that is the step taken.
    assert ahead.step == np.float32(1 + 1e-3) - np.float32(1) != np.float32(1e-3)
    along = follow_direction(value, np.ones(2, dtype=np.float32), np.ones(2, dtype=np.float32))
    assert along(1e-3).value.dtype == np.float32


def test_the_step_that_was_taken_counts() -> None:
    """A linear function has no truncation error: what is left is that of the step, if it is not accounted for."""

    def value(p):
        return p[0]

    x, h = np.array([0.7]), 1e-10
    (taken,) = numeric_gradient(value, x, ENTRY, Method.CENTRED, h)
    nominal = (value(x + h) - value(x - h)) / (2 * h)
    assert taken == 1
    assert 1e-10 < abs(nominal - 1) < 1e-5


@pytest.mark.parametrize("method", [Method.FORWARD, Method.CENTRED])
def test_a_step_that_is_lost_in_rounding_gives_no_slope(method: Method) -> None:
    assert numeric_gradient(lambda p: p[0], np.array([1.0]), ENTRY, method, 1e-17) == [0.0]


def test_quotients_of_a_cubic_by_hand() -> None:
    def phi(s: float) -> LinePoint:
        return LinePoint(s, (1 + s) ** 3)

    assert forward_difference(phi, 1.0, phi(0.0)) == 7  # 3 + 3 h + h²
    assert centred_difference(phi, 1.0) == 4  # 3 + h²


def test_a_step_out_of_the_domain_is_not_finite_and_no_warning() -> None:
    assert not np.isfinite(numeric_gradient(lambda p: np.log(p[0]), np.array([1e-9]), ENTRY, Method.CENTRED, 1e-3)[0])
