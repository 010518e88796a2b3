"""A step run by its own syntax tree: the same operations in the same order, and every value on the way is kept.

Nothing is compiled or evaluated as text: the tree of the step's own source becomes closures, one for each
expression, that do what Python does with it. So what is written about a line is what that line did, bit for bit.
"""

import ast
import builtins
import operator
from collections.abc import Callable, Sequence
from functools import lru_cache
from inspect import getsource
from itertools import chain
from textwrap import dedent
from types import FunctionType
from typing import Any

from optimizers.base import Optimizer

Names = dict[str, Any]
Run = Callable[[Names], Any]

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: operator.mod, ast.FloorDiv: operator.floordiv, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.USub: operator.neg, ast.Invert: operator.invert, ast.Not: operator.not_,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
MISSING = object()  # what an expression gave in a step that did not reach it


class Returned(Exception):
    """Leaves the statements of a function."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Replay:
    """One function as it was written, and what each of its expressions gave in each step.

    A step that calls the step of another optimizer, as a wrapper's does, has the other's `Replay` in `inner`,
    by the expression that calls it.
    """

    def __init__(self, function: FunctionType) -> None:
        self.function, self.name = function, function.__qualname__
        self.tree = parsed(function.__code__)
        self.free = frozenset(function.__code__.co_freevars)
        self.inner: dict[ast.expr, Replay] = {}
        self.rows: dict[int, list[Any]] = {}  # by step t
        self.places: dict[ast.AST, int] = {}  # of an expression in a row
        self.row: list[Any] = []
        self._outer = {**vars(builtins), **function.__globals__}
        self._bound = {*self.free, *(n.arg for n in ast.walk(self.tree) if isinstance(n, ast.arg))}
        self._bound |= {n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._bound |= {n.name for n in self.tree.body if isinstance(n, ast.FunctionDef)}
        self._parameters = [arg.arg for arg in self.tree.args.args]
        self._body = self._block(self.tree.body)

    def __call__(self, function: FunctionType, f: Any, x: Any, state: Any, t: int) -> Any:
        """What `function`, whose source this is, does at step t; its hyperparameters may differ from step to step."""
        names = dict(
            zip(function.__code__.co_freevars, (c.cell_contents for c in function.__closure__ or ()), strict=True)
        )
        names.update(zip(self._parameters, (f, x, state, t), strict=True))
        self.row = self.rows[t] = [MISSING] * len(self.places)
        return finish(self._body, names)

    def values(self, node: ast.expr, steps: Sequence[int]) -> list[Any]:
        """What `node` gave in each of `steps`."""
        place = self.places[node]
        blank = [MISSING] * (place + 1)
        return [self.rows.get(t, blank)[place] for t in steps]

    def returned(self) -> list[Any]:
        """The point that each step ended at."""
        ends = [n.value for n in ast.walk(self.tree) if isinstance(n, ast.Return) and n.value in self.places]
        found = zip(*(self.values(end, sorted(self.rows)) for end in ends if end), strict=True)
        return [next(point for point, _ in (v for v in row if v is not MISSING)) for row in found]

    # ---- statements

    def _block(self, statements: Sequence[ast.stmt], kept: bool = True) -> list[Run]:
        return [run for statement in statements if (run := self._statement(statement, kept))]

    def _statement(self, node: ast.stmt, kept: bool) -> Run | None:
        match node:
            case ast.Expr(value=ast.Constant()):
                return None
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                return assigning(target, self._expression(value, kept))
            case ast.Return(value=ast.expr() as value):
                return returning(self._expression(value, kept))
            case ast.If(test=test, body=body, orelse=orelse):
                return branching(self._expression(test, kept), self._block(body, kept), self._block(orelse, kept))
            case ast.FunctionDef(name=name, args=ast.arguments(args=args), body=body):
                return defining(name, [arg.arg for arg in args], self._block(body, kept=False))
        raise NotImplementedError(f"{self.name}: {ast.unparse(node)}")

    # ---- expressions

    def _expression(self, node: ast.expr, kept: bool) -> Run:
        run = self._plain(node, kept)
        if not kept or isinstance(node, (ast.Constant, ast.Starred, ast.Slice)):
            return run
        place = self.places.setdefault(node, len(self.places))

        def keep(names: Names) -> Any:
            self.row[place] = value = run(names)
            return value

        return keep

    def _plain(self, node: ast.expr, kept: bool) -> Run:  # noqa: PLR0912 a list of cases
        def sub(part: ast.expr) -> Run:
            return self._expression(part, kept)

        match node:
            case ast.Constant(value=value):
                return lambda names: value
            case ast.Name(id=name) if name in self._bound:
                return lambda names: names[name]
            case ast.Name(id=name):
                known = self._outer[name]
                return lambda names: known
            case ast.Attribute(value=owner, attr=attr):
                of = sub(owner)
                return lambda names: getattr(of(names), attr)
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                act, a, b = OPERATORS[type(op)], sub(left), sub(right)
                return lambda names: act(a(names), b(names))
            case ast.UnaryOp(op=op, operand=operand):
                act, a = OPERATORS[type(op)], sub(operand)
                return lambda names: act(a(names))
            case ast.BoolOp(op=op, values=parts):
                return deciding(isinstance(op, ast.Or), [sub(part) for part in parts])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                ask, then, other = sub(test), sub(body), sub(orelse)
                return lambda names: then(names) if ask(names) else other(names)
            case ast.Subscript(value=owner, slice=index):
                of, at = sub(owner), self._plain(index, kept=False)
                return lambda names: of(names)[at(names)]
            case ast.Slice(lower=lower, upper=upper, step=step):
                ends = [self._plain(end, kept=False) if end else (lambda names: None) for end in (lower, upper, step)]
                return lambda names: slice(*(end(names) for end in ends))
            case ast.Tuple(elts=parts):
                items = self._items(parts, kept)
                return lambda names: tuple(items(names))
            case ast.List(elts=parts):
                return self._items(parts, kept)
            case ast.ListComp(elt=each, generators=[ast.comprehension(target=target, iter=source, ifs=[])]):
                each_run, source_run, set_to = self._plain(each, kept=False), sub(source), storing(target)
                return lambda names: [each_run({**names, **set_to(item)}) for item in source_run(names)]
            case ast.Call():
                return self._call(node, sub, kept)
        raise NotImplementedError(f"{self.name}: {ast.unparse(node)}")

    def _items(self, parts: Sequence[ast.expr], kept: bool) -> Run:
        """A list of what the parts give; those with a star give many."""
        if not any(isinstance(part, ast.Starred) for part in parts):
            runs = [self._expression(part, kept) for part in parts]
            return lambda names: [run(names) for run in runs]
        starred = [
            (isinstance(part, ast.Starred), part.value if isinstance(part, ast.Starred) else part) for part in parts
        ]
        groups = [(many, self._expression(part, kept)) for many, part in starred]
        return lambda names: list(chain.from_iterable(run(names) if many else (run(names),) for many, run in groups))

    def _call(self, node: ast.Call, sub: Callable[[ast.expr], Run], kept: bool) -> Run:
        called = self._plain(node.func, kept=False)
        if isinstance(node.func, ast.Attribute):  # what it is a method of may be worth showing
            of, attr = sub(node.func.value), node.func.attr
            called = lambda names: getattr(of(names), attr)  # noqa: E731
        arguments = self._items(node.args, kept)
        named = [(keyword.arg, sub(keyword.value)) for keyword in node.keywords]
        is_step = isinstance(node.func, ast.Attribute) and node.func.attr == "step" and kept

        def call(names: Names) -> Any:
            function, given = called(names), arguments(names)
            if is_step:
                return self._inner(node, function)(function, *given)
            extra: Names = {}
            for name, run in named:
                extra.update({name: run(names)} if name else run(names))
            return function(*given, **extra)

        return call

    def _inner(self, node: ast.Call, function: FunctionType) -> "Replay":
        if node not in self.inner:
            self.inner[node] = Replay(function)
        return self.inner[node]


def replayed(optimizer: Optimizer) -> tuple[Replay, Optimizer]:
    """The same optimizer, whose steps are run by their syntax tree, and what keeps their values."""
    step: Any = optimizer.step
    replay = Replay(step)
    return replay, Optimizer(optimizer.init, lambda f, x, state, t: replay(step, f, x, state, t))


@lru_cache(maxsize=64)
def parsed(code: Any) -> ast.FunctionDef:
    tree = ast.parse(dedent(getsource(code))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise NotImplementedError(f"{code.co_name} is not a function of its own")
    return tree


# ---- what statements do


def finish(body: Sequence[Run], names: Names) -> Any:
    try:
        for run in body:
            run(names)
    except Returned as end:
        return end.value
    return None


def assigning(target: ast.expr, run: Run) -> Run:
    set_to = storing(target)
    return lambda names: names.update(set_to(run(names)))


def storing(target: ast.expr) -> Callable[[Any], Names]:
    """From a value to the names that get it, or its parts."""
    match target:
        case ast.Name(id=name):
            return lambda value: {name: value}
        case ast.Tuple(elts=parts) if all(isinstance(part, ast.Name) for part in parts):
            keys = [part.id for part in parts if isinstance(part, ast.Name)]
            return lambda value: dict(zip(keys, value, strict=True))
    raise NotImplementedError(ast.unparse(target))


def returning(run: Run) -> Run:
    def leave(names: Names) -> None:
        raise Returned(run(names))

    return leave


def branching(ask: Run, body: Sequence[Run], orelse: Sequence[Run]) -> Run:
    def branch(names: Names) -> None:
        for run in body if ask(names) else orelse:
            run(names)

    return branch


def defining(name: str, parameters: Sequence[str], body: Sequence[Run]) -> Run:
    """A function inside the step: it reads the step's names and sets none of them."""

    def define(names: Names) -> None:
        names[name] = lambda *given: finish(body, {**names, **dict(zip(parameters, given, strict=True))})

    return define


def deciding(until: bool, parts: Sequence[Run]) -> Run:
    """`or`, which ends with the first part that is true (`until`), or `and`, with the first that is not."""

    def decide(names: Names) -> Any:
        for part in parts:
            value = part(names)
            if bool(value) is until:
                break
        return value

    return decide
