"""What gradient checks, bug hunts and trainings know of the settings of a model: their labels and ranges."""

from collections.abc import Collection, Mapping
from typing import Any

from app.model.hyperparameter_table import ParameterRange, integer_range, log_range
from surfaces.translatable import Translatable, UserError

DEPTH_RANGE = integer_range(Translatable("Layers of weights"), 2, 10)
WIDTH_RANGE = ParameterRange(
    Translatable("Hidden units in a layer"), 1, 200, (1, 2, 4, 8, 16, 30, 50, 75, 100, 150, 200)
)
DROPOUT_RANGE = ParameterRange(
    Translatable("Dropout probability"), 0.0, 0.9, tuple(round(0.1 * k, 1) for k in range(10))
)


def l2_range(low: int, high: int) -> ParameterRange:
    """The strength of the regularization: 0, or from 10**low to 10**high."""
    return log_range(Translatable("L2 regularization λ"), low, high, with_zero=True, mantissas=(1, 2, 5))


def check_number(name: str, value: Any, ranges: Mapping[str, ParameterRange], whole: Collection[str]) -> Any:
    """The value in the type of its range, of which those in `whole` hold whole numbers. Raises `UserError`."""
    limits = ranges[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not limits.contains(value):
        raise UserError(
            "{label} must be a number from {low:g} to {high:g}.", label=limits.label, low=limits.low, high=limits.high
        )
    if name in whole and value != int(value):
        raise UserError("{label} must be a whole number.", label=limits.label)
    return int(value) if name in whole else float(value)
