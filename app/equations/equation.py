"""Data types: an equation of an optimizer's step, and all equations of a step with their values in a run."""

from typing import NamedTuple

from surfaces.base import Array


class Equation(NamedTuple):
    """One equation, in LaTeX with slots (see `app.equations.value_slots`)."""

    left: str
    relation: str  # =, \\leftarrow for a name that is assigned again, \\Leftrightarrow for a truth value
    right: str  # with symbols; "" if only the result is shown
    cases: tuple[str, ...] = ()  # with numbers, for each branch; `case_slot` selects one
    result: str = ""
    case_slot: int | None = None  # slot with the index into `cases`
    reached_slot: int | None = None  # slot with 1 in steps that executed this line; None: all did

    @property
    def number_relation(self) -> str:
        """The relation sign before the numbers, which is never an assignment arrow."""
        return self.relation if self.relation == r"\Leftrightarrow" else "="


class Equations(NamedTuple):
    lines: tuple[Equation, ...]
    columns: tuple[Array, ...]  # (steps + 1,) each, a column per slot; entry 0, the start, is NaN
    styles: str  # a character per slot: ROUNDED, EXACT or BOOLEAN of `value_slots`
    note: str = ""  # key of EQUATION_LABELS without its rule_; "" for no note
