"""Records the weights of PyTorch's trainings into torch_trainings.npz. By hand, where PyTorch is installed:

python -m tests.references.record_torch_trainings
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from optimizers.training.prepared_training import prepare_training
from surfaces.datasets.minibatches import Minibatches
from tests.references.training_cases import KEPT_STEPS, STEPS, list_cases, summarize_blocks

torch.set_default_dtype(torch.float64)

MAKE = {
    "sgd": torch.optim.SGD,
    "momentum": lambda p, lr, mu: torch.optim.SGD(p, lr, momentum=mu),
    "nesterov": lambda p, lr, mu: torch.optim.SGD(p, lr, momentum=mu, nesterov=True),
    "adam": lambda p, lr, beta1, beta2, eps: torch.optim.Adam(p, lr, (beta1, beta2), eps),
    "adamw": lambda p, lr, beta1, beta2, eps, weight_decay: torch.optim.AdamW(
        p, lr, (beta1, beta2), eps, weight_decay=weight_decay
    ),
    "rmsprop": lambda p, lr, decay_rate, eps: torch.optim.RMSprop(p, lr, alpha=decay_rate, eps=eps),
    "adagrad": lambda p, lr, eps: torch.optim.Adagrad(p, lr, eps=eps),
}
ACTIVATIONS = {"tanh": torch.tanh, "relu": F.relu}


def train(training):
    """The blocks at `KEPT_STEPS`, with autograd and torch.optim; the rows of each batch are ours."""
    prepared = prepare_training(training)
    X, y = (torch.tensor(array) for array in (prepared.split.training.inputs, prepared.split.training.classes))
    blocks = prepared.network.layout.unpack(prepared.start.copy())
    weights = {name: torch.tensor(block, requires_grad=True) for name, block in blocks.items()}
    optimizer = MAKE[training.optimizer.name](list(weights.values()), **dict(training.optimizer.arguments))
    batches = Minibatches(len(y), training.batch_size, training.seed)
    depth, kept = prepared.network.depth, []
    for t in range(1, STEPS + 1):
        rows = batches.find_rows(t)
        h = X[rows]
        for k in range(1, depth + 1):
            h = F.linear(h, weights[f"W{k}"].T, weights[f"b{k}"])
            if k < depth:
                h = ACTIVATIONS[training.activation](h)
        squares = sum(weights[f"W{k}"].square().sum() for k in range(1, depth + 1))
        optimizer.zero_grad()
        (F.cross_entropy(h, y[rows]) + training.l2 / 2 * squares).backward()
        optimizer.step()
        if t in KEPT_STEPS:
            kept.append(summarize_blocks({name: w.detach().numpy() for name, w in weights.items()}))
    return np.array(kept)


if __name__ == "__main__":
    about = {"library": "torch.optim", "version": torch.__version__}
    np.savez_compressed(
        Path(__file__).with_name("torch_trainings.npz"),
        about=np.array(json.dumps(about)),
        **{case.key: train(case.training) for case in list_cases()},
    )
