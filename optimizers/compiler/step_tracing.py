"""A step run once on symbols: what it remembers of a lane, and what that becomes, as operations on a sheet."""

from typing import Any, NamedTuple

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.compiler.symbolic_values import Number, Sheet, Symbols, Term, Unwritable
from optimizers.lanes import mapped
from surfaces.base import Array, Objective


class Traced(NamedTuple):
    """The step, written down."""

    sheet: Sheet
    terms: list[Term]  # what makes the numbers that may be others in each step
    t: Number
    x: Symbols
    x_next: Array  # symbols that stand for it, as in all formulas
    memory: list[tuple[Any, Any, Any]]  # parts of it that may change: their symbols, what they become, the first

    @property
    def remembered(self) -> list[tuple[Symbols, Any]]:
        """Parts of the memory that every lane has for itself, and what each becomes."""
        return [(old, new) for old, new, _ in self.memory if isinstance(old, Symbols)]

    @property
    def changing(self) -> list[tuple[int, Any, Any]]:
        """Its numbers: their terms, what they become, what they are at the start."""
        return [(old.place, new, first) for old, new, first in self.memory if isinstance(old, Number)]


def traced(optimizer: Optimizer, f: Objective, d: int, lanes: int, single: bool = False) -> Traced:
    """One step of so many lanes in d dimensions, or of a `single` run, for which `lanes` is any number but d.

    Raises `Unwritable`, or whatever formulas do with what is no array, where it is more than operations on each lane.
    """
    sheet = Sheet(lanes, single)
    terms: list[Term] = []
    t, x = Number(terms), sheet.symbols((d,))
    first = optimizer.init(np.zeros((d, lanes)))
    memory = mapped_deep(lambda part: symbol(sheet, terms, part), first)
    x_next, memory_next = optimizer.step(f, x, memory, t)  # type: ignore[arg-type]
    kept = []
    for old, new, begun in zip(leaves(memory), leaves(memory_next), leaves(first), strict=True):
        if isinstance(old, Symbols | Number):
            kept.append((old, new, begun))
        elif new != old:
            raise Unwritable(f"a memory becomes {new} that was {old}")
    return Traced(sheet, terms, t, x, x_next, kept)


def symbol(sheet: Sheet, terms: list[Term], part: Any) -> Any:
    """In the place of a part of an optimizer's memory."""
    if isinstance(part, np.ndarray) and part.shape[-1:] == (sheet.lanes,):
        return sheet.symbols(part.shape[:-1], mask=part.dtype == np.bool_)
    return Number(terms) if is_number(part) else part


def is_number(part: Any) -> bool:
    return isinstance(part, int | float | np.number) and not isinstance(part, bool)


def mapped_deep(change: Any, memory: State) -> State:
    return (
        mapped(lambda part: mapped_deep(change, part), memory) if isinstance(memory, tuple | dict) else change(memory)
    )


def leaves(memory: State) -> list[Any]:
    if isinstance(memory, dict):
        return [leaf for part in memory.values() for leaf in leaves(part)]
    return [leaf for part in memory for leaf in leaves(part)] if isinstance(memory, tuple) else [memory]
