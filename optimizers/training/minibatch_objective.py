"""The objective of one step of a training: the loss of its minibatch, which keeps the values at the step's start."""

from surfaces.base import Array
from surfaces.models.classification_losses import Classes
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.network_training_pass import NetworkPass
from surfaces.models.seeded_bugs import Masks


class MinibatchObjective:
    """f over the samples of a step, as an `Objective`. X (n, m + 1) has a column of ones.

    An optimizer that asks for the gradient at the step's first point has its loss computed on the way: `start_loss`
    gives it without another pass.
    """

    __slots__ = ("X", "_found", "_pass", "_start", "_whole", "last", "masks", "y")

    def __init__(self, network_pass: NetworkPass, X: Array, y: Classes, masks: Masks, start: Array) -> None:
        self._pass, self.X, self.y, self.masks, self._start = network_pass, X, y, masks, start
        self._found: tuple[float, float] | None = None  # the losses at the start
        self._whole: NetworkLoss | None = None
        self.last: Array | None = None  # the gradient that was computed last

    @property
    def loss(self) -> NetworkLoss:
        """The same with everything that a `NetworkLoss` can do."""
        if self._whole is None:
            self._whole = NetworkLoss(self._pass.network, self.X[:, :-1], self.y, tuple(self.masks))
        return self._whole

    def value(self, p: Array) -> Array:
        return self.loss.value(p)

    def grad(self, p: Array) -> Array:
        if p.ndim > 1:
            return self.loss.grad(p)
        self._pass.point[:] = p
        found = self._pass.evaluate(self.X, self.y, self.masks)
        if self._found is None and p is self._start:
            self._found = found
        self.last = self._pass.gradient.copy()  # optimizers may keep it
        return self.last

    def hess(self, p: Array) -> Array:
        return self.loss.hess(p)

    def start_loss(self) -> tuple[float, float]:
        """Data loss and regularization at the first point of the step."""
        if self._found is None:  # the optimizer took the gradient elsewhere, or not at all
            penalty = self.loss.regularization(self._start) if self._pass.network.l2 else 0.0
            return float(self.loss.data_loss(self._start)), float(penalty)
        return self._found
