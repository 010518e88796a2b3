"""Networks, points and samples whose losses and gradients are recorded from PyTorch; no numbers are drawn at random."""

from typing import NamedTuple

import numpy as np

from surfaces.models.activations import ACTIVATIONS
from surfaces.models.classification_losses import LOSSES
from surfaces.models.network import Network

SAMPLE_COUNT = 7


class NetworkCase(NamedTuple):
    key: str
    network: Network
    p: np.ndarray  # (d,)
    inputs: np.ndarray  # (n, m)
    classes: np.ndarray  # (n,)
    masks: tuple[np.ndarray, ...]  # of dropout: (n, width) of each hidden layer


def make_case(sizes: tuple[int, ...], activation: str, loss: str, l2: float, dropout: float) -> NetworkCase:
    network = Network(sizes, activation, loss, l2, dropout)
    i, j = np.arange(SAMPLE_COUNT)[:, None], np.arange(sizes[0])
    inputs = np.cos(1.3 * i + 0.7 * j + 0.1 * i * j)
    masks = tuple(
        ((i + 2 * np.arange(width)) % 3 != 0) / (1 - dropout) for width in sizes[1:-1] if dropout
    )  # every third unit is left out
    p = 0.8 * np.sin(np.arange(network.layout.size) ** 1.5 + 1)
    key = f"{'-'.join(map(str, sizes))} {activation} {loss} {l2:g} {dropout:g}"
    return NetworkCase(key, network, p, inputs, np.arange(SAMPLE_COUNT) % sizes[-1], masks)


def list_cases() -> list[NetworkCase]:
    """Every loss, activation and depth up to 3, with and without a penalty; two with dropout; one of ten layers."""
    linear = [((4, 3), "relu", loss, l2, 0.0) for loss in LOSSES for l2 in (0.0, 0.1)]
    deep = [
        (sizes, activation, loss, l2, 0.0)
        for sizes in ((4, 5, 3), (4, 5, 4, 3))
        for activation in ACTIVATIONS
        for loss in LOSSES
        for l2 in (0.0, 0.1)
    ]
    dropped = [((4, 5, 4, 3), activation, "softmax", 0.1, 0.3) for activation in ("tanh", "leaky_relu")]
    deepest = [((3, *[3] * 9, 3), "tanh", "softmax", 0.0, 0.0)]
    return [make_case(*case) for case in (*linear, *deep, *dropped, *deepest)]
