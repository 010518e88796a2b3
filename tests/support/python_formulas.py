"""An independent truth for formulas: a canonical text is an expression of Python too, and Python reads it itself."""

import ast
from typing import Any

import numpy as np
from scipy import special

from surfaces.formula.expression_tree import Apply, Name, Number, Tree

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">",
    ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.And: "and", ast.Or: "or",
}  # fmt: skip
MEANINGS: dict[str, Any] = {
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "log2", "log10", "sqrt", "abs", "tanh",
       "sinh", "cosh", "arcsin", "arccos", "arctan", "cbrt", "sign", "floor", "where", "pi", "e")},
    "min": lambda *u: np.min(np.broadcast_arrays(*u), axis=0),
    "max": lambda *u: np.max(np.broadcast_arrays(*u), axis=0),
    "mod": lambda u, v: u - v * np.floor(u / v), "atan2": lambda v, u: np.angle(u + 1j * v),
    "erf": lambda u: 1 - special.erfc(u), "sigmoid": lambda u: 0.5 + 0.5 * np.tanh(u / 2),
    "softplus": lambda u: np.log1p(np.exp(-np.abs(u))) + (u + np.abs(u)) / 2, "relu": lambda u: (u + np.abs(u)) / 2,
}  # fmt: skip


def read_as_python(text: str) -> Tree:
    """The tree of a canonical text, by Python's order of operations."""
    return _convert(ast.parse(text.strip(" "), mode="eval").body)


def _convert(node: ast.expr) -> Tree:
    match node:
        case ast.Constant(value):
            return Number(float(value))  # type: ignore[arg-type]
        case ast.Name(word):
            return Name(word)
        case ast.UnaryOp(ast.UAdd(), u):
            return _convert(u)
        case ast.UnaryOp(ast.USub(), u):
            return Apply("neg", (_convert(u),))
        case ast.BinOp(u, sign, v):
            return Apply(OPERATORS[type(sign)], (_convert(u), _convert(v)))
        case ast.Call(ast.Name(word), args):
            return Apply(word, tuple(map(_convert, args)))
        case ast.BoolOp(sign, parts):
            return _join(OPERATORS[type(sign)], [_convert(part) for part in parts])
        case ast.Compare(left, signs, others):
            sides = [_convert(side) for side in (left, *others)]
            pairs = zip(signs, sides, sides[1:], strict=False)
            return _join("and", [Apply(OPERATORS[type(sign)], (u, v)) for sign, u, v in pairs])
    raise AssertionError(ast.dump(node))


def _join(word: str, parts: list[Tree]) -> Tree:
    tree = parts[0]
    for part in parts[1:]:
        tree = Apply(word, (tree, part))
    return tree


def evaluate_as_python(text: str, x: Any, y: Any) -> Any:
    """The value of a canonical text by Python and NumPy; one with chains, `and` or `or` at one point only."""
    with np.errstate(all="ignore"):
        found = eval(text.strip(" "), {"__builtins__": {}}, MEANINGS | {"x": x, "y": y})  # noqa: S307 -- a test's own text
        return np.broadcast_to(np.asarray(found, dtype=float), np.shape(x))
