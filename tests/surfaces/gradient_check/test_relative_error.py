"""The relative error reads as in the notes."""

import math

import numpy as np
import pytest

from surfaces.gradient_check.relative_error import relative_error, relative_error_of_norms


@pytest.mark.parametrize(
    "a, n, error",
    [
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 0.0),
        (1.0, 0.0, 1.0),
        (0.0, -2.0, 1.0),
        (1.0, -1.0, 2.0),  # a wrong sign is the worst that can be
        (1.0, 1.0001, 1e-4 / 1.0001),
        (1e-5, 2e-5, 0.5),  # an absolute error of 1e-5 is half of a gradient of 2e-5
        (1e-300, -1e-300, 2.0),
        (-3.0, -4.0, 0.25),
    ],
)
def test_relative_error(a: float, n: float, error: float) -> None:
    np.testing.assert_allclose(relative_error(a, n), error, rtol=1e-10)
    assert relative_error(a, n) == relative_error(n, a)


def test_relative_error_goes_component_by_component() -> None:
    np.testing.assert_allclose(relative_error(np.array((0.0, 2.0)), np.array((0.0, 1.0))), (0.0, 0.5))
    assert math.isnan(relative_error(math.nan, 1.0))


def test_a_wrong_small_block_hides_behind_a_large_one() -> None:
    a, n = np.array((1000.0, 1.0)), np.array((1000.0, 2.0))
    assert relative_error(a, n).max() == 0.5
    assert relative_error_of_norms(a, n) < 1.1e-3
    assert relative_error_of_norms(np.zeros(3), np.zeros((2, 3))).tolist() == [0, 0]
