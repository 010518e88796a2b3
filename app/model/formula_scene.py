"""A visitor's own function as the surface of a scene: its text and its view, checked where they come in."""

from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from app.model.scene import MAX_COORDINATE, Call, UserError
from surfaces.base import Surface
from surfaces.formula.formula_surface import formula
from surfaces.formula.parser import FormulaError, parse_formula
from surfaces.formula.printer import to_latex
from surfaces.translatable import Translatable

FORMULA = "formula"  # in the place of a surface's word
FORMULA_LABEL = Translatable("Your own function")


class FormulaExample(NamedTuple):
    """What a visitor may begin with."""

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
    """The surface of a formula and a view, or a sentence why there is none."""
    call = Call(FORMULA, (("text", str(text)), ("x", check_view_interval("x", x)), ("y", check_view_interval("y", y))))
    build_formula_surface(call)
    return call


def with_start(place: Call, start: tuple[float, float]) -> Call | None:
    """The surface that starts there, for what is computed from its start; None if no run can, or from out of view."""
    call = Call(FORMULA, (*place.hyper, ("start", start)))
    try:
        box = build_formula_surface(call).box
    except FormulaError:
        return None
    return call if all(low <= c <= high for c, (low, high) in zip(start, box, strict=True)) else None


@lru_cache(maxsize=64)
def build_formula_surface(call: Call) -> Surface:
    """The surface that a call describes. Raises `FormulaError`."""
    return formula(**dict(call.hyper))


def check_view_interval(name: str, ends: Any) -> tuple[float, float]:
    """The view along an axis: from a smaller number to a larger one."""
    whole = isinstance(ends, tuple) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)
    if not whole or not all(isfinite(end) and abs(end) <= MAX_COORDINATE for end in ends):
        raise UserError("The view in {name} is two numbers of ordinary size, like (-2,2).", name=name)
    if not ends[0] < ends[1] or ends[1] - ends[0] < 1e-9 * max(map(abs, ends)):
        raise UserError("The view in {name} goes from a smaller number to a larger one.", name=name)
    return float(ends[0]), float(ends[1])


def typeset_formula(text: str) -> str:
    """The formula as LaTeX."""
    return to_latex(parse_formula(text))


def mark_position(text: str, position: int) -> str:
    """The text, and under it a mark at the place; of a long one what is around it."""
    before, after = max(0, position - 18), position + 9  # as many as the sidebar has room for
    shown = ("…" if before else "") + text[before:after] + ("…" if after < len(text) else "")
    return f"{shown}\n{' ' * (position - before + bool(before))}▲"
