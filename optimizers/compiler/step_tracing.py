"""Trace a step: run it once on symbols, and record how point and state change as operations on a tape."""

from typing import Any, NamedTuple

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.compiler.symbolic_values import ScalarOperation, SymbolicArray, SymbolicScalar, Tape, Untraceable
from optimizers.lane_selection import map_parts
from surfaces.base import Array, Objective


class StepTrace(NamedTuple):
    """A traced step."""

    tape: Tape
    scalar_operations: list[ScalarOperation]  # on numbers that are the same in all lanes but may change with the step
    t: SymbolicScalar
    x: SymbolicArray
    x_next: Array  # at run time a SymbolicArray
    state: list[tuple[Any, Any, Any]]  # of each part that may change: its symbol, its next value, its initial value

    @property
    def lane_state(self) -> list[tuple[SymbolicArray, Any]]:
        """The parts of the state with a value for each lane, and their next values."""
        return [(old, new) for old, new, _ in self.state if isinstance(old, SymbolicArray)]

    @property
    def scalar_state(self) -> list[tuple[int, Any, Any]]:
        """The numbers in the state: index of the term, next value, initial value."""
        return [(old.index, new, first) for old, new, first in self.state if isinstance(old, SymbolicScalar)]


def trace_step(optimizer: Optimizer, f: Objective, d: int, lanes: int, is_single: bool = False) -> StepTrace:
    """Trace one step of `lanes` lanes in d dimensions, or of a `is_single` run, for which `lanes` is any number but d.

    Raises `Untraceable`, or any error that a formula raises for symbols, where the step is more than operations on each
    lane.
    """
    tape = Tape(lanes, is_single)
    terms: list[ScalarOperation] = []
    t, x = SymbolicScalar(terms), tape.new_inputs((d,))
    first = optimizer.init(np.zeros((d, lanes)))
    state = map_leaves(lambda part: make_symbol(tape, terms, part), first)
    x_next, state_next = optimizer.step(f, x, state, t)  # type: ignore[arg-type]
    kept = []
    for old, new, begun in zip(list_leaves(state), list_leaves(state_next), list_leaves(first), strict=True):
        if isinstance(old, SymbolicArray | SymbolicScalar):
            kept.append((old, new, begun))
        elif new != old:
            raise Untraceable(f"a part of the state becomes {new} that was {old}")
    return StepTrace(tape, terms, t, x, x_next, kept)


def make_symbol(tape: Tape, scalar_operations: list[ScalarOperation], part: Any) -> Any:
    """The symbol that takes the place of a part of the state; other parts stay as they are."""
    if isinstance(part, np.ndarray) and part.shape[-1:] == (tape.lanes,):
        return tape.new_inputs(part.shape[:-1], mask=part.dtype == np.bool_)
    return SymbolicScalar(scalar_operations) if is_scalar(part) else part


def is_scalar(part: Any) -> bool:
    return isinstance(part, int | float | np.number) and not isinstance(part, bool)


def map_leaves(function: Any, state: State) -> State:
    return (
        map_parts(lambda part: map_leaves(function, part), state)
        if isinstance(state, tuple | dict)
        else function(state)
    )


def list_leaves(state: State) -> list[Any]:
    if isinstance(state, dict):
        return [leaf for part in state.values() for leaf in list_leaves(part)]
    return [leaf for part in state for leaf in list_leaves(part)] if isinstance(state, tuple) else [state]
