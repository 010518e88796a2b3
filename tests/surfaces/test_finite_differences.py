"""Differences have the orders they promise."""

import numpy as np
import pytest

from surfaces.base import Array
from surfaces.catalogue import SURFACES
from surfaces.gradient_check.relative_error import relative_error
from tests.support.finite_differences import central_difference, forward_difference


def wavy(p: Array) -> Array:
    x, y = p
    return np.exp(0.7 * x) * np.sin(1.3 * y)


def slopes(p: Array) -> Array:
    x, y = p
    return np.array((0.7 * np.exp(0.7 * x) * np.sin(1.3 * y), 1.3 * np.exp(0.7 * x) * np.cos(1.3 * y)))


def worst(difference, h: float) -> float:
    p = np.random.default_rng(0).uniform(-1, 1, (2, 50))
    return float(np.abs(difference(wavy, p, h) - slopes(p)).max())


@pytest.mark.parametrize("difference, order", [(forward_difference, 1), (central_difference, 2)])
def test_error_falls_with_the_promised_order(difference, order: int) -> None:
    """Slope of log error against log h from 1e-1 to 1e-3, where truncation is far above round-off (1e-13)."""
    h = np.logspace(-1, -3, 9)
    slope = np.polyfit(np.log(h), np.log([worst(difference, h_i) for h_i in h]), 1)[0]
    assert abs(slope - order) < 0.05


@pytest.mark.parametrize("difference, best", [(forward_difference, 1e-8), (central_difference, 1e-5)])
def test_too_small_a_step_drowns_in_round_off(difference, best: float) -> None:
    """At h = 1e-12 (as a peer ships it) some four digits are left; the default steps keep seven and ten."""
    assert worst(difference, 1e-12) > 1e-5
    assert worst(difference, best) < 1e-7
    assert worst(difference, best) < 1e-3 * worst(difference, 1e-12)


def test_centred_beats_forward_at_the_same_step() -> None:
    assert worst(central_difference, 1e-4) < 1e-3 * worst(forward_difference, 1e-4)


@pytest.mark.parametrize("difference, exact", [(forward_difference, 1e-6), (central_difference, 1e-9)])
def test_gradients_difference_to_the_hessian(difference, exact: float) -> None:
    """The surface is a cubic, whose second derivatives have no truncation error in centred differences."""
    surface = SURFACES["monkey_saddle"]()
    p = np.random.default_rng(1).uniform(-1, 1, (2, 3, 4))
    numeric = difference(surface.grad, p, 1e-7 if difference is forward_difference else 1e-4)
    assert numeric.shape == (2, 2, 3, 4)
    np.testing.assert_allclose(numeric, surface.hess(p), atol=exact)


@pytest.mark.parametrize("difference", [forward_difference, central_difference])
def test_every_coordinate_may_have_its_own_step(difference) -> None:
    """Where scales differ a million times, one step suits none of them."""
    surface = SURFACES["misra1a"]()
    p = np.array((250.0, 5e-4))
    own = difference(surface.value, p, p * 1e-6)
    assert own.shape == (2,)
    assert relative_error(own, surface.grad(p)).max() < 1e-4
    assert relative_error(difference(surface.value, p, 250e-6), surface.grad(p)).max() > 1e-2


@pytest.mark.parametrize("difference", [forward_difference, central_difference])
def test_many_coordinates_and_one(difference) -> None:
    def norm(p: Array) -> Array:
        return 0.5 * (p * p).sum(axis=0)

    for p in (np.arange(1.0, 6.0), np.ones((5, 3)), np.array((3.0,))):
        np.testing.assert_allclose(difference(norm, p), p, rtol=1e-6)


def test_a_kink_within_the_step_spoils_the_difference() -> None:
    """The notes' example: at x = -1e-6 a ReLU's slope is 0, but h = 1e-5 reaches over the kink."""
    surface = SURFACES["relu_valley"](l2=0.0)
    p = np.array((-1e-6, 2.0))
    assert surface.grad(p)[0] == 0
    assert abs(central_difference(surface.value, p, 1e-5)[0]) > 0.5
    assert central_difference(surface.value, p, 1e-7)[0] == 0
