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
        self.slices = [slice(block.start, block.stop) for block in layout.blocks]
        self.starts = np.array([block.start for block in layout.blocks])
        self.both = np.empty((4, layout.size))  # the weights and the update, and their absolute values
        self.sizes = np.array([block.stop - block.start for block in layout.blocks])

    def measure(self, before: Array, after: Array) -> NDArray[np.float32]:
        """The ratios of a step from one point (d,) to another: (3, blocks)."""
        both = self.both
        both[0] = before
        np.subtract(after, before, out=both[1])
        np.abs(both[:2], out=both[2:])
        means = np.add.reduceat(both, self.starts, axis=1) / self.sizes
        squares = np.array([[np.dot(v[part], v[part]) for part in self.slices] for v in both[:2]]) / self.sizes
        found = np.empty((3, len(self.sizes)))
        found[0] = np.sqrt(squares[1] / squares[0])
        found[1] = means[3] / means[2]
        variances = np.maximum(squares - means[:2] ** 2, 0.0)
        found[2] = np.sqrt(variances[1] / variances[0])
        return found.astype(np.float32)
