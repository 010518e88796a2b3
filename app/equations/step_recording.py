"""Run a step by its syntax tree: the same operations in the same order, recording every intermediate value.

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

Namespace = dict[str, Any]
Evaluator = Callable[[Namespace], Any]

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: operator.mod, ast.FloorDiv: operator.floordiv, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.USub: operator.neg, ast.Invert: operator.invert, ast.Not: operator.not_,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
NOT_REACHED = object()  # the value of an expression in a step that did not execute it


class ReturnSignal(Exception):
    """Raised by `return`, to leave the statements of a function."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Interpreter:
    """A function by its source, with the value of each of its expressions in each step.

    A step that calls the step of another optimizer, as a wrapper's does, has the other's `Interpreter` in `nested`,
    by the expression that calls it.
    """

    def __init__(self, function: FunctionType) -> None:
        self.function, self.name = function, function.__qualname__
        self.tree = parse_function(function.__code__)
        self.free_names = frozenset(function.__code__.co_freevars)
        self.nested: dict[ast.expr, Interpreter] = {}
        self.values_by_step: dict[int, list[Any]] = {}  # by step t
        self.value_index: dict[ast.AST, int] = {}  # of an expression in a row
        self.current_values: list[Any] = []
        self._outer = {**vars(builtins), **function.__globals__}
        self._bound = {*self.free_names, *(n.arg for n in ast.walk(self.tree) if isinstance(n, ast.arg))}
        self._bound |= {n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._bound |= {n.name for n in self.tree.body if isinstance(n, ast.FunctionDef)}
        self._parameters = [arg.arg for arg in self.tree.args.args]
        self._body = self._compile_block(self.tree.body)

    def __call__(self, function: FunctionType, f: Any, x: Any, state: Any, t: int) -> Any:
        """Run `function`, whose source this is, at step t; its hyperparameters may differ from step to step."""
        names = dict(
            zip(function.__code__.co_freevars, (c.cell_contents for c in function.__closure__ or ()), strict=True)
        )
        names.update(zip(self._parameters, (f, x, state, t), strict=True))
        self.current_values = self.values_by_step[t] = [NOT_REACHED] * len(self.value_index)
        return run_body(self._body, names)

    def values(self, node: ast.expr, steps: Sequence[int]) -> list[Any]:
        """The value of `node` in each of `steps`."""
        place = self.value_index[node]
        blank = [NOT_REACHED] * (place + 1)
        return [self.values_by_step.get(t, blank)[place] for t in steps]

    def list_returned_points(self) -> list[Any]:
        """The point at the end of each step."""
        ends = [n.value for n in ast.walk(self.tree) if isinstance(n, ast.Return) and n.value in self.value_index]
        found = zip(*(self.values(end, sorted(self.values_by_step)) for end in ends if end), strict=True)
        return [next(point for point, _ in (v for v in row if v is not NOT_REACHED)) for row in found]

    # ---- statements

    def _compile_block(self, statements: Sequence[ast.stmt], kept: bool = True) -> list[Evaluator]:
        return [run for statement in statements if (run := self._compile_statement(statement, kept))]

    def _compile_statement(self, node: ast.stmt, kept: bool) -> Evaluator | None:
        match node:
            case ast.Expr(value=ast.Constant()):
                return None
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                return compile_assign(target, self._compile_expression(value, kept))
            case ast.Return(value=ast.expr() as value):
                return compile_return(self._compile_expression(value, kept))
            case ast.If(test=test, body=body, orelse=orelse):
                return compile_if(
                    self._compile_expression(test, kept),
                    self._compile_block(body, kept),
                    self._compile_block(orelse, kept),
                )
            case ast.FunctionDef(name=name, args=ast.arguments(args=args), body=body):
                return compile_def(name, [arg.arg for arg in args], self._compile_block(body, kept=False))
        raise NotImplementedError(f"{self.name}: {ast.unparse(node)}")

    # ---- expressions

    def _compile_expression(self, node: ast.expr, kept: bool) -> Evaluator:
        run = self._compile_unrecorded(node, kept)
        if not kept or isinstance(node, (ast.Constant, ast.Starred, ast.Slice)):
            return run
        place = self.value_index.setdefault(node, len(self.value_index))

        def keep(names: Namespace) -> Any:
            self.current_values[place] = value = run(names)
            return value

        return keep

    def _compile_unrecorded(self, node: ast.expr, kept: bool) -> Evaluator:  # noqa: PLR0912 a list of cases
        def sub(part: ast.expr) -> Evaluator:
            return self._compile_expression(part, kept)

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
                return compile_bool_op(isinstance(op, ast.Or), [sub(part) for part in parts])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                ask, then, other = sub(test), sub(body), sub(orelse)
                return lambda names: then(names) if ask(names) else other(names)
            case ast.Subscript(value=owner, slice=index):
                of, at = sub(owner), self._compile_unrecorded(index, kept=False)
                return lambda names: of(names)[at(names)]
            case ast.Slice(lower=lower, upper=upper, step=step):
                ends = [
                    self._compile_unrecorded(end, kept=False) if end else (lambda names: None)
                    for end in (lower, upper, step)
                ]
                return lambda names: slice(*(end(names) for end in ends))
            case ast.Tuple(elts=parts):
                items = self._compile_items(parts, kept)
                return lambda names: tuple(items(names))
            case ast.List(elts=parts):
                return self._compile_items(parts, kept)
            case ast.ListComp(elt=each, generators=[ast.comprehension(target=target, iter=source, ifs=[])]):
                each_run, source_run, set_to = (
                    self._compile_unrecorded(each, kept=False),
                    sub(source),
                    compile_target(target),
                )
                return lambda names: [each_run({**names, **set_to(item)}) for item in source_run(names)]
            case ast.Call():
                return self._compile_call(node, sub, kept)
        raise NotImplementedError(f"{self.name}: {ast.unparse(node)}")

    def _compile_items(self, parts: Sequence[ast.expr], kept: bool) -> Evaluator:
        """Evaluate the parts into a list; a starred part gives several values."""
        if not any(isinstance(part, ast.Starred) for part in parts):
            runs = [self._compile_expression(part, kept) for part in parts]
            return lambda names: [run(names) for run in runs]
        starred = [
            (isinstance(part, ast.Starred), part.value if isinstance(part, ast.Starred) else part) for part in parts
        ]
        groups = [(many, self._compile_expression(part, kept)) for many, part in starred]
        return lambda names: list(chain.from_iterable(run(names) if many else (run(names),) for many, run in groups))

    def _compile_call(self, node: ast.Call, sub: Callable[[ast.expr], Evaluator], kept: bool) -> Evaluator:
        called = self._compile_unrecorded(node.func, kept=False)
        if isinstance(node.func, ast.Attribute):  # the object of a method may be worth showing
            of, attr = sub(node.func.value), node.func.attr
            called = lambda names: getattr(of(names), attr)  # noqa: E731
        arguments = self._compile_items(node.args, kept)
        named = [(keyword.arg, sub(keyword.value)) for keyword in node.keywords]
        is_step = isinstance(node.func, ast.Attribute) and node.func.attr == "step" and kept

        def call(names: Namespace) -> Any:
            function, given = called(names), arguments(names)
            if is_step:
                return self._get_nested(node, function)(function, *given)
            extra: Namespace = {}
            for name, run in named:
                extra.update({name: run(names)} if name else run(names))
            return function(*given, **extra)

        return call

    def _get_nested(self, node: ast.Call, function: FunctionType) -> "Interpreter":
        if node not in self.nested:
            self.nested[node] = Interpreter(function)
        return self.nested[node]


def record_steps(optimizer: Optimizer) -> tuple[Interpreter, Optimizer]:
    """The same optimizer with its steps run by their syntax tree, and the record of their values."""
    step: Any = optimizer.step
    replay = Interpreter(step)
    return replay, Optimizer(optimizer.init, lambda f, x, state, t: replay(step, f, x, state, t))


@lru_cache(maxsize=64)
def parse_function(code: Any) -> ast.FunctionDef:
    tree = ast.parse(dedent(getsource(code))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise NotImplementedError(f"{code.co_name} is not a function of its own")
    return tree


# ---- assignments and closures


def run_body(body: Sequence[Evaluator], names: Namespace) -> Any:
    try:
        for run in body:
            run(names)
    except ReturnSignal as end:
        return end.value
    return None


def compile_assign(target: ast.expr, run: Evaluator) -> Evaluator:
    set_to = compile_target(target)
    return lambda names: names.update(set_to(run(names)))


def compile_target(target: ast.expr) -> Callable[[Any], Namespace]:
    """Assign a value, or its parts, to names."""
    match target:
        case ast.Name(id=name):
            return lambda value: {name: value}
        case ast.Tuple(elts=parts) if all(isinstance(part, ast.Name) for part in parts):
            keys = [part.id for part in parts if isinstance(part, ast.Name)]
            return lambda value: dict(zip(keys, value, strict=True))
    raise NotImplementedError(ast.unparse(target))


def compile_return(run: Evaluator) -> Evaluator:
    def leave(names: Namespace) -> None:
        raise ReturnSignal(run(names))

    return leave


def compile_if(ask: Evaluator, body: Sequence[Evaluator], orelse: Sequence[Evaluator]) -> Evaluator:
    def branch(names: Namespace) -> None:
        for run in body if ask(names) else orelse:
            run(names)

    return branch


def compile_def(name: str, parameters: Sequence[str], body: Sequence[Evaluator]) -> Evaluator:
    """A function inside the step: it reads the step's names and sets none of them."""

    def define(names: Namespace) -> None:
        names[name] = lambda *given: run_body(body, {**names, **dict(zip(parameters, given, strict=True))})

    return define


def compile_bool_op(stop_value: bool, parts: Sequence[Evaluator]) -> Evaluator:
    """`or`, which ends with the first part that is true (`stop_value`), or `and`, with the first that is not."""

    def decide(names: Namespace) -> Any:
        for part in parts:
            value = part(names)
            if bool(value) is stop_value:
                break
        return value

    return decide
