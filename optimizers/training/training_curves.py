"""The curves of a training as its readings need them: of a record made here, or of a visitor's log from elsewhere."""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from optimizers.training.first_nonfinite_number import Divergence
from optimizers.training.specification import Training
from optimizers.training.training_loop import TrainingLoop

Column = NDArray[np.float64]
NONE: Column = np.zeros(0)


class TrainingCurves(NamedTuple):
    """One number for each epoch in every column; a column that is not known is empty."""

    epochs: Column
    training_loss: Column = NONE  # without the penalty
    validation_loss: Column = NONE
    training_accuracy: Column = NONE  # from 0 to 1
    validation_accuracy: Column = NONE
    training_loss_error: Column = NONE  # standard errors
    validation_loss_error: Column = NONE
    training_accuracy_error: Column = NONE
    validation_accuracy_error: Column = NONE
    step_epochs: Column = NONE  # the time of each minibatch
    step_loss: Column = NONE
    ratio_epochs: Column = NONE
    ratios: dict[str, Column] = {}  # ‖update‖ : ‖weights‖ of each matrix  # noqa: RUF012
    saturated: NDArray[np.float64] = np.zeros((0, 0))  # (epochs, hidden layers) fractions of the activations
    dead: NDArray[np.float64] = np.zeros((0, 0))  # (epochs, hidden layers) fractions of the ReLUs
    unit_spread: float = np.nan  # how far the units of the first layer are from one another at the end, relative
    chance_loss: float = np.nan
    chance_accuracy: float = np.nan  # of the most frequent class
    divergence: Divergence | None = None
    training: Training | None = None  # the specification, where it is known

    @classmethod
    def from_loop(cls, loop: TrainingLoop) -> Self:
        """The curves of a training made here, as far as it has come."""
        record, network = loop.record, loop.prepared.network
        parts = {
            f"{part}_{name}": np.array([getattr(getattr(epoch, part), name) for epoch in record.epochs])
            for part in ("training", "validation")
            for name in ("loss", "accuracy", "loss_error", "accuracy_error")
        }
        ratios = record.update_ratios
        matrices = [k for k, block in enumerate(network.layout.blocks) if len(block.shape) == 2]
        steps, widths = record.step_losses, np.array(network.layer_sizes[1:-1], dtype=np.float64)
        classes = loop.prepared.split.training.classes
        return cls(
            epochs=record.epoch_numbers.astype(np.float64),
            **parts,
            step_epochs=record.step_epochs,
            step_loss=steps[0].astype(np.float64),
            ratio_epochs=record.ratio_epochs,
            ratios={network.layout.blocks[k].name: ratios[:, 0, k].astype(np.float64) for k in matrices if len(ratios)},
            saturated=np.array([epoch.saturated for epoch in record.epochs], dtype=np.float64),
            dead=np.array([epoch.dead for epoch in record.epochs]) / widths,
            unit_spread=measure_unit_spread(record.epochs[-1].first_weights) if network.depth > 1 else np.nan,
            chance_loss=network.sample_loss.at_chance(network.layer_sizes[-1]),
            chance_accuracy=float(np.bincount(classes).max() / len(classes)),
            divergence=loop.divergence,
            training=loop.training,
        )

    def has(self, *names: str) -> bool:
        """Whether these columns are known."""
        return all(len(getattr(self, name)) for name in names)


def measure_unit_spread(W: NDArray[Any]) -> float:
    """The standard deviation of the weights over the units of a layer (columns), relative to their size; 0 if all
    units are the same, NaN if a weight is not finite or there is but one unit."""
    size = float(np.abs(W).max())
    if not np.isfinite(size) or W.shape[1] == 1:
        return np.nan
    return float(W.std(axis=1).max() / size) if size else 0.0
