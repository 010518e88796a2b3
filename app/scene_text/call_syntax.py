"""One value of a text in Python's call syntax, as Python's own parser sees it: a tree that is looked at, never run."""

import ast
import re
from typing import Any

from app.model.scene import Rejected
from surfaces.spelling_suggestions import BLANK, plain

LONG = 1000  # characters that a value may have
DEEP = 20  # levels of its tree, call within call
LARGE = 1e12  # no number here is larger


def tree(value: str) -> ast.expr:
    """A value as Python's own parser sees it."""
    if len(value) > LONG:
        raise Rejected("A value has at most {long} characters.", long=LONG)
    if strange := re.search(r"[^\w.,=()+\- ]", value, re.ASCII):
        if (instead := plain(strange[0])) and instead != BLANK:
            raise Rejected("Write {instead} for “{character}”.", instead=instead, character=strange[0])
        raise Rejected("“{strange}” has no meaning here.", strange=strange[0])
    if number := re.search(r"(?<![\w.])[\d.]+(?!e[-+]?\d)[^\W\d]\w*", value):
        raise Rejected("“{number}” is neither a number nor a name.", number=number[0][:20])
    try:
        node = ast.parse(value, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Rejected("This is not complete: brackets and commas as in adam(lr=0.1, beta1=0.9).") from None
    level = [node]
    for _ in range(DEEP):
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    if level:
        raise Rejected("This is nested too deeply.")
    return node


def literal(node: ast.expr) -> Any:
    """A number, with its sign, or a switch."""
    minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value = node.operand if minus else node
    said = value.value if isinstance(value, ast.Constant) else None
    if not isinstance(said, (bool, int, float)) or abs(said) > LARGE:
        raise Rejected("A number is wanted, like 0.1 or 1e-8.")
    return -said if minus else said


def choice(node: ast.expr) -> Any:
    """A word, several in brackets, or a number."""
    if isinstance(node, ast.Tuple):
        return tuple(word_of(part) for part in node.elts)
    return word_of(node) if isinstance(node, ast.Name) else literal(node)


def word_of(node: ast.expr) -> str:
    """The word that is called, or stands for itself; "" where there is none."""
    head = node.func if isinstance(node, ast.Call) else node
    return head.id if isinstance(head, ast.Name) else ""


def only(node: ast.expr) -> ast.expr:
    """What a wrapper is put around."""
    inside = node.args if isinstance(node, ast.Call) else []
    if len(inside) != 1:
        raise Rejected("{wrapper} is put around one run, like {wrapper}(adam()).", wrapper=word_of(node))
    return inside[0]


def named(node: ast.expr) -> dict[str, ast.expr]:
    """The arguments that are given by name."""
    return {str(keyword.arg): keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}


def switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Rejected("True or False is wanted.")
    return value
