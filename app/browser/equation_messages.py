"""The rule with its numbers, as it is sent to the player: equations as MathML and LaTeX, and a column per number."""

import re
from functools import lru_cache

import numpy as np
from latex2mathml.converter import convert

from app.browser.binary_message import encode_binary_message, narrow_floats
from app.equations.equation import Equations
from surfaces.base import Array

EQUATION_LABELS = {
    "rule_title": "The rule with its numbers",
    "rule_at": "step {k}",
    "rule_start": "No step yet: this is the start. Step 1 is the first with numbers.",
    "rule_ended": "The run ended at step {k}; these are its last numbers.",
    "rule_copy": "Copy as LaTeX",
    "rule_copied": "Copied",
    "rule_uncopied": "The browser did not allow it",
    "rule_true": "true",
    "rule_false": "false",
    "rule_replayed": "SciPy did its whole run at the first step and is replayed here, so there is no rule to write "
    "down; this is the point that it reached.",
    "rule_simplex": "No formula moves the point: the worst corner of a triangle is replaced by a better one on the "
    "line through the middle of the other two.",
}


def encode_equations(rule: Equations, **about: object) -> bytes:
    """The lines, and an array per slot, named by its number; one that never changes has one value.

    `about` goes into the header: what the player has to know of the run.
    """
    lines = [
        {
            "left": to_mathml(line.left),
            "right": to_mathml(f"{line.relation} {line.right}") if line.right else "",
            "numbers": [to_mathml(f"= {text}") if text else "" for text in line.cases],
            "result": to_mathml(f"{line.number_relation} {line.result}") if line.result else "",
            "pick": line.case_slot,
            "when": line.reached_slot,
            "latex": [line.left, line.relation, line.right, list(line.cases), line.number_relation, line.result],
        }
        for line in rule.lines
    ]
    length = max((len(column) for column in rule.columns), default=1)
    header = {**about, "note": rule.note, "styles": rule.styles, "length": length, "lines": lines}
    columns = {str(slot): narrow_floats(collapse_constant(column)) for slot, column in enumerate(rule.columns)}
    return encode_binary_message(header, columns)


def collapse_constant(column: Array) -> Array:
    """One number, where it is the same in every step."""
    steps = column[1:]
    return steps[:1] if steps.size and np.array_equal(steps, np.full(steps.size, steps[0])) else column


@lru_cache(maxsize=2048)
def to_mathml(latex: str, is_displayed: bool = True) -> str:
    """LaTeX as MathML: displayed, with slots <mn data-slot="..." data-place="...">, or as in a line of text, without.

    The numbers that stand for slots are those of `app/equations/value_slots.py`; a visitor's formula may have such too.
    """
    text = re.sub(r"<mo>([a-z]{2,})</mo>", r"<mi>\1</mi>", convert(latex))  # a name stands close to its parentheses
    if not is_displayed:
        return text
    text = text.replace("<math ", '<math displaystyle="true" ', 1)
    return re.sub(r"<mn>9(\d)(\d{5})</mn>", lambda m: f'<mn data-slot="{int(m[2])}" data-place="{m[1]}"></mn>', text)
