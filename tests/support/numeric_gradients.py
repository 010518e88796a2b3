"""Gradients by difference quotients, one entry after the other: what faster checks are compared with."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import Entries, Point
from surfaces.gradient_check.difference_quotients import LinePoint, Method, measure_entry_slope


def numeric_gradient(
    value: Callable[[Any], Any], x: Point, entries: Entries, method: Method, h: float
) -> NDArray[np.float64]:
    """The entries (k,) of the gradient at `x` by difference quotients, in the precision of `x`."""
    slopes = np.empty(len(entries))
    with np.errstate(all="ignore"):  # a step may leave the domain: that slope is not finite
        point = x.astype(np.result_type(x, np.complex64)) if method is Method.COMPLEX_STEP else x.copy()
        here = LinePoint(x.dtype.type(0), x.dtype.type(value(point))) if method is Method.FORWARD else None
        for k, i in enumerate(entries.tolist()):
            slopes[k] = measure_entry_slope(value, point, i, method, h, here)
    return slopes
