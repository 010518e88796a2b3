"""The loss of a network over given samples, with given dropout masks: an objective that a step or a check evaluates."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array
from surfaces.lane_chunks import compute_in_chunks
from surfaces.models.classification_losses import Classes
from surfaces.models.hessian_vector_product import multiply_hessian
from surfaces.models.network import ForwardPass, Network
from surfaces.translatable import UserError

MAX_HESSIAN_SIZE = 1000  # coordinates: the matrix takes 8 MB
MAX_NUMBERS = 2**18  # of the points, or of the widest layer for all samples, in the lanes that are computed at once

Counts = NDArray[np.int64]


class KinkCrossings(NamedTuple):
    """How many units of how many samples, and how many margins, are on different pieces at two points."""

    by_layer: Counts  # (hidden layers, *lanes): pairs (unit, sample)
    margins: Counts  # (*lanes): pairs (sample, class) of the multiclass hinge

    @property
    def total(self) -> Counts:
        """The count over all layers and the margins: (*lanes)."""
        return self.by_layer.sum(axis=0) + self.margins


class CrossedUnit(NamedTuple):
    """A hidden unit, or a margin of the multiclass hinge, that is on different pieces at two points."""

    layer: int  # from 1; 0 for a margin
    unit: int  # or the class
    samples: int  # for so many
    sample_count: int  # of so many


@dataclass(frozen=True, eq=False)
class NetworkLoss:
    """f at points (d, *lanes), and its derivatives. `masks` are those of `Network.draw_masks`; () for no dropout.

    Many points are evaluated in half the time for each, if the numbers of a point lie side by side in memory, as in the
    transpose of (lanes, d).
    """

    network: Network
    inputs: Array  # (n, m)
    classes: Classes  # (n,)
    masks: tuple[Array, ...] = ()  # (n, width) of each hidden layer

    def value(self, p: Array) -> Array:
        """f: (d, *lanes) -> (*lanes)."""
        X, masks = self._samples(p)
        return self._in_chunks(lambda q: self.network.value(q, X, self.classes, masks), p)

    def grad(self, p: Array) -> Array:
        """∇f: (d, *lanes) -> (d, *lanes)."""
        X, masks = self._samples(p)
        return self._in_chunks(lambda q: self.network.loss_and_gradient(q, X, self.classes, masks)[1], p)

    def loss_and_gradient(self, p: Array) -> tuple[Array, Array]:
        """f and ∇f in one pass."""
        X, masks = self._samples(p)
        if p.ndim == 1:
            return self.network.loss_and_gradient(p, X, self.classes, masks)
        return self.value(p), self.grad(p)

    def hess(self, p: Array) -> Array:
        """The exact Hessian (d, d, *lanes), by its products with the unit vectors (see `multiply_hessian`).

        Raises `UserError` for more than `MAX_HESSIAN_SIZE` coordinates.
        """
        d = len(p)
        if d > MAX_HESSIAN_SIZE:
            raise UserError(
                "The Hessian of {count:,} coordinates would have {entries:,} entries. It is computed for at most "
                "{most:,} coordinates.", count=d, entries=d * d, most=MAX_HESSIAN_SIZE,
            )  # fmt: skip
        return self._in_chunks(self._hess, p)

    def _hess(self, p: Array) -> Array:
        d, lanes = p.shape[0], p.shape[1:]
        X, masks = self._samples(p)
        units = np.eye(d, dtype=p.dtype).reshape(d, *(1,) * len(lanes), d)  # the last lanes are directions
        most = self._most_lanes(p[0].size)
        products = [
            multiply_hessian(self.network, p[..., None], units[..., k : k + most], X, self.classes, masks)
            for k in range(0, d, most)
        ]
        return np.moveaxis(np.concatenate(products, axis=-1), -1, 1)

    def data_loss(self, p: Array) -> Array:
        """The mean loss of the samples, without the penalty: (*lanes)."""
        X, masks = self._samples(p)
        return self._in_chunks(lambda q: self.network.data_loss(self.network.forward(q, X, masks), self.classes), p)

    def regularization(self, p: Array) -> Array:
        """The penalty λ/2 Σ ‖W_k‖²: (*lanes)."""
        return self.network.regularization(self.network.layout.unpack(p))

    def preactivations(self, p: Array) -> list[Array]:
        """Z_1, ..., Z_L, the scores last: (*lanes, n, width) each."""
        return self._forward(p).Z[1:]

    def count_kink_crossings(self, p: Array, q: Array) -> KinkCrossings:
        """Count what is on another piece at q than at p; the lanes of the two may broadcast.

        A hidden unit of a sample counts where a kink lies between its pre-activations, a margin of the multiclass hinge
        where its sign differs. Analytic functions have no kinks.
        """
        if self.network.is_analytic:
            lanes = np.broadcast_shapes(p.shape, q.shape)[1:]
            return KinkCrossings(np.zeros((self.network.depth - 1, *lanes), np.int64), np.zeros(lanes, np.int64))
        counts = self._in_chunks(self._count_crossings, *np.broadcast_arrays(p, q))
        return KinkCrossings(counts[:-1], counts[-1])

    def find_crossed_units(self, p: Array, q: Array) -> list[CrossedUnit]:
        """The units and margins that are on another piece at q than at p, (d,) each; those of most samples first."""
        if self.network.is_analytic:
            return []
        samples: Counter[tuple[int, int]] = Counter()
        for layer, is_changed in self._list_crossings(p, q):
            for unit in np.flatnonzero(is_changed.any(axis=0)).tolist():
                samples[layer, unit] += int(is_changed[:, unit].sum())
        return [CrossedUnit(*at, count, len(self.inputs)) for at, count in samples.most_common()]

    def _count_crossings(self, p: Array, q: Array) -> Counts:
        """Between points (d, *lanes) each: (hidden layers + 1, *lanes), the margins last."""
        counts = np.zeros((self.network.depth, *p.shape[1:]), dtype=np.int64)
        for layer, is_changed in self._list_crossings(p, q):
            counts[layer - 1] += is_changed.sum(axis=(-2, -1))
        return counts

    def _list_crossings(self, p: Array, q: Array) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """For each kink of each layer from 1: whether it lies between p and q, (*lanes, n, width). Layer 0: margins."""
        before, after = self._forward(p), self._forward(q)
        find_pieces = self.network.sample_loss.find_pieces
        for k in range(1, self.network.depth):
            for kink in self.network.phi.kinks:
                yield k, (before.Z[k] > kink) != (after.Z[k] > kink)
        if find_pieces:
            yield 0, find_pieces(before.scores, self.classes) != find_pieces(after.scores, self.classes)

    def _forward(self, p: Array) -> ForwardPass:
        X, masks = self._samples(p)
        return self.network.forward(p, X, masks)

    def _samples(self, p: Array) -> tuple[Array, tuple[Array, ...]]:
        """Inputs and masks in the precision of p."""
        return self._single if p.dtype == np.float32 else (self.inputs, self.masks)

    @cached_property
    def _single(self) -> tuple[Array, tuple[Array, ...]]:
        inputs, *masks = (array.astype(np.float32) for array in (self.inputs, *self.masks))
        return inputs, tuple(masks)  # type: ignore[return-value, arg-type]

    def _in_chunks(self, function: Callable[..., NDArray[Any]], p: Array, *more: Array) -> NDArray[Any]:
        return function(p, *more) if p.ndim == 1 else compute_in_chunks(function, p, self._most_lanes(), *more)

    def _most_lanes(self, each: int = 1) -> int:
        """How many lanes are computed at once, if each takes the room of `each` points."""
        numbers = max(len(self.classes) * max(self.network.layer_sizes), self.network.layout.size)
        return max(1, MAX_NUMBERS // (numbers * each))
