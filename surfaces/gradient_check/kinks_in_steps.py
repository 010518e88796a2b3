"""How many steps of a gradient check cross a kink, counted exactly by a model that knows its own."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.gradient_check.checked_function import Entries, Point

CountCrossings = Callable[[Any, Any], int]


class CrossedSteps(NamedTuple):
    """The kinks that each of the steps so far crossed."""

    kinks: NDArray[np.int64]  # (steps so far,)
    total: int  # steps in the end

    @property
    def crossed(self) -> int:
        """How many steps crossed at least one."""
        return int(np.count_nonzero(self.kinks))


def count_along_entries(
    count: CountCrossings, x: Point, entries: Entries, h: float, chunk: int = 50
) -> Iterator[CrossedSteps]:
    """Count the kinks between x - h and x + h along each entry, and report after each `chunk` of them."""
    ahead, behind = x.copy(), x.copy()

    def along(i: int) -> int:
        ahead[i], behind[i] = x[i] + x.dtype.type(h), x[i] - x.dtype.type(h)
        kinks = int(count(behind, ahead))
        ahead[i] = behind[i] = x[i]
        return kinks

    return count_in_chunks(along, entries.tolist(), chunk)


def count_along_directions(
    count: CountCrossings, x: Point, h: float, steps: int, seed: int, chunk: int = 50
) -> Iterator[CrossedSteps]:
    """Count the kinks between x - h d and x + h d along so many random directions of length 1."""
    rng = np.random.default_rng(seed)

    def along(_: int) -> int:
        d = rng.standard_normal(x.shape).astype(x.dtype)
        d *= h / np.linalg.norm(d)
        return int(count(x - d, x + d))

    return count_in_chunks(along, list(range(steps)), chunk)


def count_in_chunks(along: Callable[[int], int], items: list[int], chunk: int) -> Iterator[CrossedSteps]:
    kinks: list[int] = []
    for start in range(0, len(items), chunk):
        kinks += map(along, items[start : start + chunk])
        yield CrossedSteps(np.array(kinks, dtype=np.int64), len(items))
