"""How far two derivatives differ for their size."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def relative_error(a: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    r"""How far an analytic and a numerical derivative differ for their size; 0 where both are 0.

    $$ \frac{|a - n|}{\max(|a|, |n|)} $$

    From CS231n's notes: above 1e-2 probably wrong, from 1e-2 to 1e-4 suspicious, below 1e-4 fine if there
    are kinks but not without them, below 1e-7 good. (The notes' other form divides by |a| + |n|, which
    is at most twice as large.)
    """
    a, n = np.asarray(a, dtype=np.float64), np.asarray(n, dtype=np.float64)
    size = np.maximum(np.abs(a), np.abs(n))
    return np.abs(a - n) / (size + (size == 0))


def relative_error_of_norms(a: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    r"""How far two gradients (..., k) differ for their length, along the last axis; 0 where both are 0.

    $$ \frac{\|a - n\|}{\max(\|a\|, \|n\|)} $$

    One number for many entries, which the largest of them decide: a wrong small block hides behind a large one.
    """
    a, n = np.broadcast_arrays(np.asarray(a, dtype=np.float64), np.asarray(n, dtype=np.float64))
    size = np.maximum(np.linalg.norm(a, axis=-1), np.linalg.norm(n, axis=-1))
    return np.linalg.norm(a - n, axis=-1) / (size + (size == 0))
