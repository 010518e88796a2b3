"""A visitor's own function as the surface of a scene: check a formula and a view, and read and write their call."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from inspect import Parameter
from math import isfinite
from typing import Any, NamedTuple

from app.model.call_reader import CallReader
from app.model.call_syntax import read_literal, write_number
from app.model.scene import MAX_COORDINATE, Call, UserError, reject_argument
from app.model.surface_source import SurfaceSource
from surfaces.base import Surface
from surfaces.formula.formula_reader import FormulaError, read_formula
from surfaces.formula.formula_surface import formula
from surfaces.formula.text_and_latex_printer import OTHERWISE, to_latex
from surfaces.translatable import Translatable

EXCERPT_CHARACTERS = 27  # as many as the sidebar is wide
FORMULA = "formula"  # the name in calls of these surfaces
FORMULA_PATTERN = re.compile(
    rf"""{FORMULA} *\( *(?P<quote>["'])(?P<text>[^"'\\]*)(?P=quote) *(?:, *(?P<view>.*))?\)""", re.DOTALL
)


class FormulaExample(NamedTuple):
    """An example function for visitors."""

    name: Translatable
    text: str
    x: tuple[float, float] = (-5.0, 5.0)
    y: tuple[float, float] = (-5.0, 5.0)


FORMULA_EXAMPLES = (
    FormulaExample(Translatable("A ripple on a bowl"), "0.1*(x**2 + y**2) + sin(2*x)*sin(2*y)"),
    FormulaExample(Translatable("Four valleys"), "(x**2 + y - 11)**2 + (x + y**2 - 7)**2"),
    FormulaExample(Translatable("A kink"), "abs(x) + 0.5*abs(y - 0.3*x)"),
    FormulaExample(Translatable("A curved ravine"), "(1 - x)**2 + 10*(y - x**2)**2", (-2.0, 2.0), (-1.0, 3.0)),
    FormulaExample(Translatable("A cliff"), "tanh(4*(x + y)) + 0.05*(x**2 + y**2)"),
    FormulaExample(Translatable("Half a plane"), "x - log(x) + 0.5*(y - 1)**2", (-1.0, 5.0), (-2.0, 4.0)),
)


def formula_call(text: Any, x: Any = (-5.0, 5.0), y: Any = (-5.0, 5.0)) -> Call:
    """Make the call for a formula, as people write it, and a view. Raises `UserError`."""
    canonical = read_formula(str(text)).text
    call = Call(FORMULA, (("text", canonical), ("x", check_view_interval("x", x)), ("y", check_view_interval("y", y))))
    build_formula_surface(call)
    return call


def with_start(surface: Call, start: tuple[float, float]) -> Call | None:
    """Add a start to the call of a formula; None if it is out of view, or the formula is not finite there."""
    call = Call(FORMULA, (*surface.arguments, ("start", start)))
    try:
        box = build_formula_surface(call).box
    except FormulaError:
        return None
    return call if all(low <= c <= high for c, (low, high) in zip(start, box, strict=True)) else None


@lru_cache(maxsize=64)
def build_formula_surface(call: Call) -> Surface:
    """The surface of a call. Raises `FormulaError`."""
    return formula(**dict(call.arguments))


def check_view_interval(name: str, ends: Any) -> tuple[float, float]:
    """The view along an axis as floats. Raises `UserError` if it is not an interval of moderate size."""
    is_pair = isinstance(ends, tuple) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)
    if not is_pair or not all(isfinite(end) and abs(end) <= MAX_COORDINATE for end in ends):
        raise UserError(
            "The view in {name} must be two numbers from -{limit:,.0f} to {limit:,.0f}, like (-2,2).",
            name=name,
            limit=MAX_COORDINATE,
        )
    if not ends[0] < ends[1] or ends[1] - ends[0] < 1e-9 * max(map(abs, ends)):
        raise UserError("The view in {name} must go from a smaller number to a larger one.", name=name)
    return float(ends[0]), float(ends[1])


def typeset_formula(text: str, otherwise: str = "otherwise") -> str:
    """A formula in LaTeX; `otherwise` is the word for that in the visitor's language."""
    return to_latex(read_formula(text).tree).replace(OTHERWISE, rf"\text{{{otherwise}}}")


def is_same_formula(typed: str, text: str) -> bool:
    """Whether what was typed is read as the canonical text `text`."""
    with suppress(FormulaError):
        return read_formula(typed).text == text
    return False


def list_remarks(typed: str) -> tuple[Translatable, ...]:
    """List where a formula was read in a way that its writer may not expect."""
    with suppress(FormulaError):
        return read_formula(typed).remarks
    return ()


def mark_positions(text: str, positions: Sequence[int]) -> str:
    """Marks below positions of a text, numbered if there are several, with as much of it as the sidebar is wide."""
    marks = ["▲"] if len(positions) == 1 else [str(number) for number in range(1, len(positions) + 1)]
    lines: list[str] = []
    rest = list(zip(positions, marks, strict=True))
    while rest:
        begin = 0 if len(text) <= EXCERPT_CHARACTERS else max(0, rest[0][0] - EXCERPT_CHARACTERS * 2 // 3)
        end = begin + EXCERPT_CHARACTERS
        shown = [(position - begin + bool(begin), mark) for position, mark in rest if position < end]
        lines.append(("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else ""))
        lines.append("".join(mark.rjust(place - before) for (place, mark), before in _with_ends_before(shown)))
        rest = rest[len(shown) :]
    return "\n".join(lines)


def _with_ends_before(shown: list[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], int]]:
    """Each mark with its place, and where the mark before it ends."""
    ends = [-1, *(place for place, _ in shown)]
    return zip(shown, ends, strict=False)


class FormulaSource(SurfaceSource):
    """Functions that visitors type."""

    examples = FORMULA_EXAMPLES

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return {}

    def build(self, call: Call) -> Surface:
        return build_formula_surface(call)

    def make_example(self, index: int) -> Call:
        example = FORMULA_EXAMPLES[index]
        return formula_call(example.text, example.x, example.y)

    def write(self, call: Call) -> str:
        ends = (f",{name}=({','.join(map(write_number, call[name]))})" for name in ("x", "y"))
        return f'{FORMULA}("{call["text"]}"{"".join(ends)})'

    def read(self, reader: CallReader, value: str) -> Call:
        """Read a call, whose quoted formula has a parser of its own."""
        if not (match := FORMULA_PATTERN.fullmatch(value)):
            return super().read(reader, value)
        node = reader.parse_value(f"{FORMULA}({match['view'] or ''})")
        if not isinstance(node, ast.Call) or node.args:
            raise UserError("After its text, {name} takes only x and y, like x=(-2,2).", name=FORMULA)

        def read_ends(name: str, ends: ast.expr) -> tuple[float, float]:
            if name not in ("x", "y"):
                reject_argument(FORMULA, name)
            interval = tuple(map(read_literal, ends.elts)) if isinstance(ends, ast.Tuple) else None
            return check_view_interval(name, interval)

        return formula_call(match["text"], **reader.read_keywords(node, read_ends, {"x": "(-5,5)", "y": "(-5,5)"}))

    def describe(self, call: Call) -> str:
        return f"f(x, y) = {call['text']}"
