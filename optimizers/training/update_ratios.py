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

DEFINITIONS = ("norms", "mean absolute values", "standard deviations")
RULE_OF_THUMB = 1e-3  # of the CS231n notes
TOO_HIGH, TOO_LOW = 1e-2, 1e-4  # where DL4J's written rules see trouble: log10 above -2, or below -4


class UpdateRatios:
    """Measures the blocks of a layout."""

    def __init__(self, layout: ParameterLayout) -> None:
        self.starts = np.array([block.start for block in layout.blocks])
        self.terms = np.empty((6, layout.size))  # of weights and update: the values, their sizes, their squares
        self.sizes = np.array([block.stop - block.start for block in layout.blocks])

    def measure(self, before: Array, after: Array) -> NDArray[np.float32]:
        """The ratios of a step from one point (d,) to another: (3, blocks)."""
        values, sizes, squares = self.terms.reshape(3, 2, -1)
        values[0] = before
        np.subtract(after, before, out=values[1])
        np.abs(values, out=sizes)
        np.multiply(values, values, out=squares)
        sums = np.add.reduceat(self.terms, self.starts, axis=1)
        means = (sums / self.sizes).reshape(3, 2, -1)
        variances = np.maximum(means[2] - means[0] * means[0], 0.0)
        pairs = np.stack((means[2], means[1], variances))  # (3, 2, blocks)
        ratios = pairs[:, 1] / pairs[:, 0]
        np.sqrt(ratios[::2], out=ratios[::2])
        return ratios.astype(np.float32)
