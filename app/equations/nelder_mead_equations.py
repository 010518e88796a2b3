"""Equations of Nelder-Mead, written by hand: its step only compares, so the moves are read off the values."""

import ast
from typing import Any

from app.equations.equation import Equation
from app.equations.step_recording import NOT_REACHED, Interpreter
from app.equations.value_slots import ValueSlots, find_first_reached

SIMPLEX_MOVES = ("reflected", "expanded", "contracted", "shrunk", "at rest")


def write_nelder_mead(replay: Interpreter, sheet: ValueSlots, result: str) -> list[Equation]:
    def value(name: str) -> list[Any]:
        return find_assigned_values(replay, name)

    def slots(name: str) -> str:
        return sheet.write(name, value(name), is_exact=name == "tau")

    tried = [bool(a is not NOT_REACHED and (a or b)) for a, b in zip(value("expand"), value("contract"), strict=True)]
    went = [classify_move(*row) for row in zip(*map(value, ("expand", "contract", "taken", "shrink")), strict=True)]
    moved = (
        None
        if find_first_reached(value("middle")) is NOT_REACHED
        else sheet.add_column([v is not NOT_REACHED for v in value("middle")])
    )
    again = sheet.add_column(tried)
    tau = r"\left(\tau\right)"
    return [
        Equation(r"\bar{x}", "=", r"\frac{x_{1} + x_{2}}{2}", (), slots("middle"), reached_slot=moved),
        Equation(
            r"x\left(1\right)",
            "=",
            r"\bar{x} + \left(\bar{x} - x_{3}\right)",
            (),
            slots("reflected"),
            reached_slot=moved,
        ),
        Equation(r"f\left(x\left(1\right)\right)", "=", "", (), slots("f_reflected"), reached_slot=moved),
        Equation(r"\tau", "=", "", (), slots("tau"), reached_slot=again),
        Equation(f"x{tau}", "=", r"\bar{x} + \tau\left(\bar{x} - x_{3}\right)", (), slots("other"), reached_slot=again),
        Equation(rf"f\left(x{tau}\right)", "=", "", (), slots("f_other"), reached_slot=again),
        Equation(
            r"\text{the triangle}",
            "=",
            "",
            tuple(rf"\ \text{{{m}}}" for m in SIMPLEX_MOVES),
            case_slot=sheet.add_column(went),
        ),
        Equation(result, "=", r"\ \text{the best corner}", (), sheet.write("simplex", replay.list_returned_points())),
    ]


def classify_move(expand: Any, contract: Any, taken: Any, shrink: Any) -> int:
    """The index in `SIMPLEX_MOVES` of the move of each step."""
    if expand is NOT_REACHED:
        return 4
    if shrink:
        return 3
    return (1 if expand else 2) if taken and (expand or contract) else 0


def find_assigned_values(replay: Interpreter, name: str) -> list[Any]:
    """The first value assigned to `name` in each step, alone or in a tuple."""
    for node in ast.walk(replay.tree):
        if not isinstance(node, ast.Assign) or node.value not in replay.value_index:
            continue
        whole = replay.values(node.value, sorted(replay.values_by_step))
        match node.targets[0]:
            case ast.Name(id=target) if target == name:
                return whole
            case ast.Tuple(elts=parts):
                names = [part.id for part in parts if isinstance(part, ast.Name)]
                if name in names:
                    return [v if v is NOT_REACHED else v[names.index(name)] for v in whole]
    raise LookupError(f"the step of nelder_mead gives nothing to a variable {name}, whose values are shown")
