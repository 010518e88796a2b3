r"""How long the update of a block is beside its weights, by three definitions that go by the same number, 1e-3.

With the update $\Delta = W_t - W_{t-1}$ of the optimizer, and not the gradient:

$$ \frac{\lVert \Delta \rVert}{\lVert W \rVert}, \qquad \frac{\text{mean}|\Delta|}{\text{mean}|W|}, \qquad
\frac{\text{std}(\Delta)}{\text{std}(W)} $$

The CS231n notes have the first, DL4J's training UI the second, and Karpathy's nn-zero-to-hero the third. A block of
zeros, as the biases are at first, has the ratio infinity, or NaN if it does not move either.
"""

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array
from surfaces.models.parameter_blocks import ParameterLayout

DEFINITIONS = ("norms", "mean_absolute_values", "standard_deviations")  # in the order of the ratios
RULE_OF_THUMB = 1e-3  # of the CS231n notes
TOO_HIGH, TOO_LOW = 1e-2, 1e-4  # where DL4J's written rules see trouble: log10 above -2, or below -4


class UpdateRatios:
    """Measures the blocks of a layout."""

    def __init__(self, layout: ParameterLayout) -> None:
        self.starts = np.array([block.start for block in layout.blocks])
        self.sizes = np.array([block.stop - block.start for block in layout.blocks])
        self.terms = np.empty(0)  # room

    def measure(self, weights: Array, update: Array) -> NDArray[np.float32]:
        """The ratios of steps from points (..., d) by updates (..., d): (3, ..., blocks)."""
        ratios = self._measure_lengths(update) / self._measure_lengths(weights)
        np.sqrt(ratios[::2], out=ratios[::2])
        return ratios.astype(np.float32)

    def _measure_lengths(self, values: Array) -> Array:
        """Mean squares, mean absolute values and variances: (..., d) -> (3, ..., blocks)."""
        if self.terms.shape != values.shape:
            self.terms = np.empty_like(values)
        mean = self._average(values)
        size = self._average(np.abs(values, out=self.terms))
        square = self._average(np.multiply(values, values, out=self.terms))
        return np.stack((square, size, np.maximum(square - mean * mean, 0.0)))

    def _average(self, values: Array) -> Array:
        """The mean over each block: (..., d) -> (..., blocks)."""
        return np.add.reduceat(values, self.starts, axis=-1) / self.sizes
