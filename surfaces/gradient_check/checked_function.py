"""The input of a gradient check: a function, its gradient, and the names of the parts of its point."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from surfaces.models.network_loss import CrossedUnit

Point = NDArray[np.floating[Any]]  # (d,), float64 or float32: the check is done in its precision throughout
Entries = NDArray[np.int64]  # (k,) indices of the coordinates that are checked


class Block(Protocol):
    """The coordinates from `start` to before `stop` of a point, row by row an array of this shape."""

    @property
    def name(self) -> str: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def start(self) -> int: ...
    @property
    def stop(self) -> int: ...


class BlockLayout(Protocol):
    """Blocks that lie one after the other in a point."""

    @property
    def blocks(self) -> Sequence[Block]: ...


@dataclass(frozen=True)
class CheckedFunction:
    """A function of one point (d,), and the gradient that is to be checked.

    A float32 point is computed in float32 throughout, and a complex one by the value if the function `is_analytic`.
    `count_kink_crossings(p, q)` says how many kinks lie between two points, and `find_crossed_units(p, q)` which units
    have them; None where that is not known.
    If value and count of kinks `takes_lanes`, points (d, k) as well, a check of many entries evaluates many at once.
    """

    value: Callable[[Any], Any]
    grad: Callable[[Any], Any]
    layout: BlockLayout | None = None
    has_kinks: bool = False
    is_analytic: bool = False
    depth: int = 1  # layers, through which errors add up
    count_kink_crossings: Callable[[Any, Any], Any] | None = None
    find_crossed_units: Callable[[Any, Any], Sequence[CrossedUnit]] | None = None
    takes_lanes: bool = False

    def analytic_gradient(self, x: Point) -> Point:
        """The gradient in the precision of `x`."""
        g = np.asarray(self.grad(x)).astype(x.dtype, copy=False)
        if g.shape != x.shape:
            raise ValueError(f"the gradient has shape {g.shape}, and the point {x.shape}")
        return g


def name_entry(layout: BlockLayout | None, i: int) -> str:
    """The name of coordinate `i`, as one would write it in NumPy: `W1[3, 17]`, `b2[0]`; `x[5]` without blocks."""
    if layout is None:
        return f"x[{i}]"
    block = find_block(layout, i)
    index = ", ".join(str(int(k)) for k in np.unravel_index(i - block.start, block.shape))
    return f"{block.name}[{index}]" if index else block.name


def find_block(layout: BlockLayout, i: int) -> Block:
    """The block that has coordinate `i`."""
    return next(block for block in layout.blocks if block.start <= i < block.stop)
