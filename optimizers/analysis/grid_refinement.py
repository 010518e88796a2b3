"""Refinement of a grid: a coarse grid of points first, then level by level the points between."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def refinement_levels(columns: int, rows: int, stride: int) -> Iterator[tuple[int, Indices]]:
    """The levels of a grid: the stride, which is halved from level to level, and the indices of the new points.

    Indices count row by row. Each point is in one level only.
    """
    seen = np.zeros((rows, columns), dtype=np.bool_)
    while stride:
        level = np.zeros_like(seen)
        level[::stride, ::stride] = True
        yield stride, np.flatnonzero(level & ~seen)
        seen |= level
        stride //= 2


def upsample(values: NDArray[Any], columns: int, stride: int) -> NDArray[Any]:
    """The whole grid (rows * columns,) when only every `stride`-th point is known: each fills its rectangle."""
    grid = values.reshape(-1, columns)
    rows = grid.shape[0]
    known = grid[::stride, ::stride].repeat(stride, axis=0).repeat(stride, axis=1)
    return known[:rows, :columns].ravel()
