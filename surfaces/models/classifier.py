"""A network and the samples that it is trained on, as a problem to minimise."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array, Objective
from surfaces.datasets.minibatches import Minibatches
from surfaces.models.classification_data import ClassificationData
from surfaces.models.classification_losses import Classes
from surfaces.models.network import Network
from surfaces.models.network_loss import KinkCrossings, NetworkLoss
from surfaces.models.parameter_blocks import ParameterLayout


@dataclass(frozen=True, eq=False)
class Classifier:
    """The loss over all samples, without dropout; step t sees one minibatch of them, with dropout.

    Points are (d, *lanes), the blocks of `layout` one after the other. They may be float32, and complex for `value` if
    the network `is_analytic`.
    """

    network: Network
    data: ClassificationData  # for training
    batch_size: int  # 0 means all samples
    seed: int  # of the minibatches and the dropout masks
    start: Array  # (d,)
    full_loss: NetworkLoss = field(init=False, repr=False)  # over all samples
    batches: Minibatches = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "full_loss", NetworkLoss(self.network, self.data.inputs, self.data.classes))
        object.__setattr__(self, "batches", Minibatches(self.sample_count, self.batch_size, self.seed))
        object.__setattr__(self, "batch_size", self.batches.batch_size)

    @property
    def sample_count(self) -> int:
        return len(self.data.classes)

    @property
    def layout(self) -> ParameterLayout:
        return self.network.layout

    def value(self, p: Array) -> Array:
        return self.full_loss.value(p)

    def grad(self, p: Array) -> Array:
        return self.full_loss.grad(p)

    def hess(self, p: Array) -> Array:
        return self.full_loss.hess(p)

    def loss_and_gradient(self, p: Array) -> tuple[Array, Array]:
        return self.full_loss.loss_and_gradient(p)

    def at(self, t: int) -> Objective:
        """The objective of step t = 1, 2, ...: a `NetworkLoss`, or this object where it is the same for every t."""
        if self.batch_size == self.sample_count and not self.network.dropout:
            return self
        return self.step_loss(t)

    def step_loss(self, t: int) -> NetworkLoss:
        """The loss over the minibatch of step t, with its dropout masks."""
        whole = self.batch_size == self.sample_count
        samples = self.data if whole else self.data.subset(self.batches.find_rows(t))
        masks = self.network.draw_masks(len(samples.classes), self.seed, t)
        return NetworkLoss(self.network, samples.inputs, samples.classes, masks)

    def data_loss(self, p: Array) -> Array:
        return self.full_loss.data_loss(p)

    def regularization(self, p: Array) -> Array:
        return self.full_loss.regularization(p)

    def preactivations(self, p: Array) -> list[Array]:
        return self.full_loss.preactivations(p)

    def count_kink_crossings(self, p: Array, q: Array) -> KinkCrossings:
        return self.full_loss.count_kink_crossings(p, q)

    def predict_scores(self, p: Array, inputs: Array) -> Array:
        """The scores of all classes for samples (n, m): (*lanes, n, C)."""
        return self.network.forward(p, inputs.astype(np.result_type(p.dtype, np.float32), copy=False)).scores

    def accuracy(self, p: Array, inputs: Array, classes: Classes) -> Array:
        """The fraction of samples whose own class has the highest score: (*lanes)."""
        return (self.predict_scores(p, inputs).argmax(axis=-1) == classes).mean(axis=-1)

    def subset(self, rows: NDArray[np.int64]) -> "Classifier":
        """The same network and start, on some of the samples."""
        return replace(self, data=self.data.subset(rows))
