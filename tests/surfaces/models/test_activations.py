"""Activation functions: their derivatives, their kinks, and that they keep the precision."""

import numpy as np
import pytest

from surfaces.models.activations import ACTIVATIONS, keep_zeros

Z = np.array((-30.0, -3.0, -1.1, -0.2, -1e-9, 1e-9, 0.3, 0.9, 2.5, 40.0))
STEP = 1e-30  # of the complex step, whose error is of the order of its square
EVERY = pytest.mark.parametrize("name", ACTIVATIONS)


@EVERY
def test_derivatives_are_those_of_the_function(name: str) -> None:
    """By complex steps, which are exact but for rounding; kinked functions take the piece of the real part there."""
    phi = ACTIVATIONS[name]
    z = Z + 1j * STEP
    np.testing.assert_allclose(phi.slope(Z, phi.value(Z)), phi.value(z).imag / STEP, rtol=1e-13, atol=1e-15)
    if phi.is_analytic:
        slope = phi.slope(z, phi.value(z))
        np.testing.assert_allclose(phi.bend(Z, phi.value(Z)), slope.imag / STEP, rtol=1e-13, atol=1e-15)
    else:
        np.testing.assert_array_equal(phi.bend(Z, phi.value(Z)), 0)


@EVERY
def test_the_slope_jumps_at_the_kinks_and_nowhere_else(name: str) -> None:
    phi = ACTIVATIONS[name]
    z = np.linspace(-4, 4, 8001)
    slope = phi.slope(z, phi.value(z))
    jumps = z[:-1][np.abs(np.diff(slope)) > 0.01]  # between neighbours that are 0.001 apart
    np.testing.assert_allclose(jumps, phi.kinks, atol=2e-3)
    assert phi.is_analytic == (name in {"tanh", "sigmoid"})


@pytest.mark.parametrize("name, slope", [("relu", 0.0), ("leaky_relu", 0.01)])
def test_at_a_kink_the_slope_is_the_left_one(name: str, slope: float) -> None:
    phi = ACTIVATIONS[name]
    assert phi.slope(np.zeros(1), phi.value(np.zeros(1))) == slope


@EVERY
def test_single_precision_stays_single(name: str) -> None:
    phi, z = ACTIVATIONS[name], Z.astype(np.float32)
    h = phi.value(z)
    assert {h.dtype, phi.slope(z, h).dtype, phi.bend(z, h).dtype} == {np.dtype(np.float32)}


def test_known_values() -> None:
    values = {name: phi.value(np.array((-2.0, 3.0))) for name, phi in ACTIVATIONS.items()}
    np.testing.assert_allclose(values["tanh"], np.tanh((-2, 3)), rtol=1e-15)
    np.testing.assert_array_equal(values["relu"], (0, 3))
    np.testing.assert_array_equal(values["leaky_relu"], (-0.02, 3))
    np.testing.assert_allclose(values["sigmoid"], 1 / (1 + np.exp((2.0, -3.0))), rtol=1e-14)


@EVERY
def test_a_value_may_be_written_into_its_own_argument(name: str) -> None:
    phi, z = ACTIVATIONS[name], Z.copy()
    expected = phi.value(Z)
    assert phi.value(z, out=z) is z
    np.testing.assert_allclose(z, expected, rtol=1e-15)


def test_zeros_that_are_kept_cannot_be_written_to() -> None:
    """Another network would compute with them."""
    with pytest.raises(ValueError, match="read-only"):
        keep_zeros((3, 4), np.dtype(np.float32))[0] = 1
