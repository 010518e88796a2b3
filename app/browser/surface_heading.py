"""A surface's name, formula and arguments in one line, for whoever does not see the panel that has them."""

import re
from inspect import getdoc

from app.browser.equation_messages import to_mathml
from app.compute.surface_source_registry import get_source
from app.model.display_names import format_surface_argument, get_display_name
from app.model.formula_source import FORMULA, typeset_formula
from app.model.scene import Call

DISPLAYED_FORMULA = re.compile(r"\$\$\s*(.+?)\s*\$\$", re.DOTALL)
UNNAMED_ARGUMENTS = ("seed", "start")  # they draw batches or choose a start, and stand in no formula


def make_surface_heading(surface: Call) -> dict[str, str]:
    """The name, the formula as MathML, "" where no line holds it, and the values of the surface's arguments."""
    latex = find_surface_formula(surface)
    shown = [name for name in get_source(surface).parameters if name not in UNNAMED_ARGUMENTS]
    return {
        "name": get_display_name(surface.name),
        "formula": to_mathml(latex, is_displayed=False) if latex else "",
        "values": " · ".join(format_surface_argument(name, surface[name]) for name in shown),
    }


def find_surface_formula(surface: Call) -> str:
    """The formula of a surface in LaTeX: a visitor's own, or that of its maker's docstring; "" if it takes lines."""
    if surface.name == FORMULA:
        latex = f"f(x, y) = {typeset_formula(surface['text'])}"
    else:
        found = DISPLAYED_FORMULA.search(getdoc(get_source(surface).make) or "")
        latex = " ".join(found[1].split()) if found else ""
    return "" if r"\begin{" in latex or r"\text{" in latex else latex
