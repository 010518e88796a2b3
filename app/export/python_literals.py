"""Write values of a scene as Python literals. Exported scripts contain no value that was not written here."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

from app.model.scene import Call

MAX_LINE_WIDTH = 110  # columns that a line may have


def format_literal(value: Any) -> str:
    """A number, switch, text, or tuple of these as a literal; nothing else is written, and nothing as code."""
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
        plain = quoted[0] == "'" and '"' not in quoted and "\\'" not in quoted
        return f'"{quoted[1:-1]}"' if plain else quoted
    if isinstance(value, tuple):
        inside = ", ".join(map(format_literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    raise TypeError(f"{type(value).__name__} has no literal")


def format_call(call: Call, *inner: str) -> str:
    """A call as it stands in a script, with all its arguments; of a schedule, the call that makes it."""
    given = (f"{name}={format_value(value)}" for name, value in call.arguments)
    return f"{call.name}({', '.join((*inner, *given))})"


def format_value(value: Any) -> str:
    return format_call(value) if isinstance(value, Call) else format_literal(value)


def format_text(value: str) -> str:
    """A text as a literal, in as many lines as it needs."""
    if len(value) < MAX_LINE_WIDTH:
        return format_literal(value)
    lines = (format_literal(value[k : k + MAX_LINE_WIDTH - 10]) for k in range(0, len(value), MAX_LINE_WIDTH - 10))
    return "(\n" + "".join(f"    {line}\n" for line in lines) + ")"


def format_numbers(values: Iterable[float]) -> str:
    """A list of numbers, in as many lines as it needs."""
    lines, line = [], ""
    for value in values:
        word = f"{format_literal(float(value))}, "
        if line and len(line) + len(word) > MAX_LINE_WIDTH - 4:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    if len(lines) == 1:
        return f"[{line.rstrip(', ')}]"
    return "[\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "]"
