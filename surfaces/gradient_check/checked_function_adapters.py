"""Networks as functions whose gradient can be checked."""

from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.models.network_loss import NetworkLoss


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
