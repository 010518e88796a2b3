"""Data types: one equation of an optimizer's step, and the equations of a whole step with their values in a run."""

from typing import NamedTuple

from surfaces.base import Array


class Equation(NamedTuple):
    """One equation, in LaTeX with slots (see `app.equations.value_slots`)."""

    left: str
    relation: str  # =, \\leftarrow where a name is given anew, \\Leftrightarrow before what is true or false
    right: str  # with letters; "" where there is nothing to say
    cases: tuple[str, ...] = ()  # the same with numbers; of several the one that `case_slot` chooses
    result: str = ""
    case_slot: int | None = None  # a slot: which of `cases`
    reached_slot: int | None = None  # a slot: 1 in steps that came to this line; None: all did

    @property
    def number_relation(self) -> str:
        """The relation sign before the numbers, which is never an assignment arrow."""
        return self.relation if self.relation == r"\Leftrightarrow" else "="


class Equations(NamedTuple):
    lines: tuple[Equation, ...]
    columns: tuple[Array, ...]  # (steps + 1,) each, a column per slot; entry 0, the start, is NaN
    styles: str  # a character per slot: f figures, e as given, b true or false
    note: str = ""  # a word of RULE_LABELS without its rule_, where the rule needs a sentence
