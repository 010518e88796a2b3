"""Gradients near 1e-10 cannot be compared: a loss that is scaled up can."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from surfaces.gradient_check.checked_function import CheckedFunction

TINY = 1e-10  # raw values that are smaller say little, by the notes


def is_tiny(a: ArrayLike, n: ArrayLike) -> NDArray[np.bool_]:
    """Where two derivatives are both below 1e-10, but not both exactly 0, which agree."""
    a, n = np.abs(a), np.abs(n)
    return (np.maximum(a, n) < TINY) & (np.maximum(a, n) > 0)


def scale_loss(function: CheckedFunction, factor: float) -> CheckedFunction:
    """The function times `factor`, with its gradient."""
    return replace(
        function, value=lambda p: factor * function.value(p), grad=lambda p: factor * np.asarray(function.grad(p))
    )
