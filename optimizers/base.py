"""What every optimizer is: two pure functions, one that makes its memory and one that takes a step."""

from collections.abc import Callable
from typing import Any, NamedTuple

from surfaces.base import Array, Objective

Hyperparameter = float | Array  # a hyperparameter: one number, or one for every lane
State = Any  # a NamedTuple of each optimizer's own, () where it remembers nothing


class Optimizer(NamedTuple):
    """`init` makes the memory at the start; `step` is given the function and asks it for what it needs.

    Both may be asked once more, on symbols instead of numbers (see `symbols`): they leave no trace elsewhere.
    """

    init: Callable[[Array], State]  # x0 (d, ...) -> memory
    step: Callable[[Objective, Array, State, int], tuple[Array, State]]  # f, x, memory, t = 1, 2, ... -> x, memory
