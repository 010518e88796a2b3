"""Read and write calls as text in Python's syntax; the text is parsed by `ast` and never run."""

import ast
import re
from typing import Any

from app.model.scene import Call, Catalogue, UserError, inspect_parameters
from optimizers.catalogue import SCHEDULES
from surfaces.spelling_suggestions import BLANK, find_plain_character

MAX_VALUE_CHARACTERS = 1000
MAX_LINKED_TABLE = 1_500  # characters of the data for a check or a training that a link may have
MAX_VALUE_DEPTH = 20  # levels of the syntax tree
MAX_NUMBER = 1e12
MAX_SHOWN_CHARACTERS = 60  # of a text that is quoted to the visitor


def parse_value(value: str) -> ast.expr:
    """Parse a value into a syntax tree. Raises `UserError`."""
    if len(value) > MAX_VALUE_CHARACTERS:
        raise UserError("A value may have at most {limit} characters.", limit=MAX_VALUE_CHARACTERS)
    if match := re.search(r"[^\w.,=()+\- ]", value, re.ASCII):
        if (instead := find_plain_character(match[0])) and instead != BLANK:
            raise UserError("Write {instead} for “{character}”.", instead=instead, character=match[0])
        raise UserError("“{character}” is not allowed here.", character=match[0])
    if match := re.search(r"(?<![\w.])[\d.]+(?!e[-+]?\d)[^\W\d]\w*", value):
        raise UserError("“{number}” is neither a number nor a name.", number=match[0][:20])
    try:
        node = ast.parse(value, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UserError("This is incomplete. Write brackets and commas as in adam(lr=0.1, beta1=0.9).") from None
    nodes = [node]
    for _ in range(MAX_VALUE_DEPTH):
        nodes = [child for parent in nodes for child in ast.iter_child_nodes(parent)]
    if nodes:
        raise UserError("This is nested too deeply.")
    return node


def read_literal(node: ast.expr) -> Any:
    """Read a number, with its sign, or a bool."""
    is_negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value = node.operand if is_negative else node
    number = value.value if isinstance(value, ast.Constant) else None
    if not isinstance(number, (bool, int, float)) or abs(number) > MAX_NUMBER:
        raise UserError("This must be a number, like 0.1 or 1e-8.")
    return -number if is_negative else number


def read_choice(node: ast.expr) -> Any:
    """Read a name, a number, or a tuple of names or numbers."""
    if isinstance(node, ast.Tuple):
        return tuple(get_name(part) if isinstance(part, ast.Name) else read_literal(part) for part in node.elts)
    return get_name(node) if isinstance(node, ast.Name) else read_literal(node)


def get_name(node: ast.expr) -> str:
    """The name of a call, or the node's own if it is a name; else ""."""
    name = node.func if isinstance(node, ast.Call) else node
    return name.id if isinstance(name, ast.Name) else ""


def get_wrapped(node: ast.expr) -> ast.expr:
    """The single argument of a wrapper: the call that it wraps. Raises `UserError`."""
    arguments = node.args if isinstance(node, ast.Call) else []
    if len(arguments) != 1:
        raise UserError("{wrapper} takes exactly one optimizer, like {wrapper}(adam()).", wrapper=get_name(node))
    return arguments[0]


def get_keywords(node: ast.expr) -> dict[str, ast.expr]:
    return {str(keyword.arg): keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}


def check_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UserError("This must be True or False.")
    return value


def shorten(text: str) -> str:
    """Cut a text to the length that is quoted to the visitor."""
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[: MAX_SHOWN_CHARACTERS - 1]}…"


def write_call(call: Call, catalogue: Catalogue, *inner: str) -> str:
    """Write a call with the arguments that are not at their defaults; `inner` comes before them."""
    parameters = inspect_parameters(catalogue[call.name])
    changed = (f"{name}={write_argument(v)}" for name, v in call.arguments if v != parameters[name].default)
    return f"{call.name}({','.join((*inner, *changed))})"


def write_argument(value: Any) -> str:
    return write_call(value, SCHEDULES) if isinstance(value, Call) else write_number(value)


def write_number(value: float) -> str:
    """The shortest text that is read back as the same number or bool."""
    return repr(value).removesuffix(".0")
