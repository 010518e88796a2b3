"""Forward and backward pass at one point, for batch after batch: in arrays that are made once.

The formulas are those of `Network`, which also has lanes, complex numbers and bugs. Here the inputs have a column of
ones, so that the first bias, which follows W_1 in a point, is one more row of it:

    Z_1 = [X 1] [W_1; b_1]
"""

from typing import Any, NamedTuple

import numpy as np

from surfaces.base import Array
from surfaces.models.classification_losses import MANY_SCORES, Classes
from surfaces.models.network import Network
from surfaces.models.seeded_bugs import FaultyNetwork, Masks

KEPT_ROOMS = 3  # numbers of samples for which arrays are kept
ONE_THREAD = 2**18  # multiplications of a product of matrices, up to which OpenBLAS takes one thread for it
LEAST_ROWS = 32  # of a part, however wide the layer is
NUMBERS_AT_ONCE = 2**17  # of the widest layer: they stay in the processor's cache


def count_rows_at_once(network: Network) -> int:
    """How many samples, at least 1, a forward pass over many takes at a time: the widest layer stays in the cache."""
    return max(1, NUMBERS_AT_ONCE // max(network.layer_sizes))


class NetworkPass:
    """`point` and `gradient` are (d,), the same two arrays all the time: their numbers may change between passes."""

    def __init__(self, network: Network, point: Array, gradient: Array) -> None:
        self.network, self.point, self.gradient = network, point, gradient
        self._W, self._b, self._joined = split_layers(network, point)
        self._dW, self._db, self._joined_slopes = split_layers(network, gradient)
        self._phi, self._sample_loss = network.phi, network.sample_loss
        self._rooms: dict[int, Room] = {}
        self._room = Room([], [], [])  # of the last samples

    def __reduce__(self) -> tuple[Any, ...]:
        """A stored one begins with new arrays: an optimizer's state may know what it was evaluated by."""
        return start_pass, (self.network,)

    def compute_layers(self, X: Array, masks: Masks = ()) -> tuple[list[Array], list[Array]]:
        r"""The outputs of all layers for inputs [X 1], the scores last; and the input of each layer.

        $$ A_k = \varphi(H_{k-1} W_k + b_k), \qquad H_k = A_k \odot M_k $$

        All of them are overwritten by the next pass.
        """
        room, H = self._find_room(len(X)), [X]
        self._room = room
        last = len(room.Z) - 1
        for k, Z in enumerate(room.Z):
            self.network.before_layer()
            multiply_in_parts(H[k], self._joined[k], Z)
            if k:
                np.add(Z, self._b[k], out=Z)
            if k < last:
                A = self._phi.value(Z, out=Z)
                H.append(np.multiply(A, masks[k], out=room.H[k]) if masks else A)
        return room.Z, H

    def evaluate(self, X: Array, y: Classes, masks: Masks = ()) -> tuple[float, float]:
        r"""Data loss and regularization for inputs [X 1]; the gradient is written into `gradient`.

        $$ dW_k = H_{k-1}^T dZ_k + \lambda W_k, \quad db_k = \sum_i dZ_{k,i}, \quad
        dZ_{k-1} = dZ_k W_k^T \odot M_{k-1} \odot \varphi'(Z_{k-1}) $$

        The slopes of all activation functions can be told from the activations, which stand in the place of Z.
        """
        (*A, S), H = self.compute_layers(X, masks)
        losses, dZ = self._sample_loss.value_and_slope(S, y)
        dZ /= len(y)
        for k in range(len(A), -1, -1):
            self.network.before_layer()
            np.matmul(H[k].T, dZ, out=self._joined_slopes[k])
            if k:
                np.add.reduce(dZ, axis=0, out=self._db[k])
                dZ = np.matmul(dZ, self._W[k].T, out=self._room.dZ[k - 1])
                if masks:
                    dZ *= masks[k - 1]
                dZ *= self._phi.slope(A[k - 1], A[k - 1])
        return float(np.add.reduce(losses)) / len(y), self._add_penalty() if self.network.l2 else 0.0

    def _add_penalty(self) -> float:
        """λ/2 Σ_k ‖W_k‖², whose gradient is added."""
        for W, dW in zip(self._W, self._dW, strict=True):
            np.add(dW, self.network.l2 * W, out=dW)
        return self.network.l2 / 2 * sum(float(np.vdot(W, W)) for W in self._W)

    def _find_room(self, n: int) -> "Room":
        """Arrays for n samples: those of a batch, and of the last one of an epoch, are kept."""
        if n not in self._rooms:
            if len(self._rooms) == KEPT_ROOMS:
                self._rooms.clear()
            self._rooms[n] = make_room(self.network, n, self.point.dtype)
        return self._rooms[n]


class Room(NamedTuple):
    """Arrays (n, width) for the layers of n samples."""

    Z: list[Array]  # of all layers
    dZ: list[Array]  # of the hidden ones
    H: list[Array]  # of the hidden ones, where there is dropout


def make_room(network: Network, n: int, dtype: np.dtype[Any]) -> Room:
    *hidden, last = network.layer_sizes[1:]
    Z, dZ, H = ([np.empty((n, width), dtype) for width in hidden] for _ in range(3))
    is_turned = n * last >= MANY_SCORES  # see `find_highest`
    Z.append(np.empty((last, n), dtype).T if is_turned else np.empty((n, last), dtype))
    return Room(Z, dZ, H)


class FaultyPass(NetworkPass):
    """The same with the bug of a `FaultyNetwork`."""

    def evaluate(self, X: Array, y: Classes, masks: Masks = ()) -> tuple[float, float]:
        losses = super().evaluate(X, y, masks)
        self.gradient[:] = self.network.evaluate(self.point, X[:, :-1], y, masks).gradient
        return losses


def start_pass(network: Network, point: Array | None = None, gradient: Array | None = None) -> NetworkPass:
    """A pass that has the network's bug, if there is one; with arrays of its own where none are given."""
    point = np.empty(network.layout.size) if point is None else point
    gradient = np.empty_like(point) if gradient is None else gradient
    return (FaultyPass if isinstance(network, FaultyNetwork) else NetworkPass)(network, point, gradient)


def multiply_in_parts(H: Array, W: Array, out: Array) -> None:
    """H W, some rows at a time: in products so short that several threads, which wait busily for one another, are not
    asked to share them."""
    rows = max(LEAST_ROWS, ONE_THREAD // W.size)
    if len(H) <= rows:
        np.matmul(H, W, out=out)
        return
    for k in range(0, len(H), rows):
        part = slice(k, k + rows)
        np.matmul(H[part], W, out=out[part])


def split_layers(network: Network, p: Array) -> tuple[list[Array], list[Array], list[Array]]:
    """Views of the weights W_k, the biases b_k, and of what a layer's input is multiplied by: [W_1; b_1], W_2, ..."""
    blocks, depth = network.layout.unpack(p), network.depth
    W, b = ([blocks[f"{letter}{k}"] for k in range(1, depth + 1)] for letter in "Wb")
    first = p[: W[0].size + b[0].size].reshape(-1, b[0].size)
    return W, b, [first, *W[1:]]


def add_ones(inputs: Array, dtype: type[np.floating] = np.float64) -> Array:
    """The inputs with a column of ones for the first bias."""
    extended = np.ones((len(inputs), inputs.shape[1] + 1), dtype=dtype)
    extended[:, :-1] = inputs
    return extended
