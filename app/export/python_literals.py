"""Write values of a scene as Python literals; every value in an exported script is written here."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

from app.model.scene import Call

MAX_LINE_WIDTH = 110


def format_literal(value: Any) -> str:
    """Write a number, bool, None, string, or tuple of these as a literal; refuse anything else."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int):
        return repr(int(value))
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} has no literal")
        return repr(float(value))
    if isinstance(value, str):
        quoted = repr(str(value))
        can_requote = quoted[0] == "'" and '"' not in quoted and "\\'" not in quoted
        return f'"{quoted[1:-1]}"' if can_requote else quoted
    if isinstance(value, tuple):
        items = ", ".join(map(format_literal, value))
        return f"({items},)" if len(value) == 1 else f"({items})"
    raise TypeError(f"{type(value).__name__} has no literal")


def format_call(call: Call, *inner: str) -> str:
    """Write a call with all its arguments; `inner` comes before them."""
    arguments = (f"{name}={format_value(value)}" for name, value in call.arguments)
    return f"{call.name}({', '.join((*inner, *arguments))})"


def format_value(value: Any) -> str:
    return format_call(value) if isinstance(value, Call) else format_literal(value)


def format_text(value: str) -> str:
    """Write a string as a literal, broken into lines."""
    if len(value) < MAX_LINE_WIDTH:
        return format_literal(value)
    lines = (format_literal(value[k : k + MAX_LINE_WIDTH - 10]) for k in range(0, len(value), MAX_LINE_WIDTH - 10))
    return "(\n" + "".join(f"    {line}\n" for line in lines) + ")"


def format_numbers(values: Iterable[float]) -> str:
    """Write a list of numbers, broken into lines."""
    lines, line = [], ""
    for value in values:
        item = f"{format_literal(float(value))}, "
        if line and len(line) + len(item) > MAX_LINE_WIDTH - 4:
            lines.append(line)
            line = ""
        line += item
    lines.append(line)
    if len(lines) == 1:
        return f"[{line.rstrip(', ')}]"
    return "[\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "]"
