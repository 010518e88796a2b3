"""Displayed formulas in Markdown texts."""

import re

DISPLAYED_FORMULA = re.compile(r"\s*\$\$\s*(.+?)\s*\$\$\s*", re.DOTALL)


def set_formulas_apart(text: str) -> str:
    """Put the dollar signs of displayed formulas on lines of their own.

    Markdown takes what follows an opening `$$` on the same line for a name of the formula's language, and drops it,
    unless the formula is closed on that line.
    """
    return DISPLAYED_FORMULA.sub(lambda match: f"\n\n$$\n{match[1]}\n$$\n\n", text).strip()
