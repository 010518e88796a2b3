"""Small changes of a Python file, like slips of the hand: its expressions, and what may stand there instead."""

import ast
import copy
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.FloorDiv: ast.Div, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
OTHER_NAMES = {"min": "max", "minimum": "maximum", "any": "all", "floor": "ceil", "argmin": "argmax"}
OTHER_NAMES |= {other: name for name, other in OTHER_NAMES.items()}


class Mutation(NamedTuple):
    file: str
    function: str
    node: ast.expr  # as it stands
    changed: ast.expr


def alter(node: ast.expr, **fields: object) -> ast.expr:
    altered = copy.copy(node)
    for name, value in fields.items():
        setattr(altered, name, value)
    return altered


def change(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Pairs of an expression at this node and what may stand there instead."""
    match node:
        case ast.Compare(ops=[*others, last]):
            yield node, alter(node, ops=[*others, SWAPS[type(last)]()])
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) if type(operator) in SWAPS:
            yield node, alter(node, op=SWAPS[type(operator)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node, node.operand
        case ast.Constant(value=bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield node, ast.Constant(value + 1)
        case ast.Attribute(attr=name) if name in OTHER_NAMES:
            yield node, alter(node, attr=OTHER_NAMES[name])
        case ast.Name(id=name, ctx=ast.Load()) if name in OTHER_NAMES:
            yield node, alter(node, id=OTHER_NAMES[name])
        case ast.Return(value=ast.expr() as value):
            yield value, ast.Constant(None)
        case ast.AugAssign(op=ast.Add() | ast.Sub(), value=value):
            yield value, ast.UnaryOp(ast.USub(), value)
        case ast.If(test=test) | ast.IfExp(test=test):
            yield test, ast.UnaryOp(ast.Not(), test)
        case ast.Call(args=arguments):
            yield from ((argument, ast.Constant(None)) for argument in arguments if isinstance(argument, ast.Name))


def list_mutations(root: Path, file: str) -> dict[str, list[Mutation]]:
    """The possible mutations of a file by their innermost function; of its code alone, not of types or messages."""
    found = defaultdict(list)

    def visit(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert | ast.pattern):  # texts, and where no switch fits
            return
        if function:
            found[function] += [Mutation(file, function, *pair) for pair in change(node)]
        types = [getattr(node, "annotation", None)]
        if isinstance(node, ast.FunctionDef):
            function = f"{function}.{node.name}".lstrip(".")
            types = [node.args, node.returns, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            function = ""
        for child in ast.iter_child_nodes(node):
            if child not in types:
                visit(child, function)

    visit(ast.parse((root / file).read_text(encoding="utf-8")), "")
    return found
