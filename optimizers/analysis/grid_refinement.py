"""A grid, coarse first: every fourth point of what is there, and then those between."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def refinement_levels(columns: int, rows: int, apart: int) -> Iterator[tuple[int, Indices]]:
    """The points of a grid by level: how far apart they are then, a power of two, and their places row by row.

    Each level but the first has those points that make the grid twice as fine; each point is in one only.
    """
    seen = np.zeros((rows, columns), dtype=np.bool_)
    while apart:
        now = np.zeros_like(seen)
        now[::apart, ::apart] = True
        yield apart, np.flatnonzero(now & ~seen)
        seen |= now
        apart //= 2


def upsample(values: NDArray[Any], columns: int, apart: int) -> NDArray[Any]:
    """The whole grid (rows * columns,) of which only points so far `apart` are known: each stands for its rectangle."""
    grid = values.reshape(-1, columns)
    rows = grid.shape[0]
    known = grid[::apart, ::apart].repeat(apart, axis=0).repeat(apart, axis=1)
    return known[:rows, :columns].ravel()
