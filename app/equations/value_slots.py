"""The numbers of a rule: each value gets slots, one a component, that stand in the LaTeX until the browser fills them.

A slot is written as a number that no rule has, 9psssss: s its place, p what is to be put in parentheses.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.equations.step_recording import NOT_REACHED
from surfaces.base import Array

ROUNDED, EXACT, BOOLEAN = "f", "e", "b"  # to a few figures; as it was given; true or false
NEVER_PARENTHESIZED, PARENTHESIZED_IF_NEGATIVE, PARENTHESIZED_IF_COMPOUND = range(3)  # compound: no plain number
SHOWABLE_SHAPES = {(), (2,), (2, 2)}


class ValueSlots:
    """One column per slot and one entry per step, NaN if the step did not execute it."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.columns: list[Array] = []
        self.styles: list[str] = []
        self._written: dict[Any, list[int]] = {}

    def write(self, key: Any, values: Sequence[Any], is_exact: bool = False, context: int = NEVER_PARENTHESIZED) -> str:
        """The LaTeX with slots for `values`; the same key gets the same slots."""
        if key not in self._written:
            self._written[key] = self._add(values, is_exact)
        if len(self._written[key]) == 1:
            return f"9{context}{self._written[key][0]:05d}"
        slots = [f"9{NEVER_PARENTHESIZED}{slot:05d}" for slot in self._written[key]]
        rows = [slots[i : i + len(slots) // 2] for i in (0, len(slots) // 2)]
        return r"{\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}}"

    def add_column(self, values: Sequence[float]) -> int:
        """A slot that is not written in the LaTeX but selects what is."""
        self.columns.append(np.array(values, dtype=np.float64))
        self.styles.append(EXACT)
        return len(self.columns) - 1

    def snapshot(self) -> tuple[int, set[Any]]:
        return len(self.columns), set(self._written)

    def restore(self, state: tuple[int, set[Any]]) -> None:
        """Drop the slots added since then, which are not shown after all."""
        count, keys = state
        del self.columns[count:], self.styles[count:]
        self._written = {key: slots for key, slots in self._written.items() if key in keys}

    def _add(self, values: Sequence[Any], is_exact: bool) -> list[int]:
        one = find_first_reached(values)
        shape = np.shape(one)
        blank = np.full(shape, np.nan)
        block = np.array([blank if value is NOT_REACHED else value for value in values], dtype=np.float64)
        columns = block.reshape(self.steps, -1).T
        whole = isinstance(one, (int, np.integer))
        style = BOOLEAN if is_boolean(one) else EXACT if is_exact or whole else ROUNDED
        self.columns += list(columns)
        self.styles += [style] * len(columns)
        return list(range(len(self.columns) - len(columns), len(self.columns)))


def find_first_reached(values: Sequence[Any]) -> Any:
    """The value in the first step that executed it."""
    return next((value for value in values if value is not NOT_REACHED), NOT_REACHED)


def find_showable_shape(values: Sequence[Any]) -> tuple[int, ...] | None:
    """The shape of a value that can be shown; None for any other."""
    one = find_first_reached(values)
    numeric = isinstance(one, (bool, int, float, np.generic, np.ndarray))
    return np.shape(one) if numeric and np.shape(one) in SHOWABLE_SHAPES else None


def is_boolean(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_)) or (isinstance(value, np.ndarray) and value.dtype == np.bool_)
