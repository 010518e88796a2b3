"""Find runs that stand still because the square of the gradient overflows.

Beyond 1.3e154 g² is infinite in double precision. Adam and its family then divide by infinity for good, as they do in
PyTorch (2.13: `exp_avg_sq` is inf and the step 0); line searches and trust regions find no length, as in SciPy.
"""

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array

LARGEST_FLOAT = float(np.finfo(np.float64).max)


def find_overflow_stall(x: Array, alive: NDArray[np.bool_], gradient: Array, tail: int) -> int | None:
    """The step from which on a run x (d, steps + 1) stands still where the gradient is finite and its square is not.

    None where it does not. The steepest coordinate must have stood still for the last `tail` steps, or until the run
    became non-finite. `gradient` (d,) is that of the last point.
    """
    last, steps = int(np.flatnonzero(alive).max(initial=0)), alive.size - 1
    steepest = int(np.argmax(np.abs(gradient)))
    moves = np.flatnonzero(np.diff(x[steepest, : last + 1]))
    since = int(moves[-1]) + 1 if moves.size else 0
    with np.errstate(over="ignore"):
        lost = bool(np.isfinite(gradient).all() and not np.isfinite(gradient @ gradient))
    stood = last - since >= (max(1, min(tail, steps)) if last == steps else 1)
    return since if lost and stood else None
