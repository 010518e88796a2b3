"""Equations of Nelder-Mead, written by hand: its step consists of comparisons, and the values tell the moves."""

import ast
from typing import Any

from app.equations.equation import Equation
from app.equations.step_recording import NOT_REACHED, Interpreter
from app.equations.value_slots import ValueSlots

SIMPLEX_MOVES = ("reflected", "expanded", "contracted", "shrunk", "at rest")


def write_nelder_mead(interpreter: Interpreter, slots: ValueSlots, result: str) -> list[Equation]:
    def values(name: str) -> list[Any]:
        return find_assigned_values(interpreter, name)

    def write(left: str, name: str, right: str = "", reached_slot: int | None = None) -> Equation:
        written = slots.write(name, values(name), is_exact=name == "tau")
        return Equation(left, "=", right, (), written, reached_slot=reached_slot)

    pairs = zip(values("expand"), values("contract"), strict=True)
    tried = [bool(expand is not NOT_REACHED and (expand or contract)) for expand, contract in pairs]
    moves = [classify_move(*row) for row in zip(*map(values, ("expand", "contract", "taken", "shrink")), strict=True)]
    reflected = [value is not NOT_REACHED for value in values("middle")]
    reflected_slot = slots.add_column(reflected) if any(reflected) else None
    tried_slot = slots.add_column(tried)
    tau = r"\left(\tau\right)"
    shown_moves = tuple(rf"\ \text{{{move}}}" for move in SIMPLEX_MOVES)
    return [
        write(r"\bar{x}", "middle", r"\frac{x_{1} + x_{2}}{2}", reflected_slot),
        write(r"x\left(1\right)", "reflected", r"\bar{x} + \left(\bar{x} - x_{3}\right)", reflected_slot),
        write(r"f\left(x\left(1\right)\right)", "f_reflected", reached_slot=reflected_slot),
        write(r"\tau", "tau", reached_slot=tried_slot),
        write(f"x{tau}", "other", r"\bar{x} + \tau\left(\bar{x} - x_{3}\right)", tried_slot),
        write(rf"f\left(x{tau}\right)", "f_other", reached_slot=tried_slot),
        Equation(r"\text{the triangle}", "=", "", shown_moves, case_slot=slots.add_column(moves)),
        Equation(
            result, "=", r"\ \text{the best corner}", (), slots.write("simplex", interpreter.list_returned_points())
        ),
    ]


def classify_move(expand: Any, contract: Any, taken: Any, shrink: Any) -> int:
    """The index in `SIMPLEX_MOVES` of the move of each step."""
    if expand is NOT_REACHED:
        return 4
    if shrink:
        return 3
    return (1 if expand else 2) if taken and (expand or contract) else 0


def find_assigned_values(interpreter: Interpreter, name: str) -> list[Any]:
    """The first value assigned to `name` in each step, alone or in a tuple."""
    for node in ast.walk(interpreter.tree):
        if not isinstance(node, ast.Assign) or node.value not in interpreter.value_index:
            continue
        values = interpreter.values(node.value, sorted(interpreter.values_by_step))
        match node.targets[0]:
            case ast.Name(id=target) if target == name:
                return values
            case ast.Tuple(elts=parts):
                names = [part.id for part in parts if isinstance(part, ast.Name)]
                if name in names:
                    return [v if v is NOT_REACHED else v[names.index(name)] for v in values]
    raise LookupError(f"the step of nelder_mead assigns nothing to {name}, whose values are shown")
