"""Nelder-Mead told by hand: its step is a list of comparisons, so what it tried and did is read off the values."""

import ast
from typing import Any

from app.equations.equation import Line
from app.equations.step_interpreter import MISSING, Replay
from app.equations.value_slots import Sheet, first

MOVES = ("reflected", "expanded", "contracted", "shrunk", "at rest")


def simplex(replay: Replay, sheet: Sheet, result: str) -> list[Line]:
    def value(name: str) -> list[Any]:
        return assigned(replay, name)

    def slots(name: str) -> str:
        return sheet.write(name, value(name), exact=name == "tau")

    tried = [bool(a is not MISSING and (a or b)) for a, b in zip(value("expand"), value("contract"), strict=True)]
    went = [move(*row) for row in zip(*map(value, ("expand", "contract", "taken", "shrink")), strict=True)]
    moved = None if first(value("middle")) is MISSING else sheet.column([v is not MISSING for v in value("middle")])
    again = sheet.column(tried)
    tau = r"\left(\tau\right)"
    return [
        Line(r"\bar{x}", "=", r"\frac{x_{1} + x_{2}}{2}", (), slots("middle"), when=moved),
        Line(r"x\left(1\right)", "=", r"\bar{x} + \left(\bar{x} - x_{3}\right)", (), slots("reflected"), when=moved),
        Line(r"f\left(x\left(1\right)\right)", "=", "", (), slots("f_reflected"), when=moved),
        Line(r"\tau", "=", "", (), slots("tau"), when=again),
        Line(f"x{tau}", "=", r"\bar{x} + \tau\left(\bar{x} - x_{3}\right)", (), slots("other"), when=again),
        Line(rf"f\left(x{tau}\right)", "=", "", (), slots("f_other"), when=again),
        Line(r"\text{the triangle}", "=", "", tuple(rf"\ \text{{{m}}}" for m in MOVES), pick=sheet.column(went)),
        Line(result, "=", r"\ \text{the best corner}", (), sheet.write("simplex", replay.returned())),
    ]


def move(expand: Any, contract: Any, taken: Any, shrink: Any) -> int:
    """Which of `MOVES` a step made."""
    if expand is MISSING:
        return 4
    if shrink:
        return 3
    return (1 if expand else 2) if taken and (expand or contract) else 0


def assigned(replay: Replay, name: str) -> list[Any]:
    """What was first given to `name` in each step, alone or as one of several."""
    for node in ast.walk(replay.tree):
        if not isinstance(node, ast.Assign) or node.value not in replay.places:
            continue
        whole = replay.values(node.value, sorted(replay.rows))
        match node.targets[0]:
            case ast.Name(id=target) if target == name:
                return whole
            case ast.Tuple(elts=parts):
                names = [part.id for part in parts if isinstance(part, ast.Name)]
                if name in names:
                    return [v if v is MISSING else v[names.index(name)] for v in whole]
    raise KeyError(name)
