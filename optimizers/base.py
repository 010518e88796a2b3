"""The contract of every optimizer: two pure functions, one that makes the first state and one that takes a step."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from surfaces.base import Array, Objective

Hyperparameter = float | Array  # a hyperparameter: one number, or one for every lane
State = Any  # each optimizer has a NamedTuple of its own, or () where it keeps nothing


class Optimizer(NamedTuple):
    """`init` makes the first state; `step` takes the function and evaluates what it needs.

    Both are pure: `compiler.step_tracing` calls them once more, on symbols instead of numbers.
    """

    init: Callable[[Array], State]  # x0 (d, ...) -> state
    step: Callable[[Objective, Array, State, int], tuple[Array, State]]  # f, x, state, t = 1, 2, ... -> x, state


def make_zero_init(state: type[Any]) -> Callable[[Array], State]:
    """The `init` of an optimizer whose first state has zeros of the shape of x in all its fields."""
    return lambda x: state(*(np.zeros(x.shape) for _ in state._fields))


def iterate_nested_states(state: State) -> Iterator[Any]:
    """A state and, outermost first, the states of the optimizers wrapped in it, and their parts."""
    if isinstance(state, tuple):
        yield state
        for part in state:
            yield from iterate_nested_states(part)
