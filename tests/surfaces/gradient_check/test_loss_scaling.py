"""Values near 1e-10 are flagged, and a scaled loss brings them back."""

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.gradient_check.loss_scaling import is_tiny, scale_loss, suggest_loss_scale


def test_tiny_values() -> None:
    a, n = np.array([1e-11, 0, 0, 1e-11, -1e-12, 1.0]), np.array([2e-11, 0, 1e-12, 1e-3, 0, 1.0])
    assert is_tiny(a, n).tolist() == [True, False, True, False, True, False]


@pytest.mark.parametrize("size", [3e-12, 1.0, 0.999, 4.2e7])
def test_a_scaled_gradient_is_of_the_size_of_one(size: float) -> None:
    function = CheckedFunction(lambda p: size * p.sum(), lambda p: np.full_like(p, size))
    x = np.zeros(3)
    factor = suggest_loss_scale(function.grad(x))
    scaled = scale_loss(function, factor)
    assert (np.abs(scaled.grad(x)) >= 0.99).all() and (scaled.grad(x) < 10.01).all()
    assert scaled.value(np.ones(3)) == pytest.approx(3 * scaled.grad(x)[0])
    assert suggest_loss_scale(np.zeros(3)) == 1
