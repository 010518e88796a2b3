"""Many lanes over many samples, a few lanes at a time: memory stays flat and in the cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from surfaces.base import Array

MAX_SCORES = 2**17  # scores that are held at once


def chunked(part: Callable[[Any, Array], Array]) -> Callable[[Any, Array], Array]:
    """`part`, the value, gradient or Hessian of a mean over the samples `y` of its object, in tiles of lanes."""

    @wraps(part)
    def tiled(self: Any, p: Array) -> Array:
        lanes, most = p[0].size, max(1, MAX_SCORES // len(self.y))
        if lanes <= most:
            return part(self, p)
        flat = p.reshape(2, lanes)
        found = np.concatenate([part(self, flat[:, k : k + most]) for k in range(0, lanes, most)], axis=-1)
        return found.reshape(*found.shape[:-1], *p.shape[1:])

    return tiled
