"""Slots for values in LaTeX, one for each component, which the browser fills with the numbers of a step.

A slot is written as a number 9psssss, which no rule of an optimizer contains: s is its index, and p tells which of its
values get parentheses.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.equations.step_recording import NOT_REACHED
from surfaces.base import Array

ROUNDED, EXACT, BOOLEAN = "f", "e", "b"  # how the browser writes a value; EXACT for settings and whole numbers
NEVER_PARENTHESIZED, PARENTHESIZED_IF_NEGATIVE, PARENTHESIZED_IF_COMPOUND = range(
    3
)  # compound: negative or with an exponent
SHOWABLE_SHAPES = {(), (2,), (2, 2)}


class ValueSlots:
    """One column per slot and one entry per step, NaN if the step did not execute it."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.columns: list[Array] = []
        self.styles: list[str] = []
        self._written: dict[Any, list[int]] = {}

    def write(self, key: Any, values: Sequence[Any], is_exact: bool = False, context: int = NEVER_PARENTHESIZED) -> str:
        """Write slots for `values`; the same key gets the same slots."""
        if key not in self._written:
            self._written[key] = self._add(values, is_exact)
        if len(self._written[key]) == 1:
            return f"9{context}{self._written[key][0]:05d}"
        slots = [f"9{NEVER_PARENTHESIZED}{slot:05d}" for slot in self._written[key]]
        rows = [slots[i : i + len(slots) // 2] for i in (0, len(slots) // 2)]
        return r"{\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}}"

    def add_column(self, values: Sequence[float]) -> int:
        """Add a slot that is not written but selects what is; return its index."""
        self.columns.append(np.array(values, dtype=np.float64))
        self.styles.append(EXACT)
        return len(self.columns) - 1

    def snapshot(self) -> tuple[int, set[Any]]:
        return len(self.columns), set(self._written)

    def restore(self, state: tuple[int, set[Any]]) -> None:
        """Remove the slots added since `snapshot`."""
        count, keys = state
        del self.columns[count:], self.styles[count:]
        self._written = {key: slots for key, slots in self._written.items() if key in keys}

    def _add(self, values: Sequence[Any], is_exact: bool) -> list[int]:
        example = find_first_reached(values)
        blank = np.full(np.shape(example), np.nan)
        block = np.array([blank if value is NOT_REACHED else value for value in values], dtype=np.float64)
        columns = block.reshape(self.steps, -1).T
        is_exact = is_exact or isinstance(example, (int, np.integer))
        style = BOOLEAN if is_boolean(example) else EXACT if is_exact else ROUNDED
        self.columns += list(columns)
        self.styles += [style] * len(columns)
        return list(range(len(self.columns) - len(columns), len(self.columns)))


def find_first_reached(values: Sequence[Any]) -> Any:
    """The first value that is not NOT_REACHED; NOT_REACHED if there is none."""
    return next((value for value in values if value is not NOT_REACHED), NOT_REACHED)


def find_showable_shape(values: Sequence[Any]) -> tuple[int, ...] | None:
    """The shape of values that can be shown; None if they cannot."""
    example = find_first_reached(values)
    is_numeric = isinstance(example, (bool, int, float, np.generic, np.ndarray))
    return np.shape(example) if is_numeric and np.shape(example) in SHOWABLE_SHAPES else None


def is_boolean(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_)) or (isinstance(value, np.ndarray) and value.dtype == np.bool_)
