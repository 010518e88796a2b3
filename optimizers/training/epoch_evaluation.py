"""The model of each epoch on the validation part and on a sample of the training part, in single precision."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.histograms import Histogram, count_values
from surfaces.base import Array
from surfaces.models.classification_losses import find_highest
from surfaces.models.data_split import DataSplit
from surfaces.models.network import Network

MAX_TRAINING_SAMPLES = 300  # of the training part, evenly over it: their standard errors are about those of validation
PROBE_SIZE = 64  # samples whose activations are counted in histograms
NUMBERS_AT_ONCE = 2**17  # of the widest layer: they stay in the processor's cache
SATURATED = 0.97  # |tanh| above it, as in Karpathy's nn-zero-to-hero; of a sigmoid h it is |2h - 1|
BOUNDED: dict[str, Callable[[Array], Array]] = {"tanh": np.abs, "sigmoid": lambda h: np.abs(2 * h - 1)}
CAN_DIE = {"relu"}

Room = list[Array]  # for the values of each hidden layer


class Evaluation(NamedTuple):
    """What the model says of n samples, without dropout: those of the training part first."""

    losses: NDArray[Any]  # (n,) without the penalty
    predictions: NDArray[np.int64]  # (n,) the class with the highest score, the first if there are several
    sureness: NDArray[Any]  # (n,) its softmax probability
    saturated: NDArray[np.float32]  # (hidden layers,) the fraction of activations; 0 where units do not saturate
    dead: NDArray[np.int32]  # (hidden layers,) ReLUs that are 0 for all samples, so that no gradient reaches them
    activations: tuple[Histogram, ...]  # of each hidden layer, for about `PROBE_SIZE` samples


class Evaluator:
    """The samples on which every epoch of a training is evaluated, and room for the computation."""

    def __init__(self, split: DataSplit) -> None:
        n = len(split.training.classes)
        rows = np.linspace(0, n - 1, min(n, MAX_TRAINING_SAMPLES)).astype(np.int64)
        training = split.training.subset(rows)
        self.training_count = len(rows)
        self.inputs = np.concatenate((training.inputs, split.validation.inputs))
        self.single = add_ones(self.inputs, np.float32)
        self.classes = np.concatenate((training.classes, split.validation.classes))
        self._room: tuple[Any, Room] = None, []

    def evaluate(self, network: Network, p: Array) -> Evaluation:
        """In single precision, or in double where scores are beyond that."""
        with np.errstate(all="ignore"):
            single: Any = p.astype(np.float32)
            found = self._evaluate(network, single, self.single)
            if np.isfinite(found.losses).all():
                return found
            return self._evaluate(network, p, add_ones(self.inputs, np.float64))

    def _evaluate(self, network: Network, p: Array, inputs: Array) -> Evaluation:
        n, hidden = len(self.classes), network.layer_sizes[1:-1]
        losses, sureness = np.empty((2, n), dtype=p.dtype)
        predictions = np.empty(n, dtype=np.int64)
        saturated, largest = np.zeros(len(hidden)), [np.full(width, -np.inf, dtype=p.dtype) for width in hidden]
        step = min(n, max(1, NUMBERS_AT_ONCE // max(network.layer_sizes)))
        room = self._make_room(step, network.layer_sizes[1:], p.dtype)
        activations: tuple[Histogram, ...] = ()
        for start in range(0, n, step):
            rows = slice(start, start + step)
            layers = compute_layers(network, p, inputs[rows], room)
            scores = layers[-1]
            for k, h in enumerate(layers[:-1]):
                if size := BOUNDED.get(network.activation):
                    saturated[k] += np.count_nonzero(size(h) > SATURATED)
                elif network.activation in CAN_DIE:
                    np.maximum(largest[k], h.max(axis=0), out=largest[k])
            if not activations:
                probe = slice(0, None, max(1, len(scores) // PROBE_SIZE))
                activations = tuple(count_values(h[probe]) for h in layers[:-1])
            losses[rows] = network.sample_loss.value(scores, self.classes[rows])
            predictions[rows] = scores.argmax(axis=-1)
            sureness[rows] = 1 / np.exp(scores - find_highest(scores)).sum(axis=-1)
        dead = [np.count_nonzero(top <= 0) if network.activation in CAN_DIE else 0 for top in largest]
        fractions = saturated / (np.array(hidden) * n)
        return Evaluation(
            losses, predictions, sureness, fractions.astype(np.float32), np.array(dead, dtype=np.int32), activations
        )  # fmt: skip

    def _make_room(self, rows: int, widths: tuple[int, ...], dtype: np.dtype[Any]) -> Room:
        """Arrays for all layers, made once: it would take as long to get new ones as to fill them."""
        key = rows, widths, dtype
        if self._room[0] != key:
            self._room = key, [np.empty((rows, width), dtype=dtype) for width in widths]
        return self._room[1]


def add_ones(inputs: Array, dtype: type[np.floating[Any]]) -> Any:
    """The samples with a column of ones for the first bias, which follows W1 in a point."""
    extended = np.ones((len(inputs), inputs.shape[1] + 1), dtype=dtype)
    extended[:, :-1] = inputs
    return extended


def compute_layers(network: Network, p: Array, inputs: Array, room: Room) -> list[Array]:
    """The outputs of all layers, the scores last, for inputs with a column of ones; they are written into `room`."""
    weights, n = network.layout.unpack(p), len(inputs)
    layers = []
    h = inputs
    for k in range(1, network.depth + 1):
        W, b = weights[f"W{k}"], weights[f"b{k}"]
        if k == 1:
            joined = p[: W.size + b.size].reshape(-1, b.size)
            z = np.matmul(h, joined, out=room[0][:n])
        else:
            z = np.matmul(h, W, out=room[k - 1][:n])
            z += b
        h = network.phi.value(z, out=z) if k < network.depth else z
        layers.append(h)
    return layers
