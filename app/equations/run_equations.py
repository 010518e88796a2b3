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
# Numbers that the result shows already.
SINGLE_VALUE = r"\{\\begin\{bmatrix\}.*?\\end\{bmatrix\}\}|^[\d.]+$"


def write_equations(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Equations:
    """The equations of this run; the columns end with the step after which nothing changes any more."""
    interpreter, recording_optimizer = record_steps(optimizer)
    endpoint(recording_optimizer, problem, x0, steps)  # NumPy's loop runs every step
    slots = ValueSlots(len(interpreter.values_by_step))
    builder = EquationBuilder(interpreter, slots)
    lines = builder.build()
    return Equations(
        tuple(lines),
        tuple(np.concatenate(([np.nan], column)) for column in slots.columns),
        "".join(slots.styles),
        builder.note,
    )


class EquationBuilder:
    """Builds the equations of one function, and of the step function that it calls."""

    def __init__(
        self,
        interpreter: Interpreter,
        slots: ValueSlots,
        result_latex: str = "",
        scheduled_names: frozenset[str] = frozenset(),
    ) -> None:
        self.interpreter, self.slots, self.scheduled_names, self.note = interpreter, slots, scheduled_names, ""
        self.steps = sorted(interpreter.values_by_step)
        self.point_name = interpreter.tree.args.args[1].arg
        self.result_latex = result_latex or write_name(self.point_name, THIS_STEP)  # of the returned point
        self.latex_names = {self.point_name: write_name(self.point_name, LAST_STEP)}
        for name in interpreter.free_names:
            self.latex_names[name] = write_name(name, THIS_STEP if name in scheduled_names else "")
        self.latex_names |= {"t": "t", "f": "f"}
        self.versions: dict[str, int] = {}
        self._values: dict[ast.AST, list[Any]] = {}
        self.symbolic = LatexWriter(
            self.write_symbol, self.find_shape, self.find_fixed_branch, self.is_boolean, with_numbers=False
        )
        self.numeric = LatexWriter(
            self.write_number, self.find_shape, self.find_fixed_branch, self.is_boolean, with_numbers=True
        )

    def build(self) -> list[Equation]:
        if self.interpreter.name == REPLAYED_STEP:
            self.note = "replayed"
            node = next(n for n in ast.walk(self.interpreter.tree) if isinstance(n, ast.Return)).value
            return [self._build_point()] if node else []
        if self.interpreter.name == SIMPLEX_STEP:
            self.note = "simplex"
            return write_nelder_mead(self.interpreter, self.slots, self.result_latex)
        if self.interpreter.name == SCHEDULED_STEP:
            return self._build_scheduled()
        return self._build_block(self.interpreter.tree.body)

    # ---- statements

    def _build_block(self, statements: Sequence[ast.stmt]) -> list[Equation]:
        return [line for statement in statements for line in self._build_statement(statement)]

    def _build_statement(self, node: ast.stmt) -> list[Equation]:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                truth = self.find_fixed_branch(test)
                return self._build_branch(body, truth is not False) + self._build_branch(orelse, truth is not True)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                return self._build_assign(target, value)
            case ast.Return(value=ast.expr() as value):
                return self._build_return(value)
        return []

    def _build_branch(self, body: Sequence[ast.stmt], is_taken: bool) -> list[Equation]:
        if not is_taken:
            return []
        latex_names, versions = self.latex_names.copy(), self.versions.copy()
        lines = self._build_block(body)
        if isinstance(body[-1] if body else None, ast.Return):  # its names are not used any more
            self.latex_names, self.versions = latex_names, versions
        return lines

    def _build_assign(self, target: ast.expr, value: ast.expr) -> list[Equation]:
        if value in self.interpreter.nested:
            name = target.elts[0].id  # type: ignore[attr-defined]
            lines = self._build_nested(value, write_name(name, THIS_STEP))
            self._bind(name)
            return lines
        match target, value:
            case ast.Tuple(elts=names), ast.Tuple(elts=parts) if len(names) == len(parts):
                return [line for pair in zip(names, parts, strict=True) for line in self._build_assign(*pair)]
            case ast.Tuple(elts=names), _:
                return self._build_unpacking([n.id for n in names if isinstance(n, ast.Name)], value)
            case ast.Name(id=name), ast.Attribute(value=ast.Name(id="state"), attr=attr):
                self.latex_names[name] = write_name(attr, LAST_STEP)
                return []
            case ast.Name(id=name), _:
                if isinstance(value, ast.Call) and ast.unparse(value.func) == "Evaluation":
                    lines = self._build_return(ast.Tuple([value.args[1], value.args[0]], ast.Load()))
                    self.latex_names[name] = self.result_latex
                    return lines
                if is_evaluated_point(find_first_reached(self.values(value))):
                    self.latex_names[name] = POINT_LATEX["at"]["x"]
                    gradient = [v if v is NOT_REACHED else v.g for v in self.values(value)]
                    return [
                        Equation("g_{t}", "=", r"\nabla f\left(x_{t-1}\right)", (), self._write_slots(value, gradient))
                    ]
                right, numbers, case_slot = self._write_sides(value)
                is_rebound = name in self.versions
                self._bind(name)
                values = self.values(value)
                return self._build_equation(
                    self.latex_names[name], right, numbers, case_slot, values, (name, self.versions[name]), is_rebound
                )
        return []

    def _build_unpacking(self, names: Sequence[str], value: ast.expr) -> list[Equation]:
        """The equation of a tuple assignment, with the parts that can be shown."""
        right, shown, results = self.symbolic.write(value), [], []
        tuples = self.values(value)
        for i, name in enumerate(names):
            part = [v if v is NOT_REACHED else v[i] for v in tuples]
            if is_evaluated_point(find_first_reached(part)):
                self.latex_names[name] = self.result_latex
                part = [v if v is NOT_REACHED else v.x for v in part]
            else:
                self._bind(name)
            if find_showable_shape(part) is not None and not is_boolean(find_first_reached(part)):
                shown.append(self.latex_names[name])
                results.append(self.slots.write((self.interpreter, name, self.versions.get(name)), part))
        if not shown or find_first_reached(tuples) is NOT_REACHED:
            return []
        together = ",\\ ".join
        return [
            Equation(together(shown), "=", right, (), together(results), reached_slot=self._add_reached_slot(tuples))
        ]

    def _build_return(self, value: ast.expr) -> list[Equation]:
        if value in self.interpreter.nested:
            return self._build_wrapper() + self._build_nested(value, self.result_latex)
        match value:
            case ast.Tuple(elts=[ast.expr() as point, _]):
                right, numbers, case_slot = self._write_sides(point)
                if right == self.result_latex:
                    return []
                return self._build_equation(
                    self.result_latex, right, numbers, case_slot, self.values(point), ("returned", point)
                )
        return []

    def _build_equation(
        self,
        left: str,
        right: str,
        numbers: tuple[str, ...],
        case_slot: int | None,
        values: list[Any],
        key: Any,
        is_rebound: bool = False,
    ) -> list[Equation]:
        """The equation of an assignment; [] if no step executed it."""
        if find_first_reached(values) is NOT_REACHED:
            return []
        relation = (
            r"\Leftrightarrow" if is_boolean(find_first_reached(values)) else r"\leftarrow" if is_rebound else "="
        )
        right = "" if right == left else right
        result = self.slots.write((self.interpreter, key), values) if find_showable_shape(values) is not None else ""
        return [Equation(left, relation, right, numbers, result, case_slot, self._add_reached_slot(values))]

    def _bind(self, name: str) -> None:
        """From here on, `name` stands for the value that is assigned now."""
        self.versions[name] = self.versions.get(name, 0) + 1
        self.latex_names[name] = self.result_latex if name == self.point_name else write_name(name, THIS_STEP)

    # ---- the two sides of an expression

    def _write_sides(self, node: ast.expr) -> tuple[Latex, tuple[str, ...], int | None]:
        """The expression with symbols, with numbers for each branch, and the slot that selects the branch."""
        right = self.symbolic.write(node)
        if self.is_boolean(node):
            return right, (), None
        cases = list_cases(node)
        if len(cases) == 1 or self.find_fixed_branch(cases[0][1]) is not None:  # type: ignore[arg-type]
            text = self._write_numbers(node)
            return right, ((text,) if text else ()), None
        tests = [self.values(test) for _, test in cases[:-1] if test]
        if any(find_showable_shape(test) != () for test in tests):
            return right, (), None
        rows = zip(*tests, strict=True)
        branches = [next((i for i, v in enumerate(row) if v is not NOT_REACHED and v), len(tests)) for row in rows]
        return right, tuple(self._write_numbers(value) or "" for value, _ in cases), self.slots.add_column(branches)

    def _write_numbers(self, node: ast.expr) -> str | None:
        """The expression with numbers; None if it is a single value, or if a part cannot be shown."""
        before = self.slots.snapshot()
        try:
            text = self.numeric.write(node)
        except NotShowable:
            text = None
        if text is not None and re.sub(SINGLE_VALUE, "", text):
            return text
        self.slots.restore(before)
        return None

    def write_symbol(self, node: ast.expr, context: int) -> str | None:
        match node:
            case ast.Name(id=name):
                return self.latex_names.get(name) or write_name(name)
            case (
                ast.Attribute(value=ast.Name(id="state"), attr=attr)
                | ast.Attribute(value=ast.Attribute(value=ast.Name(id="state")), attr=attr)
            ):
                return write_name(attr, LAST_STEP)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in POINT_LATEX:
                latex = POINT_LATEX[owner].get(attr) or write_name(attr, LAST_STEP)
                return latex.replace("x_{t}", self.result_latex)
        return None

    def write_number(self, node: ast.expr, context: int) -> str | None:
        """Slots for an expression shown as one value: a name, a field of the state, a call that is not arithmetic."""
        match node:
            case ast.Attribute() if ast.unparse(node) == "np.inf":
                return None
            case ast.Name(id=name) if name in self.interpreter.free_names:
                key = name, self.scheduled_names and self.interpreter
                return self._write_slots(node, self.values(node), key, name not in self.scheduled_names, context)
            case ast.Name(id=name):
                key = self.interpreter, (name, self.versions.get(name, 0))
                return self._write_slots(node, self.values(node), key, context=context)
            case ast.Attribute() | ast.Subscript():
                key = self.interpreter, self.symbolic.write(node)
                return self._write_slots(node, self.values(node), key, context=context)
            case ast.IfExp(test=test) if self.find_fixed_branch(test) is not None:
                return None
            case ast.Call(func=ast.Attribute(attr="where")) | ast.Compare() | ast.BoolOp() | ast.IfExp():
                return self._write_slots(node, self.values(node), context=context)
            case ast.Call(func=func, args=args):
                is_expanded = ast.unparse(func) in EXPANDED_CALLS
                if not is_expanded or any(self.find_shape(argument) is None for argument in args):
                    return self._write_slots(node, self.values(node), context=context)
        return None

    def _write_slots(
        self,
        node: ast.expr,
        values: list[Any],
        key: Any = None,
        is_exact: bool = False,
        context: int = NEVER_PARENTHESIZED,
    ) -> str:
        if find_showable_shape(values) is None:
            raise NotShowable
        return self.slots.write(key or (self.interpreter, node), values, is_exact, context)

    # ---- the recorded values of an expression

    def values(self, node: ast.expr) -> list[Any]:
        if isinstance(node, ast.Constant):
            return [node.value] * len(self.steps)
        if node not in self._values:
            self._values[node] = self.interpreter.values(node, self.steps)
        return self._values[node]

    def find_shape(self, node: ast.expr) -> tuple[int, ...] | None:
        return find_showable_shape(self.values(node))

    def find_fixed_branch(self, test: ast.expr) -> bool | None:
        """The truth of a test that depends on hyperparameters alone; None for any other test."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        names = {n.id for n in ast.walk(test) if isinstance(n, ast.Name)}
        if not names or not names <= self.interpreter.free_names - self.scheduled_names or self.find_shape(test) != ():
            return None
        return bool(find_first_reached(self.values(test)))

    def is_boolean(self, node: ast.expr) -> bool:
        return is_boolean(find_first_reached(self.values(node)))

    def _add_reached_slot(self, values: list[Any]) -> int | None:
        """The slot with whether each step executed this statement; None if all did."""
        is_reached = [v is not NOT_REACHED for v in values]
        return None if all(is_reached) else self.slots.add_column(is_reached)

    # ---- steps within this step

    def _build_nested(
        self, node: ast.expr, result: str, scheduled_names: frozenset[str] = frozenset()
    ) -> list[Equation]:
        builder = EquationBuilder(self.interpreter.nested[node], self.slots, result, scheduled_names)
        lines = builder.build()
        self.note = self.note or builder.note
        return lines

    def _build_scheduled(self) -> list[Equation]:
        """The values of the schedules at t, then the equations of the optimizer."""
        schedules = get_closure_value(self.interpreter.function, "schedules")
        hyper_statement, step_statement = self.interpreter.tree.body[:2]
        if not isinstance(hyper_statement, ast.Assign) or not isinstance(step_statement, ast.Assign):
            raise NotImplementedError(self.interpreter.name)
        hyper = self.values(hyper_statement.value)
        t = self.slots.write("t", self.steps, is_exact=True)
        lines = []
        for name, schedule in schedules.items():
            maker_name = schedule.__qualname__.split(".")[0]
            result = self.slots.write(("scheduled", name), [values[name] for values in hyper])
            right, numbers = (write_function_call(maker_name, [argument]) for argument in ("t", t))
            lines.append(Equation(write_name(name, THIS_STEP), "=", right, (numbers,), result))
        return lines + self._build_nested(step_statement.value, self.result_latex, frozenset(schedules))

    def _build_wrapper(self) -> list[Equation]:
        """The equations of a wrapper that changes the objective: the formulas of its docstring, and its settings."""
        maker_name = self.interpreter.name.split(".")[0]
        maker = getattr(sys.modules[self.interpreter.function.__module__], maker_name)
        formula = re.search(r"\$\$\s*(.+?)\s*\$\$", getdoc(maker) or "", re.DOTALL)
        lines = []
        text = " ".join(formula[1].split()) if formula else ""
        text = text.replace(r"\lVert", r"\left\lVert").replace(r"\rVert", r"\right\rVert")
        for part in re.split(r",\s*\\qquad\s*", text):
            left, relation, right = (
                re.split(r"\s*(\\leftarrow|=)\s*", part, maxsplit=1) if "arrow" in part else ("", "", part)
            )
            lines.append(Equation(left or "f(x)", relation or r"\leftarrow", right))
        for name in sorted(self.interpreter.free_names - {"optimizer"}):
            value = get_closure_value(self.interpreter.function, name)
            result = self.slots.write((maker_name, name), [value] * len(self.steps), is_exact=True)
            lines.append(Equation(write_name(name), "=", "", (), result))
        return lines

    def _build_point(self) -> Equation:
        points = self.interpreter.list_returned_points()
        return Equation(self.result_latex, "=", "", (), self.slots.write((self.interpreter, "point"), points))


class NotShowable(Exception):
    """A part of an expression is neither number, vector nor matrix, and cannot be shown."""


def is_evaluated_point(value: Any) -> bool:
    return hasattr(value, "expected_decrease")


def get_closure_value(function: FunctionType, name: str) -> Any:
    """The value of that name in the closure of a function."""
    cells = function.__closure__ or ()
    return dict(zip(function.__code__.co_freevars, cells, strict=True))[name].cell_contents
