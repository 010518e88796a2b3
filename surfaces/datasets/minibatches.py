"""Which samples each step sees: every epoch runs through all of them once, in an order of its own."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


class Minibatches:
    """Each epoch's order is drawn from (seed, epoch); its last batch is smaller where the size does not divide.

    A batch size that is not between 0 and the number of samples means all samples.

    NumPy ignores zeros at the end of a seed, so that (seed, 4) and (seed, 4, 0) are one. Draws of other kinds whose key
    is (seed, number), or ends in 0, therefore use the same random numbers as the order of the epoch with that number,
    for something else. Keys that end in another number are apart from all orders.
    """

    def __init__(self, sample_count: int, batch_size: int, seed: int) -> None:
        self.sample_count = sample_count
        self.batch_size = batch_size if 0 < batch_size < sample_count else sample_count
        self.seed = seed
        self._order = lru_cache(maxsize=8)(self._shuffle)

    @property
    def batches_per_epoch(self) -> int:
        """Steps in an epoch; the last of them may see fewer samples."""
        return -(-self.sample_count // self.batch_size)

    def find_rows(self, t: int) -> NDArray[np.int64]:
        """The samples of step t = 1, 2, ..."""
        epoch, batch = divmod(t - 1, self.batches_per_epoch)
        return self._order(epoch)[batch * self.batch_size : (batch + 1) * self.batch_size]

    def find_order(self, epoch: int) -> NDArray[np.int64]:
        """All samples in the order in which epoch 0, 1, ... sees them."""
        return self._order(epoch)

    def _shuffle(self, epoch: int) -> NDArray[np.int64]:
        return np.random.default_rng((self.seed, epoch)).permutation(self.sample_count)
