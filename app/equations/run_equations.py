"""From a run to its rule: the statements of the step, one equation each, with the values of every step."""

import ast
import re
import sys
from collections.abc import Sequence
from inspect import getdoc
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from app.equations.equation import Line, Rule
from app.equations.latex import Writer, Written, called, choices
from app.equations.math_symbols import BEFORE, KNOWN, NOW, letter
from app.equations.nelder_mead_equations import simplex
from app.equations.step_interpreter import MISSING, Replay, replayed
from app.equations.value_slots import OPEN, Sheet, first, is_truth, shape_of
from optimizers.base import Optimizer
from optimizers.simulate import endpoint
from surfaces.base import Problem

SCHEDULED, REPLAYED, SIMPLEX = (f"{word}.<locals>.step" for word in ("scheduled", "_replayed", "nelder_mead"))
# Shown with their arguments' numbers; what a call of another function gave is shown in one piece.
OPEN_CALLS = {
    "np.sqrt", "np.abs", "np.sign", "np.maximum", "np.minimum", "np.clip", "np.divide", "np.asarray",
    "dot", "norm", "matvec", "outer", "newton_step", "short", "curved", "_ratio",
}  # fmt: skip
# What is shown as the result already.
ONE_VALUE = r"\{\\begin\{bmatrix\}.*?\\end\{bmatrix\}\}|^[\d.]+$"


def rule(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int) -> Rule:
    """The rule of this run; the columns end with the step after which nothing changes any more."""
    replay, replaying = replayed(optimizer)
    endpoint(replaying, problem, x0, steps)  # it takes every step
    sheet = Sheet(len(replay.rows))
    told = Told(replay, sheet)
    lines = told.lines()
    return Rule(
        tuple(lines),
        tuple(np.concatenate(([np.nan], column)) for column in sheet.columns),
        "".join(sheet.styles),
        told.note,
    )


class Told:
    """One function's lines, and those of the step that it calls."""

    def __init__(self, replay: Replay, sheet: Sheet, result: str = "", moving: frozenset[str] = frozenset()) -> None:
        self.replay, self.sheet, self.moving, self.note = replay, sheet, moving, ""
        self.steps = sorted(replay.rows)
        self.point = replay.tree.args.args[1].arg
        self.result = result or letter(self.point, NOW)  # what the returned point is called
        self.letters = {self.point: letter(self.point, BEFORE)}
        self.letters |= {name: letter(name, NOW if name in moving else "") for name in replay.free} | {
            "t": "t",
            "f": "f",
        }
        self.versions: dict[str, int] = {}
        self._known: dict[ast.AST, list[Any]] = {}
        self.symbolic = Writer(self.symbol, self.shape, self.fixed, self.truth, numbers=False)
        self.numeric = Writer(self.number, self.shape, self.fixed, self.truth, numbers=True)

    def lines(self) -> list[Line]:
        if self.replay.name == REPLAYED:
            self.note = "replayed"
            node = next(n for n in ast.walk(self.replay.tree) if isinstance(n, ast.Return)).value
            return [self._points()] if node else []
        if self.replay.name == SIMPLEX:
            self.note = "simplex"
            return simplex(self.replay, self.sheet, self.result)
        if self.replay.name == SCHEDULED:
            return self._scheduled()
        return self._block(self.replay.tree.body)

    # ---- statements

    def _block(self, statements: Sequence[ast.stmt]) -> list[Line]:
        return [line for statement in statements for line in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[Line]:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                way = self.fixed(test)
                return self._branch(body, way is not False) + self._branch(orelse, way is not True)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                return self._assign(target, value)
            case ast.Return(value=ast.expr() as value):
                return self._return(value)
        return []

    def _branch(self, body: Sequence[ast.stmt], taken: bool) -> list[Line]:
        if not taken:
            return []
        letters, versions = self.letters.copy(), self.versions.copy()
        lines = self._block(body)
        if isinstance(body[-1] if body else None, ast.Return):  # what was named in it is over
            self.letters, self.versions = letters, versions
        return lines

    def _assign(self, target: ast.expr, value: ast.expr) -> list[Line]:
        if value in self.replay.inner:
            name = target.elts[0].id  # type: ignore[attr-defined]
            lines = self._inner(value, letter(name, NOW))
            self._name(name)
            return lines
        match target, value:
            case ast.Tuple(elts=names), ast.Tuple(elts=parts) if len(names) == len(parts):
                return [line for pair in zip(names, parts, strict=True) for line in self._assign(*pair)]
            case ast.Tuple(elts=names), _:
                return self._assign_parts([n.id for n in names if isinstance(n, ast.Name)], value)
            case ast.Name(id=name), ast.Attribute(value=ast.Name(id="state"), attr=attr):
                self.letters[name] = letter(attr, BEFORE)
                return []
            case ast.Name(id=name), _:
                if isinstance(value, ast.Call) and ast.unparse(value.func) == "Known":
                    lines = self._return(ast.Tuple([value.args[1], value.args[0]], ast.Load()))
                    self.letters[name] = self.result
                    return lines
                if is_known(first(self.values(value))):
                    self.letters[name] = KNOWN["at"]["x"]
                    gradient = [v if v is MISSING else v.g for v in self.values(value)]
                    return [Line("g_{t}", "=", r"\nabla f\left(x_{t-1}\right)", (), self._slots(value, gradient))]
                right, numbers, pick = self._sides(value)
                rebound = name in self.versions
                self._name(name)
                values = self.values(value)
                return self._line(
                    self.letters[name], right, numbers, pick, values, (name, self.versions[name]), rebound
                )
        return []

    def _assign_parts(self, names: Sequence[str], value: ast.expr) -> list[Line]:
        """Several names get the parts of what a function gave; those that can be shown, are."""
        right, shown, results = self.symbolic.write(value), [], []
        whole = self.values(value)
        for i, name in enumerate(names):
            part = [v if v is MISSING else v[i] for v in whole]
            if is_known(first(part)):
                self.letters[name] = self.result
                part = [v if v is MISSING else v.x for v in part]
            else:
                self._name(name)
            if shape_of(part) is not None and not is_truth(first(part)):
                shown.append(self.letters[name])
                results.append(self.sheet.write((self.replay, name, self.versions.get(name)), part))
        if not shown or first(whole) is MISSING:
            return []
        together = ",\\ ".join
        return [Line(together(shown), "=", right, (), together(results), when=self._when(whole))]

    def _return(self, value: ast.expr) -> list[Line]:
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
    ) -> list[Line]:
        """No line where no step came."""
        if first(values) is MISSING:
            return []
        relation = r"\Leftrightarrow" if is_truth(first(values)) else r"\leftarrow" if rebound else "="
        right = "" if right == left else right
        result = self.sheet.write((self.replay, key), values) if shape_of(values) is not None else ""
        return [Line(left, relation, right, numbers, result, pick, self._when(values))]

    def _name(self, name: str) -> None:
        """From here on `name` is what was last given to it."""
        self.versions[name] = self.versions.get(name, 0) + 1
        self.letters[name] = self.result if name == self.point else letter(name, NOW)

    # ---- the two sides of an expression

    def _sides(self, node: ast.expr) -> tuple[Written, tuple[str, ...], int | None]:
        """With letters; with numbers, once for each way that a choice may go; and the slot that says which."""
        right = self.symbolic.write(node)
        if self.truth(node):
            return right, (), None
        ways = choices(node)
        if len(ways) == 1 or self.fixed(ways[0][1]) is not None:  # type: ignore[arg-type]
            text = self._numbers(node)
            return right, ((text,) if text else ()), None
        tests = [self.values(test) for _, test in ways[:-1] if test]
        if any(shape_of(test) != () for test in tests):
            return right, (), None
        rows = zip(*tests, strict=True)
        went = [next((i for i, v in enumerate(row) if v is not MISSING and v), len(tests)) for row in rows]
        return right, tuple(self._numbers(value) or "" for value, _ in ways), self.sheet.column(went)

    def _numbers(self, node: ast.expr) -> str | None:
        """Nothing where that would be one value, which the result shows, or where a part cannot be shown."""
        before = self.sheet.state()
        try:
            text = self.numeric.write(node)
        except Unshown:
            text = None
        if text is not None and re.sub(ONE_VALUE, "", text):
            return text
        self.sheet.back_to(before)
        return None

    def symbol(self, node: ast.expr, place: int) -> str | None:
        match node:
            case ast.Name(id=name):
                return self.letters.get(name) or letter(name)
            case (
                ast.Attribute(value=ast.Name(id="state"), attr=attr)
                | ast.Attribute(value=ast.Attribute(value=ast.Name(id="state")), attr=attr)
            ):
                return letter(attr, BEFORE)
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in KNOWN:
                known = KNOWN[owner].get(attr) or letter(attr, BEFORE)
                return known.replace("x_{t}", self.result)
        return None

    def number(self, node: ast.expr, place: int) -> str | None:
        """In one piece: a name, a part of the memory, what a function gave that is not arithmetic."""
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
                known = ast.unparse(func) in OPEN_CALLS
                if not known or any(self.shape(argument) is None for argument in args):
                    return self._slots(node, self.values(node), place=place)
        return None

    def _slots(self, node: ast.expr, values: list[Any], key: Any = None, exact: bool = False, place: int = OPEN) -> str:
        if shape_of(values) is None:
            raise Unshown
        return self.sheet.write(key or (self.replay, node), values, exact, place)

    # ---- what is known of an expression

    def values(self, node: ast.expr) -> list[Any]:
        if isinstance(node, ast.Constant):
            return [node.value] * len(self.steps)
        if node not in self._known:
            self._known[node] = self.replay.values(node, self.steps)
        return self._known[node]

    def shape(self, node: ast.expr) -> tuple[int, ...] | None:
        return shape_of(self.values(node))

    def fixed(self, test: ast.expr) -> bool | None:
        """Which way a choice goes that is made by hyperparameters alone."""
        if isinstance(test, ast.Constant):
            return bool(test.value)
        names = {n.id for n in ast.walk(test) if isinstance(n, ast.Name)}
        decided = names and names <= self.replay.free - self.moving
        return bool(first(self.values(test))) if decided and shape_of(self.values(test)) == () else None

    def truth(self, node: ast.expr) -> bool:
        return is_truth(first(self.values(node)))

    def _when(self, values: list[Any]) -> int | None:
        """A slot for whether a step came here; None where each did."""
        came = [v is not MISSING for v in values]
        return None if all(came) else self.sheet.column(came)

    # ---- other steps inside

    def _inner(self, node: ast.expr, result: str, moving: frozenset[str] = frozenset()) -> list[Line]:
        told = Told(self.replay.inner[node], self.sheet, result, moving)
        lines = told.lines()
        self.note = self.note or told.note
        return lines

    def _scheduled(self) -> list[Line]:
        """The schedules' values at t, then the rule."""
        schedules = cell(self.replay.function, "schedules")
        now, moved = self.replay.tree.body[0], self.replay.tree.body[1]
        if not isinstance(now, ast.Assign) or not isinstance(moved, ast.Assign):
            raise NotImplementedError(self.replay.name)
        at = self.values(now.value)
        t = self.sheet.write("t", self.steps, exact=True)
        lines = []
        for name, schedule in schedules.items():
            word = schedule.__qualname__.split(".")[0]
            result = self.sheet.write(("scheduled", name), [values[name] for values in at])
            lines.append(Line(letter(name, NOW), "=", called(word, "t"), (called(word, [t]),), result))
        return lines + self._inner(moved.value, self.result, frozenset(schedules))

    def _around(self) -> list[Line]:
        """A wrapper that changes what the optimizer sees: the formulas of its docstring, and its numbers."""
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
            lines.append(Line(left or "f(x)", relation or r"\leftarrow", right))
        for name in sorted(self.replay.free - {"optimizer"}):
            value = cell(self.replay.function, name)
            lines.append(
                Line(letter(name), "=", "", (), self.sheet.write((word, name), [value] * len(self.steps), True))
            )
        return lines

    def _points(self) -> Line:
        return Line(self.result, "=", "", (), self.sheet.write((self.replay, "point"), self.replay.returned()))


class Unshown(Exception):
    """A part of an expression is neither a number nor a vector nor a matrix."""


def is_known(value: Any) -> bool:
    return hasattr(value, "promise")


def cell(function: FunctionType, name: str) -> Any:
    """What a function closes over under that name."""
    cells = function.__closure__ or ()
    return dict(zip(function.__code__.co_freevars, cells, strict=True))[name].cell_contents
