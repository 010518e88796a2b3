"""Surfaces and networks as functions whose gradient can be checked."""

from surfaces.base import Objective
from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.models.network_loss import NetworkLoss


def from_surface(surface: Objective, has_kinks: bool = False, is_analytic: bool = False) -> CheckedFunction:
    """A surface of two variables, or a loss over data."""
    return CheckedFunction(surface.value, surface.grad, has_kinks=has_kinks, is_analytic=is_analytic, takes_lanes=True)


def from_network_loss(loss: NetworkLoss) -> CheckedFunction:
    """The loss of a network over some samples, with dropout masks if it has any: they stay the same.

    That of a `Classifier` is its `full_loss`, or `step_loss(t)` for the minibatch and the masks of a step.
    """
    network = loss.network
    return CheckedFunction(
        loss.value,
        loss.grad,
        layout=network.layout,
        has_kinks=not network.is_analytic,
        is_analytic=network.is_analytic,
        depth=network.depth,
        count_kink_crossings=lambda p, q: loss.count_kink_crossings(p, q).total,
        find_crossed_units=loss.find_crossed_units,
        takes_lanes=True,
    )
