"""Records losses and gradients of PyTorch's layers into torch_networks.npz. By hand, where PyTorch is installed:

python -m tests.references.record_torch_networks
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from tests.references.network_cases import list_cases

torch.set_default_dtype(torch.float64)

ACTIVATIONS = {"tanh": torch.tanh, "relu": F.relu, "leaky_relu": F.leaky_relu, "sigmoid": torch.sigmoid}
LOSSES = {
    "softmax": F.cross_entropy,
    # Theirs is divided by the number of classes.
    "svm": lambda scores, classes: scores.shape[1] * F.multi_margin_loss(scores, classes),
}


def evaluate(case):
    """The loss, and the gradient as one vector."""
    weights = {
        name: torch.tensor(array, requires_grad=True) for name, array in case.network.layout.unpack(case.p).items()
    }
    h, depth = torch.tensor(case.inputs), case.network.depth
    for k in range(1, depth + 1):
        h = F.linear(h, weights[f"W{k}"].T, weights[f"b{k}"])
        if k < depth:
            h = ACTIVATIONS[case.network.activation](h)
            if case.masks:
                h = h * torch.tensor(case.masks[k - 1])
    squares = sum(weights[f"W{k}"].square().sum() for k in range(1, depth + 1))
    loss = LOSSES[case.network.loss](h, torch.tensor(case.classes)) + case.network.l2 / 2 * squares
    loss.backward()
    return np.concatenate([[loss.item()], *(w.grad.numpy().ravel() for w in weights.values())])


if __name__ == "__main__":
    about = {"library": "torch.nn.functional", "version": torch.__version__}
    np.savez_compressed(
        Path(__file__).with_name("torch_networks.npz"),
        about=np.array(json.dumps(about)),
        **{case.key: evaluate(case) for case in list_cases()},
    )
