"""The loss on a plane of weights: the model's own loss there, with derivatives against finite differences."""

import numpy as np
import pytest

from surfaces.base import Box
from surfaces.models import loss_slice
from surfaces.models.classification_data import spirals
from surfaces.models.loss_slice import slice_loss
from surfaces.models.network import Network
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.weight_initialization import initialize_weights
from surfaces.models.weight_plane import draw_random_plane
from tests.support.finite_differences import central_difference

DATA = spirals(60)
BOX = Box((-1, 1), (-1, 1))
RNG = np.random.default_rng(0)


def make_slice(loss: str = "softmax", activation: str = "tanh", l2: float = 0.1) -> tuple[loss_slice.Surface, object]:
    network = Network((2, 7, 5, 3), activation, loss, l2)
    plane = draw_random_plane(network.layout, initialize_weights(network.layout, "he", 1), 2)
    return slice_loss(NetworkLoss(network, DATA.inputs, DATA.classes), plane, BOX, (0.5, 0.5)), plane


@pytest.mark.parametrize("loss", ["softmax", "svm"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_the_value_is_the_loss_of_the_model_at_these_weights(loss: str, activation: str) -> None:
    surface, plane = make_slice(loss, activation)
    network = Network((2, 7, 5, 3), activation, loss, 0.1)
    for p in RNG.uniform(-1, 1, (5, 2)):
        weights = plane.origin + p[0] * plane.u + p[1] * plane.v
        assert float(surface.value(p)) == pytest.approx(
            float(network.value(weights, DATA.inputs, DATA.classes)), rel=1e-12
        )


@pytest.mark.parametrize("loss, activation", [("softmax", "tanh"), ("softmax", "sigmoid")])
def test_gradient_and_hessian_are_those_of_finite_differences(loss: str, activation: str) -> None:
    surface, _ = make_slice(loss, activation)
    p = RNG.uniform(-1, 1, (2, 6))
    np.testing.assert_allclose(surface.grad(p), central_difference(surface.value, p), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(surface.hess(p), central_difference(surface.grad, p), rtol=1e-6, atol=1e-8)


def test_with_kinks_the_gradient_is_that_of_finite_differences_where_none_is_crossed() -> None:
    surface, plane = make_slice("svm", "relu")
    network = NetworkLoss(Network((2, 7, 5, 3), "relu", "svm", 0.1), DATA.inputs, DATA.classes)
    h, checked = 1e-7, 0
    for p in RNG.uniform(-1, 1, (12, 2)):
        corners = [plane.find_weights(p + h * np.array(step)) for step in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
        if any(network.count_kink_crossings(corners[0], corner).total for corner in corners[1:]):
            continue
        np.testing.assert_allclose(surface.grad(p), central_difference(surface.value, p, h), rtol=1e-4, atol=1e-7)
        checked += 1
    assert checked >= 5


def test_many_points_at_once_are_the_same_as_each_alone() -> None:
    surface, _ = make_slice()
    p = RNG.uniform(-1, 1, (2, 40, 41))  # more than are computed at once
    for function in (surface.value, surface.grad, surface.hess):
        together = function(p)
        for row, column in ((0, 0), (17, 30), (39, 40)):
            np.testing.assert_allclose(together[..., row, column], function(p[:, row, column]), rtol=1e-10, atol=1e-12)


def test_the_surface_is_at_every_step_itself() -> None:
    surface, _ = make_slice()
    assert surface.at(3) is surface and surface.minima == ()
