"""Values of a scene as Python writes them: the one door through which anything enters an exported script."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

from app.model.scene import Call

WIDE = 110  # columns that a line may have


def literal(value: Any) -> str:
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
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    raise TypeError(f"{type(value).__name__} has no literal")


def called(call: Call, *inner: str) -> str:
    """A call as it stands in a script, with all its arguments; of a schedule, the call that makes it."""
    given = (f"{name}={written(value)}" for name, value in call.hyper)
    return f"{call.word}({', '.join((*inner, *given))})"


def written(value: Any) -> str:
    return called(value) if isinstance(value, Call) else literal(value)


def text(value: str) -> str:
    """A text as a literal, in as many lines as it needs."""
    if len(value) < WIDE:
        return literal(value)
    lines = (literal(value[k : k + WIDE - 10]) for k in range(0, len(value), WIDE - 10))
    return "(\n" + "".join(f"    {line}\n" for line in lines) + ")"


def numbers(values: Iterable[float]) -> str:
    """A list of numbers, in as many lines as it needs."""
    lines, line = [], ""
    for value in values:
        word = f"{literal(float(value))}, "
        if line and len(line) + len(word) > WIDE - 4:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    if len(lines) == 1:
        return f"[{line.rstrip(', ')}]"
    return "[\n" + "".join(f"    {line.rstrip()}\n" for line in lines) + "]"
