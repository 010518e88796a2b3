"""The arrays of a training's inside for the browser: histograms of each layer, predictions, first-layer weights."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.browser.binary_message import Arrays, narrow_floats
from app.compute.training_job import TrainingSnapshot
from optimizers.training.histograms import Histogram
from optimizers.training.recorder import EpochRecord

MAX_IMAGES = 400  # validation samples whose images are sent
MAX_PICTURED_UNITS = 60  # of the first layer
MAX_WEIGHT_NUMBERS = 400_000  # of them, over all epochs that are sent
MAX_WEIGHT = float(np.finfo(np.float32).max)


def add_predictions(arrays: Arrays, snapshot: TrainingSnapshot) -> None:
    """Add the true classes of the validation samples, and the predicted classes of each epoch with their confidence."""
    epochs = snapshot.epochs
    arrays["predictions"] = np.concatenate([e.predictions[:MAX_IMAGES] for e in epochs]).astype(np.uint8)
    arrays["sureness"] = np.concatenate([e.sureness[:MAX_IMAGES] for e in epochs]).astype(np.float32)
    arrays["classes"] = snapshot.prepared.split.validation.classes[:MAX_IMAGES].astype(np.uint8)


def add_histograms(arrays: Arrays, name: str, epochs: Sequence[Sequence[Histogram]]) -> None:
    """Add the histograms of each layer over the epochs: counts, bounds, and standard deviations."""
    for j, found in enumerate(zip(*epochs, strict=True)):
        arrays[f"{name}{j}"] = np.concatenate([h.counts for h in found]).astype(np.uint16)
        bounds = [make_finite(bound) for h in found for bound in (h.low, h.high)]
        arrays[f"{name}_bounds{j}"] = narrow_floats(np.array(bounds))
        arrays[f"{name}_deviation{j}"] = narrow_floats(np.array([make_finite(h.deviation) for h in found]))


def add_first_weights(arrays: Arrays, epochs: Sequence[EpochRecord]) -> dict[str, Any]:
    """Add the weights of the first units over the epochs, (epochs, m, units), and their shape; of fewer units if many.

    Weights of a training that diverged are cut at the largest float32: with infinity there would be no colour scale.
    """
    inputs = epochs[0].first_weights.shape[0]
    units = min(MAX_PICTURED_UNITS, max(1, MAX_WEIGHT_NUMBERS // (len(epochs) * inputs)))
    weights = np.array([e.first_weights[:, :units] for e in epochs])
    weights = np.clip(weights, -MAX_WEIGHT, MAX_WEIGHT).astype(np.float32)
    arrays["weights"] = weights
    return {"weights_shape": list(weights.shape[1:]), "hidden_units": epochs[0].first_weights.shape[1]}


def make_finite(value: float) -> float:
    return float(np.nan_to_num(value))
