"""A step run once on symbols: what it remembers of a lane, and what that becomes, as operations on a sheet."""

from typing import Any, NamedTuple

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.compiler.symbolic_values import ScalarOperation, SymbolicArray, SymbolicScalar, Tape, Untraceable
from optimizers.lanes import map_parts
from surfaces.base import Array, Objective


class StepTrace(NamedTuple):
    """The step, written down."""

    sheet: Tape
    terms: list[ScalarOperation]  # what makes the numbers that may be others in each step
    t: SymbolicScalar
    x: SymbolicArray
    x_next: Array  # symbols that stand for it, as in all formulas
    memory: list[tuple[Any, Any, Any]]  # parts of it that may change: their symbols, what they become, the first

    @property
    def remembered(self) -> list[tuple[SymbolicArray, Any]]:
        """Parts of the memory that every lane has for itself, and what each becomes."""
        return [(old, new) for old, new, _ in self.memory if isinstance(old, SymbolicArray)]

    @property
    def changing(self) -> list[tuple[int, Any, Any]]:
        """Its numbers: their terms, what they become, what they are at the start."""
        return [(old.place, new, first) for old, new, first in self.memory if isinstance(old, SymbolicScalar)]


def trace_step(optimizer: Optimizer, f: Objective, d: int, lanes: int, single: bool = False) -> StepTrace:
    """One step of so many lanes in d dimensions, or of a `single` run, for which `lanes` is any number but d.

    Raises `Untraceable`, or whatever formulas do with what is no array, where it is more than operations on each lane.
    """
    sheet = Tape(lanes, single)
    terms: list[ScalarOperation] = []
    t, x = SymbolicScalar(terms), sheet.symbols((d,))
    first = optimizer.init(np.zeros((d, lanes)))
    memory = map_leaves(lambda part: make_symbol(sheet, terms, part), first)
    x_next, memory_next = optimizer.step(f, x, memory, t)  # type: ignore[arg-type]
    kept = []
    for old, new, begun in zip(list_leaves(memory), list_leaves(memory_next), list_leaves(first), strict=True):
        if isinstance(old, SymbolicArray | SymbolicScalar):
            kept.append((old, new, begun))
        elif new != old:
            raise Untraceable(f"a memory becomes {new} that was {old}")
    return StepTrace(sheet, terms, t, x, x_next, kept)


def make_symbol(sheet: Tape, terms: list[ScalarOperation], part: Any) -> Any:
    """In the place of a part of an optimizer's memory."""
    if isinstance(part, np.ndarray) and part.shape[-1:] == (sheet.lanes,):
        return sheet.symbols(part.shape[:-1], mask=part.dtype == np.bool_)
    return SymbolicScalar(terms) if is_scalar(part) else part


def is_scalar(part: Any) -> bool:
    return isinstance(part, int | float | np.number) and not isinstance(part, bool)


def map_leaves(change: Any, memory: State) -> State:
    return (
        map_parts(lambda part: map_leaves(change, part), memory) if isinstance(memory, tuple | dict) else change(memory)
    )


def list_leaves(memory: State) -> list[Any]:
    if isinstance(memory, dict):
        return [leaf for part in memory.values() for leaf in list_leaves(part)]
    return [leaf for part in memory for leaf in list_leaves(part)] if isinstance(memory, tuple) else [memory]
