"""Trainings whose weights are recorded from PyTorch: every optimizer on a linear model and on two networks."""

from typing import NamedTuple

import numpy as np

from optimizers.training.specification import Maker, Training

STEPS = 200
KEPT_STEPS = (1, 2, 10, 50, 100, 150, 200)
ENTRIES = 12  # of each block that are kept, besides its norm

OPTIMIZERS = {
    "sgd": {"lr": 0.2},
    "momentum": {"lr": 0.05, "mu": 0.9},
    "nesterov": {"lr": 0.05, "mu": 0.9},
    "adam": {"lr": 0.003, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    "adamw": {"lr": 0.003, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.05},
    "rmsprop": {"lr": 0.002, "decay_rate": 0.9, "eps": 1e-8},
    "adagrad": {"lr": 0.05, "eps": 1e-8},
}
MODELS = {
    "softmax": {"model": "softmax", "initialization": "too_small", "l2": 0.01},
    "tanh": {"hidden": (20, 12), "activation": "tanh", "initialization": "glorot", "l2": 1e-3},
    "relu": {"hidden": (20,), "activation": "relu", "initialization": "he"},
}


class TrainingCase(NamedTuple):
    key: str
    training: Training


def list_cases() -> list[TrainingCase]:
    """Batches of 32 of 300 digits: nine full ones in an epoch, and one of 12."""
    return [
        TrainingCase(
            f"{name} {model}",
            Training(
                optimizer=Maker(name, tuple(arguments.items())), sample_count=300, batch_size=32, epochs=20, seed=3,
                **options,
            ),
        )
        for name, arguments in OPTIMIZERS.items()
        for model, options in MODELS.items()
    ]  # fmt: skip


def summarize_blocks(blocks: dict[str, np.ndarray]) -> np.ndarray:
    """The norm of each block, and some of its entries, evenly over it: (blocks, 1 + ENTRIES)."""
    rows = []
    for block in blocks.values():
        flat = block.ravel()
        chosen = np.linspace(0, flat.size - 1, ENTRIES).astype(int)
        rows.append([np.linalg.norm(flat), *flat[chosen]])
    return np.array(rows)
