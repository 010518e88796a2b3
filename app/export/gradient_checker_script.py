"""Export the gradient check as one file that needs NumPy alone, for a visitor's own function.

Its rules are the functions of `surfaces.gradient_check`, extracted from their source.
"""

from inspect import getdoc
from pathlib import Path

from app.export.source_extraction import Dependencies, add_function, sort_imports
from surfaces.gradient_check.difference_quotients import divide
from surfaces.gradient_check.entry_check import relative_rounding_error, slopes_differ
from surfaces.gradient_check.entry_sampling import draw_from_spans
from surfaces.gradient_check.kinks_by_parabola_fit import is_off_parabola, parabola_residual
from surfaces.gradient_check.loss_scaling import is_tiny
from surfaces.gradient_check.relative_error import relative_error
from surfaces.gradient_check.step_size_theory import root_step
from surfaces.gradient_check.verdict import classify_error, explain_errors

FILE_NAME = "gradient_check.py"
TEMPLATE = Path(__file__).with_name("gradient_checker_template.py")
RULES = (
    root_step, divide, relative_error, relative_rounding_error, is_tiny, slopes_differ, parabola_residual,
    is_off_parabola, draw_from_spans, classify_error, explain_errors,
)  # fmt: skip
IMPORTS = {
    "from math import prod",
    "from typing import NamedTuple",
    "import numpy as np",
}
IMPORTS_MARK, RULES_MARK = "# IMPORTS", "# RULES"


def make_gradient_check_script() -> str:
    """The file: the template, with the rules where it has its marks."""
    rules = Dependencies()
    for rule in RULES:
        add_function(rule, rules)
        rules.functions[rule.__name__] = add_summary(rules.functions[rule.__name__], getdoc(rule) or "")
    head, rest = TEMPLATE.read_text(encoding="utf-8").split(IMPORTS_MARK)
    between, tail = rest.split(RULES_MARK)
    _, end_of_imports, procedure = between.partition("\n\n\n")
    functions = "\n\n".join(rules.functions.values()).rstrip()
    return "".join((head, sort_imports({*rules.imports, *IMPORTS}), end_of_imports, procedure, functions, tail))


def add_summary(source: str, docstring: str) -> str:
    """A function's source with the first line of its docstring."""
    head, newline, body = source.partition("\n")
    summary = docstring.partition("\n")[0]
    return f'{head}{newline}    """{summary}"""\n{body}' if summary else source
