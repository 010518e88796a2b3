"""Run a step by its syntax tree: the same operations in the same order, recording every intermediate value.

Nothing is compiled or evaluated as text: each expression in the step's syntax tree becomes a closure that does what
Python does with it. So the values that are shown for a line are those of the line itself, bit for bit.
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
NOT_REACHED = object()  # stands for the value of an expression in a step that did not execute it


class ReturnSignal(Exception):
    """Raised by `return`, to leave the statements of a function."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Interpreter:
    """Runs a function by its source, and records the value of each expression in each step.

    If a step calls the step of another optimizer, as a wrapper's does, `nested` has the other's `Interpreter`, by the
    expression of the call.
    """

    def __init__(self, function: FunctionType) -> None:
        self.function, self.name = function, function.__qualname__
        self.tree = parse_function(function.__code__)
        self.free_names = frozenset(function.__code__.co_freevars)
        self.nested: dict[ast.expr, Interpreter] = {}
        self.values_by_step: dict[int, list[Any]] = {}  # by step
        self.value_index: dict[ast.AST, int] = {}  # of an expression in a list of `values_by_step`
        self.current_values: list[Any] = []
        self._outer = {**vars(builtins), **function.__globals__}
        self._bound = {*self.free_names, *(n.arg for n in ast.walk(self.tree) if isinstance(n, ast.arg))}
        self._bound |= {n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._bound |= {n.name for n in self.tree.body if isinstance(n, ast.FunctionDef)}
        self._parameters = [arg.arg for arg in self.tree.args.args]
        self._body = self._compile_block(self.tree.body)

    def __call__(self, function: FunctionType, f: Any, x: Any, state: Any, t: int) -> Any:
        """Run `function`, which has this source, at step t; its closure may have other hyperparameters in each step."""
        names = dict(
            zip(function.__code__.co_freevars, (c.cell_contents for c in function.__closure__ or ()), strict=True)
        )
        names.update(zip(self._parameters, (f, x, state, t), strict=True))
        self.current_values = self.values_by_step[t] = [NOT_REACHED] * len(self.value_index)
        return run_body(self._body, names)

    def values(self, node: ast.expr, steps: Sequence[int]) -> list[Any]:
        """The value of `node` in each of `steps`."""
        index = self.value_index[node]
        blank = [NOT_REACHED] * (index + 1)
        return [self.values_by_step.get(t, blank)[index] for t in steps]

    def list_returned_points(self) -> list[Any]:
        """The points that the steps returned."""
        returned = [n.value for n in ast.walk(self.tree) if isinstance(n, ast.Return) and n.value in self.value_index]
        rows = zip(*(self.values(node, sorted(self.values_by_step)) for node in returned if node), strict=True)
        return [next(point for point, _ in (v for v in row if v is not NOT_REACHED)) for row in rows]

    # ---- statements

    def _compile_block(self, statements: Sequence[ast.stmt], is_recorded: bool = True) -> list[Evaluator]:
        return [run for statement in statements if (run := self._compile_statement(statement, is_recorded))]

    def _compile_statement(self, node: ast.stmt, is_recorded: bool) -> Evaluator | None:
        match node:
            case ast.Expr(value=ast.Constant()):
                return None
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                return compile_assign(target, self._compile_expression(value, is_recorded))
            case ast.Return(value=ast.expr() as value):
                return compile_return(self._compile_expression(value, is_recorded))
            case ast.If(test=test, body=body, orelse=orelse):
                return compile_if(
                    self._compile_expression(test, is_recorded),
                    self._compile_block(body, is_recorded),
                    self._compile_block(orelse, is_recorded),
                )
            case ast.FunctionDef(name=name, args=ast.arguments(args=args), body=body):
                return compile_def(name, [arg.arg for arg in args], self._compile_block(body, is_recorded=False))
        raise NotImplementedError(f"{self.name}: {ast.unparse(node)}")

    # ---- expressions

    def _compile_expression(self, node: ast.expr, is_recorded: bool) -> Evaluator:
        run = self._compile_unrecorded(node, is_recorded)
        if not is_recorded or isinstance(node, (ast.Constant, ast.Starred, ast.Slice)):
            return run
        index = self.value_index.setdefault(node, len(self.value_index))

        def record(names: Namespace) -> Any:
            self.current_values[index] = value = run(names)
            return value

        return record

    def _compile_unrecorded(self, node: ast.expr, is_recorded: bool) -> Evaluator:  # noqa: PLR0912 a list of cases
        def sub(part: ast.expr) -> Evaluator:
            return self._compile_expression(part, is_recorded)

        match node:
            case ast.Constant(value=value):
                return lambda names: value
            case ast.Name(id=name) if name in self._bound:
                return lambda names: names[name]
            case ast.Name(id=name):
                value = self._outer[name]
                return lambda names: value
            case ast.Attribute(value=owner, attr=attr):
                get_owner = sub(owner)
                return lambda names: getattr(get_owner(names), attr)
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                operate, a, b = OPERATORS[type(op)], sub(left), sub(right)
                return lambda names: operate(a(names), b(names))
            case ast.UnaryOp(op=op, operand=operand):
                operate, a = OPERATORS[type(op)], sub(operand)
                return lambda names: operate(a(names))
            case ast.BoolOp(op=op, values=parts):
                return compile_bool_op(isinstance(op, ast.Or), [sub(part) for part in parts])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                run_test, run_body, run_else = sub(test), sub(body), sub(orelse)
                return lambda names: run_body(names) if run_test(names) else run_else(names)
            case ast.Subscript(value=owner, slice=index):
                get_owner, get_index = sub(owner), self._compile_unrecorded(index, is_recorded=False)
                return lambda names: get_owner(names)[get_index(names)]
            case ast.Slice(lower=lower, upper=upper, step=step):
                ends = [
                    self._compile_unrecorded(end, is_recorded=False) if end else (lambda names: None)
                    for end in (lower, upper, step)
                ]
                return lambda names: slice(*(end(names) for end in ends))
            case ast.Tuple(elts=parts):
                items = self._compile_items(parts, is_recorded)
                return lambda names: tuple(items(names))
            case ast.List(elts=parts):
                return self._compile_items(parts, is_recorded)
            case ast.ListComp(elt=element, generators=[ast.comprehension(target=target, iter=source, ifs=[])]):
                run_element, run_source = self._compile_unrecorded(element, is_recorded=False), sub(source)
                assign = compile_target(target)
                return lambda names: [run_element({**names, **assign(item)}) for item in run_source(names)]
            case ast.Call():
                return self._compile_call(node, sub, is_recorded)
        raise NotImplementedError(f"{self.name}: {ast.unparse(node)}")

    def _compile_items(self, parts: Sequence[ast.expr], is_recorded: bool) -> Evaluator:
        """Evaluate the parts into a list; a starred part gives several values."""
        if not any(isinstance(part, ast.Starred) for part in parts):
            runs = [self._compile_expression(part, is_recorded) for part in parts]
            return lambda names: [run(names) for run in runs]
        groups = [
            (True, self._compile_expression(part.value, is_recorded))
            if isinstance(part, ast.Starred)
            else (False, self._compile_expression(part, is_recorded))
            for part in parts
        ]
        return lambda names: list(chain.from_iterable(run(names) if star else (run(names),) for star, run in groups))

    def _compile_call(self, node: ast.Call, sub: Callable[[ast.expr], Evaluator], is_recorded: bool) -> Evaluator:
        get_function = self._compile_unrecorded(node.func, is_recorded=False)
        if isinstance(node.func, ast.Attribute):  # the object of a method may be shown, too
            get_owner, attr = sub(node.func.value), node.func.attr
            get_function = lambda names: getattr(get_owner(names), attr)  # noqa: E731
        get_arguments = self._compile_items(node.args, is_recorded)
        keywords = [(keyword.arg, sub(keyword.value)) for keyword in node.keywords]
        is_step = isinstance(node.func, ast.Attribute) and node.func.attr == "step" and is_recorded

        def call(names: Namespace) -> Any:
            function, arguments = get_function(names), get_arguments(names)
            if is_step:
                return self._get_nested(node, function)(function, *arguments)
            keyword_arguments: Namespace = {}
            for name, run in keywords:
                keyword_arguments.update({name: run(names)} if name else run(names))
            return function(*arguments, **keyword_arguments)

        return call

    def _get_nested(self, node: ast.Call, function: FunctionType) -> "Interpreter":
        if node not in self.nested:
            self.nested[node] = Interpreter(function)
        return self.nested[node]


def record_steps(optimizer: Optimizer) -> tuple[Interpreter, Optimizer]:
    """The optimizer with its steps run by an `Interpreter`, which records their values."""
    step: Any = optimizer.step
    interpreter = Interpreter(step)
    return interpreter, Optimizer(optimizer.init, lambda f, x, state, t: interpreter(step, f, x, state, t))


@lru_cache(maxsize=64)
def parse_function(code: Any) -> ast.FunctionDef:
    tree = ast.parse(dedent(getsource(code))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        raise NotImplementedError(f"{code.co_name} is not defined by a `def`")
    return tree


# ---- assignments and closures


def run_body(body: Sequence[Evaluator], names: Namespace) -> Any:
    try:
        for run in body:
            run(names)
    except ReturnSignal as signal:
        return signal.value
    return None


def compile_assign(target: ast.expr, run: Evaluator) -> Evaluator:
    assign = compile_target(target)
    return lambda names: names.update(assign(run(names)))


def compile_target(target: ast.expr) -> Callable[[Any], Namespace]:
    """A function from a value to the names that it, or each of its parts, is assigned to."""
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


def compile_if(test: Evaluator, body: Sequence[Evaluator], orelse: Sequence[Evaluator]) -> Evaluator:
    def branch(names: Namespace) -> None:
        for run in body if test(names) else orelse:
            run(names)

    return branch


def compile_def(name: str, parameters: Sequence[str], body: Sequence[Evaluator]) -> Evaluator:
    """A function inside the step, which reads the step's variables and assigns none of them."""

    def define(names: Namespace) -> None:
        names[name] = lambda *arguments: run_body(body, {**names, **dict(zip(parameters, arguments, strict=True))})

    return define


def compile_bool_op(stop_value: bool, parts: Sequence[Evaluator]) -> Evaluator:
    """`or`, which stops at the first true part (`stop_value`), or `and`, which stops at the first false one."""

    def decide(names: Namespace) -> Any:
        for part in parts:
            value = part(names)
            if bool(value) is stop_value:
                break
        return value

    return decide
