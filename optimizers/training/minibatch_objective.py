"""What one step of a training sees: the loss of its minibatch, which keeps what was computed at the step's start."""

from surfaces.base import Array
from surfaces.models.classification_losses import Classes
from surfaces.models.network import LossAndGradient, Network
from surfaces.models.network_loss import NetworkLoss


class MinibatchObjective:
    """f over the samples of a step, as an `Objective`.

    An optimizer that asks for the gradient at the step's first point has its loss computed on the way: `start_loss`
    gives it without another pass.
    """

    __slots__ = ("X", "_found", "_network", "_start", "_whole", "last", "masks", "y")

    def __init__(self, network: Network, X: Array, y: Classes, masks: tuple[Array, ...], start: Array) -> None:
        self._network, self.X, self.y, self.masks, self._start = network, X, y, masks, start
        self._found: LossAndGradient | None = None  # at the start
        self._whole: NetworkLoss | None = None
        self.last: Array | None = None  # the gradient that was computed last

    @property
    def loss(self) -> NetworkLoss:
        """The same with everything that a `NetworkLoss` can do."""
        if self._whole is None:
            self._whole = NetworkLoss(self._network, self.X, self.y, self.masks)
        return self._whole

    def value(self, p: Array) -> Array:
        return self.loss.value(p)

    def grad(self, p: Array) -> Array:
        if p.ndim > 1:
            return self.loss.grad(p)
        found = self._network.evaluate(p, self.X, self.y, self.masks)
        if self._found is None and p is self._start:
            self._found = found
        self.last = found.gradient
        return found.gradient

    def hess(self, p: Array) -> Array:
        return self.loss.hess(p)

    def start_loss(self) -> tuple[float, float]:
        """Data loss and regularization at the first point of the step."""
        found = self._found
        if found is None:  # the optimizer took the gradient elsewhere, or not at all
            penalty = self.loss.regularization(self._start) if self._network.l2 else 0.0
            return float(self.loss.data_loss(self._start)), float(penalty)
        return float(found.data_loss), float(found.regularization)
