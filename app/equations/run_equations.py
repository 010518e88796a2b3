"""Build the equations of a run: one for each statement of the optimizer's step, with the values of every step."""

import ast
import re
import sys
from collections.abc import Sequence
from inspect import getdoc
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.equations.ast_to_latex import Latex, LatexWriter, list_cases, write_function_call
from app.equations.equation import Equation, Equations
from app.equations.math_symbols import LAST_STEP, POINT_LATEX, THIS_STEP, write_name
from app.equations.nelder_mead_equations import write_nelder_mead
from app.equations.step_recording import NOT_REACHED, Interpreter, record_steps
from app.equations.value_slots import (
    NEVER_PARENTHESIZED,
    ValueSlots,
    find_first_reached,
    find_showable_shape,
    is_boolean,
)
from optimizers.base import Optimizer
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.scipy_minimizers import replay_solver
from optimizers.methods.second_order import clip_to_unit, compute_rho, newton_step
from optimizers.numerics.vector_products import dot, matvec, norm, outer
from optimizers.schedules import scheduled
from optimizers.simulate import endpoint
from surfaces.base import Problem

SCHEDULED_STEP, REPLAYED_STEP, SIMPLEX_STEP = (
    f"{make.__qualname__}.<locals>.step" for make in (scheduled, replay_solver, nelder_mead)
)
# Calls shown with the values of their arguments; a call of any other function is shown as one value.
EXPANDED_CALLS = {
    "np.sqrt", "np.abs", "np.sign", "np.maximum", "np.minimum", "np.clip", "np.divide", "np.asarray", "_ratio",
    *(function.__name__ for function in (dot, norm, matvec, outer, newton_step, clip_to_unit, compute_rho)),
}  # fmt: skip
# Fields that the result line shows already.
SINGLE_VALUE = r"\{\\begin\{bmatrix\}.*?\\end\{bmatrix\}\}|^[\d.]+$"


def write_equations(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Equations:
    """The equations of this run; the columns end with the step after which nothing changes any more."""
    replay, replaying = record_steps(optimizer)
    endpoint(replaying, problem, x0, steps)  # runs every step, so that all values are recorded
    sheet = ValueSlots(len(replay.rows))
    told = EquationBuilder(replay, sheet)
    lines = told.lines()
    return Equations(
        tuple(lines),
        tuple(np.concatenate(([np.nan], column)) for column in sheet.columns),
        "".join(sheet.styles),
        told.note,
    )


class EquationBuilder:
    """Build the lines of one function, and those of the step function that it calls."""

    def __init__(
        self, replay: Interpreter, sheet: ValueSlots, result: str = "", moving: frozenset[str] = frozenset()
    ) -> None:
        self.replay, self.sheet, self.moving, self.note = replay, sheet, moving, ""
        self.steps = sorted(replay.rows)
        self.point = replay.tree.args.args[1].arg
        self.result = result or write_name(self.point, THIS_STEP)  # what the returned point is called
        self.letters = {self.point: write_name(self.point, LAST_STEP)}
        self.letters |= {name: write_name(name, THIS_STEP if name in moving else "") for name in replay.free} | {
            "t": "t",
            "f": "f",
        }
        self.versions: dict[str, int] = {}
        self._known: dict[ast.AST, list[Any]] = {}
        self.symbolic = LatexWriter(self.symbol, self.shape, self.fixed, self.truth, numbers=False)
        self.numeric = LatexWriter(self.number, self.shape, self.fixed, self.truth, numbers=True)

    def lines(self) -> list[Equation]:
        if self.replay.name == REPLAYED_STEP:
            self.note = "replayed"
            node = next(n for n in ast.walk(self.replay.tree) if isinstance(n, ast.Return)).value
            return [self._points()] if node else []
        if self.replay.name == SIMPLEX_STEP:
            self.note = "simplex"
            return write_nelder_mead(self.replay, self.sheet, self.result)
        if self.replay.name == SCHEDULED_STEP:
            return self._scheduled()
        return self._block(self.replay.tree.body)

    # ---- statements

    def _block(self, statements: Sequence[ast.stmt]) -> list[Equation]:
        return [line for statement in statements for line in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[Equation]:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                way = self.fixed(test)
                return self._branch(body, way is not False) + self._branch(orelse, way is not True)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                return self._assign(target, value)
            case ast.Return(value=ast.expr() as value):
                return self._return(value)
        return []

    def _branch(self, body: Sequence[ast.stmt], taken: bool) -> list[Equation]:
        if not taken:
            return []
        letters, versions = self.letters.copy(), self.versions.copy()
        lines = self._block(body)
        if isinstance(body[-1] if body else None, ast.Return):  # its names are not used any more
            self.letters, self.versions = letters, versions
        return lines

    def _assign(self, target: ast.expr, value: ast.expr) -> list[Equation]:
        if value in self.replay.inner:
            name = target.elts[0].id  # type: ignore[attr-defined]
            lines = self._inner(value, write_name(name, THIS_STEP))
            self._name(name)
            return lines
        match target, value:
            case ast.Tuple(elts=names), ast.Tuple(elts=parts) if len(names) == len(parts):
                return [line for pair in zip(names, parts, strict=True) for line in self._assign(*pair)]
            case ast.Tuple(elts=names), _:
                return self._assign_parts([n.id for n in names if isinstance(n, ast.Name)], value)
            case ast.Name(id=name), ast.Attribute(value=ast.Name(id="state"), attr=attr):
                self.letters[name] = write_name(attr, LAST_STEP)
                return []
            case ast.Name(id=name), _:
                if isinstance(value, ast.Call) and ast.unparse(value.func) == "Evaluation":
                    lines = self._return(ast.Tuple([value.args[1], value.args[0]], ast.Load()))
                    self.letters[name] = self.result
                    return lines
                if is_evaluated_point(find_first_reached(self.values(value))):
                    self.letters[name] = POINT_LATEX["at"]["x"]
                    gradient = [v if v is NOT_REACHED else v.g for v in self.values(value)]
                    return [Equation("g_{t}", "=", r"\nabla f\left(x_{t-1}\right)", (), self._slots(value, gradient))]
                right, numbers, pick = self._sides(value)
                rebound = name in self.versions
                self._name(name)
                values = self.values(value)
                return self._line(
                    self.letters[name], right, numbers, pick, values, (name, self.versions[name]), rebound
                )
        return []

    def _assign_parts(self, names: Sequence[str], value: ast.expr) -> list[Equation]:
        """Lines of a tuple assignment: one for each part that can be shown."""
        right, shown, results = self.symbolic.write(value), [], []
        whole = self.values(value)
        for i, name in enumerate(names):
            part = [v if v is NOT_REACHED else v[i] for v in whole]
            if is_evaluated_point(find_first_reached(part)):
                self.letters[name] = self.result
                part = [v if v is NOT_REACHED else v.x for v in part]
            else:
                self._name(name)
            if find_showable_shape(part) is not None and not is_boolean(find_first_reached(part)):
                shown.append(self.letters[name])
                results.append(self.sheet.write((self.replay, name, self.versions.get(name)), part))
        if not shown or find_first_reached(whole) is NOT_REACHED:
            return []
        together = ",\\ ".join
        return [Equation(together(shown), "=", right, (), together(results), when=self._when(whole))]

    def _return(self, value: ast.expr) -> list[Equation]:
        if value in self.replay.inner:
            return self._around() + self._inner(value, self.result)
        match value:
            case ast.Tuple(elts=[ast.expr() as point, _]):
                right, numbers, pick = self._sides(point)
                if right == self.result:
                    return []
                return self._line(self.result, right, numbers, pick, self.values(point), ("returned", point))
        return []

    def _line(
        self,
        left: str,
        right: str,
        numbers: tuple[str, ...],
        pick: int | None,
        values: list[Any],
        key: Any,
        rebound: bool = False,
    ) -> list[Equation]:
        """Return [] if no step executed this statement."""
        if find_first_reached(values) is NOT_REACHED:
            return []
        relation = r"\Leftrightarrow" if is_boolean(find_first_reached(values)) else r"\leftarrow" if rebound else "="
        right = "" if right == left else right
        result = self.sheet.write((self.replay, key), values) if find_showable_shape(values) is not None else ""
        return [Equation(left, relation, right, numbers, result, pick, self._when(values))]

    def _name(self, name: str) -> None:
        """From here on, write `name` as its last assignment."""
        self.versions[name] = self.versions.get(name, 0) + 1
        self.letters[name] = self.result if name == self.point else write_name(name, THIS_STEP)

    # ---- the two sides of an expression

    def _sides(self, node: ast.expr) -> tuple[Latex, tuple[str, ...], int | None]:
        """The expression in letters, in numbers for each branch of a choice, and the slot that selects the branch."""
        right = self.symbolic.write(node)
        if self.truth(node):
            return right, (), None
        ways = list_cases(node)
        if len(ways) == 1 or self.fixed(ways[0][1]) is not None:  # type: ignore[arg-type]
            text = self._numbers(node)
            return right, ((text,) if text else ()), None
        tests = [self.values(test) for _, test in ways[:-1] if test]
        if any(find_showable_shape(test) != () for test in tests):
            return right, (), None
        rows = zip(*tests, strict=True)
        went = [next((i for i, v in enumerate(row) if v is not NOT_REACHED and v), len(tests)) for row in rows]
        return right, tuple(self._numbers(value) or "" for value, _ in ways), self.sheet.column(went)

    def _numbers(self, node: ast.expr) -> str | None:
        """In numbers; None if that is a single value, which the result shows, or if a part cannot be shown."""
        before = self.sheet.state()
        try:
            text = self.numeric.write(node)
        except NotShowable:
            text = None
        if text is not None and re.sub(SINGLE_VALUE, "", text):
            return text
        self.sheet.back_to(before)
        return None

    def symbol(self, node: ast.expr, place: int) -> str | None:
        match node:
            case ast.Name(id=name):
                return self.letters.get(name) or write_name(name)
            case (
                ast.Attribute(value=ast.Name(id="state"), attr=attr)
                | ast.Attribute(value=ast.Attribute(value=ast.Name(id="state")), attr=attr)
            ):
                return write_name(attr, LAST_STEP)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in POINT_LATEX:
                known = POINT_LATEX[owner].get(attr) or write_name(attr, LAST_STEP)
                return known.replace("x_{t}", self.result)
        return None

    def number(self, node: ast.expr, place: int) -> str | None:
        """Slots for an expression shown as one value: a name, a field of the state, a call that is not arithmetic."""
        match node:
            case ast.Attribute() if ast.unparse(node) == "np.inf":
                return None
            case ast.Name(id=name) if name in self.replay.free:
                return self._slots(
                    node, self.values(node), (name, self.moving and self.replay), name not in self.moving, place
                )
            case ast.Name(id=name):
                return self._slots(
                    node, self.values(node), (self.replay, (name, self.versions.get(name, 0))), False, place
                )
            case ast.Attribute() | ast.Subscript():
                return self._slots(node, self.values(node), (self.replay, self.symbolic.write(node)), False, place)
            case ast.Call(func=ast.Attribute(attr="where")) | ast.Compare() | ast.BoolOp():
                return self._slots(node, self.values(node), place=place)
            case ast.IfExp(test=test) if self.fixed(test) is None:
                return self._slots(node, self.values(node), place=place)
            case ast.Call(func=func, args=args):
                known = ast.unparse(func) in EXPANDED_CALLS
                if not known or any(self.shape(argument) is None for argument in args):
                    return self._slots(node, self.values(node), place=place)
        return None

    def _slots(
        self, node: ast.expr, values: list[Any], key: Any = None, exact: bool = False, place: int = NEVER_PARENTHESIZED
    ) -> str:
        if find_showable_shape(values) is None:
            raise NotShowable
        return self.sheet.write(key or (self.replay, node), values, exact, place)

    # ---- what is known of an expression

    def values(self, node: ast.expr) -> list[Any]:
        if isinstance(node, ast.Constant):
            return [node.value] * len(self.steps)
        if node not in self._known:
            self._known[node] = self.replay.values(node, self.steps)
        return self._known[node]

    def shape(self, node: ast.expr) -> tuple[int, ...] | None:
        return find_showable_shape(self.values(node))

    def fixed(self, test: ast.expr) -> bool | None:
        """The truth of a test that depends on hyperparameters alone; None for any other test."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        names = {n.id for n in ast.walk(test) if isinstance(n, ast.Name)}
        decided = names and names <= self.replay.free - self.moving
        return (
            bool(find_first_reached(self.values(test)))
            if decided and find_showable_shape(self.values(test)) == ()
            else None
        )

    def truth(self, node: ast.expr) -> bool:
        return is_boolean(find_first_reached(self.values(node)))

    def _when(self, values: list[Any]) -> int | None:
        """The slot with whether each step executed this statement; None if all did."""
        came = [v is not NOT_REACHED for v in values]
        return None if all(came) else self.sheet.column(came)

    # ---- other steps inside

    def _inner(self, node: ast.expr, result: str, moving: frozenset[str] = frozenset()) -> list[Equation]:
        told = EquationBuilder(self.replay.inner[node], self.sheet, result, moving)
        lines = told.lines()
        self.note = self.note or told.note
        return lines

    def _scheduled(self) -> list[Equation]:
        """The values of the schedules at t, then the equations of the optimizer."""
        schedules = get_closure_value(self.replay.function, "schedules")
        now, moved = self.replay.tree.body[0], self.replay.tree.body[1]
        if not isinstance(now, ast.Assign) or not isinstance(moved, ast.Assign):
            raise NotImplementedError(self.replay.name)
        at = self.values(now.value)
        t = self.sheet.write("t", self.steps, exact=True)
        lines = []
        for name, schedule in schedules.items():
            word = schedule.__qualname__.split(".")[0]
            result = self.sheet.write(("scheduled", name), [values[name] for values in at])
            lines.append(
                Equation(
                    write_name(name, THIS_STEP),
                    "=",
                    write_function_call(word, "t"),
                    (write_function_call(word, [t]),),
                    result,
                )
            )
        return lines + self._inner(moved.value, self.result, frozenset(schedules))

    def _around(self) -> list[Equation]:
        """A wrapper that changes the objective: the formulas of its docstring, and its numbers."""
        word = self.replay.name.split(".")[0]
        maker = getattr(sys.modules[self.replay.function.__module__], word)
        formula = re.search(r"\$\$\s*(.+?)\s*\$\$", getdoc(maker) or "", re.DOTALL)
        lines = []
        text = " ".join(formula[1].split()) if formula else ""
        text = text.replace(r"\lVert", r"\left\lVert").replace(r"\rVert", r"\right\rVert")
        for part in re.split(r",\s*\\qquad\s*", text):
            left, relation, right = (
                re.split(r"\s*(\\leftarrow|=)\s*", part, maxsplit=1) if "arrow" in part else ("", "", part)
            )
            lines.append(Equation(left or "f(x)", relation or r"\leftarrow", right))
        for name in sorted(self.replay.free - {"optimizer"}):
            value = get_closure_value(self.replay.function, name)
            lines.append(
                Equation(write_name(name), "=", "", (), self.sheet.write((word, name), [value] * len(self.steps), True))
            )
        return lines

    def _points(self) -> Equation:
        return Equation(self.result, "=", "", (), self.sheet.write((self.replay, "point"), self.replay.returned()))


class NotShowable(Exception):
    """A part of an expression is neither number, vector nor matrix, and cannot be shown."""


def is_evaluated_point(value: Any) -> bool:
    return hasattr(value, "promise")


def get_closure_value(function: FunctionType, name: str) -> Any:
    """The value of that name in the closure of a function."""
    cells = function.__closure__ or ()
    return dict(zip(function.__code__.co_freevars, cells, strict=True))[name].cell_contents
