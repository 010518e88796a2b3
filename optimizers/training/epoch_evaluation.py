"""The model of each epoch on the validation part and on a sample of the training part, in single precision."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.training.histograms import Histogram, count_values
from surfaces.base import Array
from surfaces.models.classification_losses import cross_entropy, cross_entropy_of_shifted, shift_scores
from surfaces.models.data_split_and_standardization import DataSplit
from surfaces.models.network import Network
from surfaces.models.network_training_pass import NetworkPass, add_ones, count_rows_at_once, start_pass

MAX_TRAINING_SAMPLES = 300  # of the training part, evenly over it: their standard errors are about those of validation
PROBE_SIZE = 64  # samples whose activations are counted in histograms
SATURATED = 0.97  # |tanh| above it, as in Karpathy's nn-zero-to-hero; of a sigmoid h it is |2h - 1|
BOUNDED: dict[str, Callable[[Array], Array]] = {"tanh": np.abs, "sigmoid": lambda h: np.abs(2 * h - 1)}
CAN_DIE = {"relu"}


class EpochEvaluation(NamedTuple):
    """The model's scores for n samples, without dropout: those of the training part first."""

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
        self._pass: NetworkPass | None = None  # of the network that was evaluated last

    def evaluate(self, network: Network, p: Array) -> EpochEvaluation:
        """In single precision, or in double where scores are beyond that."""
        with np.errstate(all="ignore"):
            if self._pass is None or self._pass.network is not network:
                self._pass = start_pass(network, p.astype(np.float32))
            self._pass.point[:] = p
            found = self._evaluate(self._pass, self.single)
            if np.isfinite(found.losses).all():
                return found
            return self._evaluate(start_pass(network, p), add_ones(self.inputs, np.float64))

    def _evaluate(self, network_pass: NetworkPass, inputs: Array) -> EpochEvaluation:
        network, dtype = network_pass.network, network_pass.point.dtype
        n, hidden = len(self.classes), network.layer_sizes[1:-1]
        losses, sureness = np.empty((2, n), dtype=dtype)
        predictions = np.empty(n, dtype=np.int64)
        saturated, sums = np.zeros(len(hidden)), [np.zeros(width, dtype=dtype) for width in hidden]
        step = min(n, count_rows_at_once(network))
        activations: tuple[Histogram, ...] = ()
        for start in range(0, n, step):
            rows = slice(start, start + step)
            layers, _ = network_pass.compute_layers(inputs[rows])
            scores = layers[-1]
            for k, h in enumerate(layers[:-1]):
                if size := BOUNDED.get(network.activation):
                    saturated[k] += np.count_nonzero(size(h) > SATURATED)
                elif network.activation in CAN_DIE:
                    sums[k] += np.ones(len(h), dtype=dtype) @ h  # of numbers that are not below 0: 0 if all of them are
            if not activations:
                probe = slice(0, None, max(1, len(scores) // PROBE_SIZE))
                activations = tuple(count_values(h[probe]) for h in layers[:-1])
            shifted, y = shift_scores(scores), self.classes[rows]
            if network.sample_loss.value is cross_entropy:
                losses[rows] = cross_entropy_of_shifted(shifted, y)
            else:
                losses[rows] = network.sample_loss.value(scores, y)
            predictions[rows] = scores.argmax(axis=-1)
            np.divide(1, shifted.total, out=sureness[rows])
        dead = [np.count_nonzero(total == 0) if network.activation in CAN_DIE else 0 for total in sums]
        fractions = saturated / (np.array(hidden) * n)
        return EpochEvaluation(
            losses, predictions, sureness, fractions.astype(np.float32), np.array(dead, dtype=np.int32), activations
        )  # fmt: skip
