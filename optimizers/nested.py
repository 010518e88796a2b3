"""A square grid, coarse first: every fourth point of what is there, and then those between."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def levels(side: int, coarsest: int) -> Iterator[tuple[int, Indices]]:
    """The points of a grid of `side` x `side` by level: how far apart they are then, and their places row by row.

    Both numbers are powers of two. The first level has `coarsest` x `coarsest` points, each next one those that make
    the grid twice as fine, and each point is in one level only.
    """
    apart, row = side // coarsest, np.arange(side)
    seen = np.zeros((side, side), dtype=np.bool_)
    while apart:
        now = np.zeros_like(seen)
        now[np.ix_(row % apart == 0, row % apart == 0)] = True
        yield apart, np.flatnonzero(now & ~seen)
        seen |= now
        apart //= 2


def shown(values: NDArray[np.generic], side: int, apart: int) -> NDArray[np.generic]:
    """The whole grid (..., side * side) of which only the points so far `apart` are known: each stands for a square."""
    grid = values.reshape(*values.shape[:-1], side, side)[..., ::apart, ::apart]
    return grid.repeat(apart, axis=-2).repeat(apart, axis=-1).reshape(values.shape)
