"""Compute many lanes a few at a time, so that what is held at once stays in the cache."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array


def compute_in_chunks(function: Callable[[Array], NDArray[Any]], p: Array, most_lanes: int) -> NDArray[Any]:
    """function(p), (d, *lanes) -> (..., *lanes), at most `most_lanes` lanes at a time, and at least one."""
    lanes, most = p[0].size, max(1, most_lanes)
    if lanes <= most:
        return function(p)
    flat = p.reshape(len(p), lanes)
    chunks = [function(flat[:, k : k + most]) for k in range(0, lanes, most)]
    whole = np.concatenate(chunks, axis=-1)
    return whole.reshape(*whole.shape[:-1], *p.shape[1:])
