"""Values near 1e-10 are flagged, and a scaled loss brings them back."""

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.gradient_check.loss_scaling import is_tiny, scale_loss


def test_tiny_values() -> None:
    a, n = np.array([1e-11, 0, 0, 1e-11, -1e-12, 1.0]), np.array([2e-11, 0, 1e-12, 1e-3, 0, 1.0])
    assert is_tiny(a, n).tolist() == [True, False, True, False, True, False]


def test_a_scaled_loss_has_the_scaled_gradient() -> None:
    function = CheckedFunction(lambda p: 3e-12 * p.sum(), lambda p: np.full_like(p, 3e-12))
    scaled = scale_loss(function, 1e12)
    np.testing.assert_allclose(scaled.grad(np.zeros(3)), 3.0)
    assert scaled.value(np.ones(3)) == pytest.approx(9.0)
