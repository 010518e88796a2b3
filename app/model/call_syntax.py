"""Calls as text, in Python's syntax: read by Python's own parser into a tree that is never run, and written."""

import ast
import re
from typing import Any

from app.model.scene import Call, Catalogue, UserError, inspect_parameters
from optimizers.catalogue import SCHEDULES
from surfaces.spelling_suggestions import BLANK, find_plain_character

MAX_VALUE_CHARACTERS = 1000  # characters that a value may have
MAX_VALUE_DEPTH = 20  # levels of its tree, call within call
MAX_NUMBER = 1e12  # no number here is larger
MAX_SHOWN_CHARACTERS = 60  # characters of a text that are repeated to the visitor


def parse_value(value: str) -> ast.expr:
    """Parse a value into the tree of Python's own parser. Raises `UserError`."""
    if len(value) > MAX_VALUE_CHARACTERS:
        raise UserError("A value has at most {long} characters.", long=MAX_VALUE_CHARACTERS)
    if strange := re.search(r"[^\w.,=()+\- ]", value, re.ASCII):
        if (instead := find_plain_character(strange[0])) and instead != BLANK:
            raise UserError("Write {instead} for “{character}”.", instead=instead, character=strange[0])
        raise UserError("“{strange}” has no meaning here.", strange=strange[0])
    if number := re.search(r"(?<![\w.])[\d.]+(?!e[-+]?\d)[^\W\d]\w*", value):
        raise UserError("“{number}” is neither a number nor a name.", number=number[0][:20])
    try:
        node = ast.parse(value, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UserError("This is not complete: brackets and commas as in adam(lr=0.1, beta1=0.9).") from None
    level = [node]
    for _ in range(MAX_VALUE_DEPTH):
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    if level:
        raise UserError("This is nested too deeply.")
    return node


def read_literal(node: ast.expr) -> Any:
    """Read a number, with its sign, or a bool."""
    minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value = node.operand if minus else node
    number = value.value if isinstance(value, ast.Constant) else None
    if not isinstance(number, (bool, int, float)) or abs(number) > MAX_NUMBER:
        raise UserError("A number is needed, like 0.1 or 1e-8.")
    return -number if minus else number


def read_choice(node: ast.expr) -> Any:
    """Read a name, several in brackets, or a number."""
    if isinstance(node, ast.Tuple):
        return tuple(get_name(part) for part in node.elts)
    return get_name(node) if isinstance(node, ast.Name) else read_literal(node)


def get_name(node: ast.expr) -> str:
    """The name that is called, or stands alone; "" where there is none."""
    head = node.func if isinstance(node, ast.Call) else node
    return head.id if isinstance(head, ast.Name) else ""


def get_wrapped(node: ast.expr) -> ast.expr:
    """The argument of a wrapper: the call that it is put around."""
    inside = node.args if isinstance(node, ast.Call) else []
    if len(inside) != 1:
        raise UserError("{wrapper} goes around one run, like {wrapper}(adam()).", wrapper=get_name(node))
    return inside[0]


def get_keywords(node: ast.expr) -> dict[str, ast.expr]:
    """The keyword arguments of a call."""
    return {str(keyword.arg): keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}


def check_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UserError("True or False is needed.")
    return value


def shorten(text: str) -> str:
    """As much of a text as is repeated to the visitor."""
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[: MAX_SHOWN_CHARACTERS - 1]}…"


def write_call(call: Call, catalogue: Catalogue, *inner: str) -> str:
    """A call with the arguments that are not at their defaults."""
    defaults = inspect_parameters(catalogue[call.name])
    given = (f"{name}={write_argument(value)}" for name, value in call.arguments if value != defaults[name].default)
    return f"{call.name}({','.join((*inner, *given))})"


def write_argument(value: Any) -> str:
    return write_call(value, SCHEDULES) if isinstance(value, Call) else write_number(value)


def write_number(value: float) -> str:
    """The shortest text that is read as this very number; a bool as True or False."""
    return repr(value).removesuffix(".0")
