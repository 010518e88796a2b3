"""The weights and biases of a model as named blocks of one flat point."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import NamedTuple, Self

import numpy as np

from surfaces.base import Array


class ParameterBlock(NamedTuple):
    """The coordinates from `start` to before `stop` of a point, row by row an array of this shape."""

    name: str
    shape: tuple[int, ...]
    start: int
    stop: int


@dataclass(frozen=True)
class ParameterLayout:
    """Blocks that lie one after the other in a point."""

    blocks: tuple[ParameterBlock, ...]

    @classmethod
    def from_shapes(cls, shapes: Mapping[str, tuple[int, ...]]) -> Self:
        """Blocks with these names and shapes, in this order."""
        stops = list(accumulate(map(prod, shapes.values())))
        starts = (0, *stops[:-1])
        return cls(tuple(map(ParameterBlock, shapes, shapes.values(), starts, stops)))

    @cached_property
    def size(self) -> int:
        """The number of coordinates d."""
        return self.blocks[-1].stop

    def unpack(self, p: Array) -> dict[str, Array]:
        """The arrays of all blocks: (d, *lanes) -> (*lanes, *shape) each; views of `p` where it has no lanes.

        With lanes, the coordinates of a lane are copied to lie side by side: so its matrices have the memory layout of
        those of a point alone.
        """
        if p.ndim == 1:
            return {name: p[start:stop].reshape(shape) for name, shape, start, stop in self.blocks}
        rows, lanes = np.ascontiguousarray(np.moveaxis(p, 0, -1)), p.shape[1:]
        return {name: rows[..., start:stop].reshape(*lanes, *shape) for name, shape, start, stop in self.blocks}

    def pack(self, arrays: Mapping[str, Array]) -> Array:
        """The point with these blocks, the inverse of `unpack`: (*lanes, *shape) each -> (d, *lanes)."""
        name, shape, _, _ = self.blocks[0]
        lanes = arrays[name].shape[: arrays[name].ndim - len(shape)]
        rows = np.concatenate([arrays[name].reshape(*lanes, -1) for name, *_ in self.blocks], axis=-1)
        return np.ascontiguousarray(np.moveaxis(rows, -1, 0)) if lanes else rows
