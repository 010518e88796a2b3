"""Write values of a scene as Python literals. Exported scripts contain no value that was not written here."""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from app.model.scene import Call, Run

MAX_LINE_WIDTH = 110  # columns that a line may have

WriteMaker = Callable[[str], str]  # the name of a maker -> how a script calls it


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


def format_call(call: Call, *inner: str, write_maker: WriteMaker = str) -> str:
    """A call as it stands in a script, with all its arguments; of a schedule, the call that makes it."""
    return f"{write_maker(call.name)}({', '.join((*inner, *format_arguments(call, write_maker)))})"


def format_arguments(call: Call, write_maker: WriteMaker = str) -> list[str]:
    return [f"{name}={format_value(value, write_maker)}" for name, value in call.arguments]


def format_value(value: Any, write_maker: WriteMaker = str) -> str:
    return format_call(value, write_maker=write_maker) if isinstance(value, Call) else format_literal(value)


def format_optimizer(run: Run, write_maker: WriteMaker = str) -> str:
    """The expression that makes the optimizer of a run, in its wrapper."""
    optimizer = format_call(run.optimizer, write_maker=write_maker)
    if any(isinstance(value, Call) for _, value in run.optimizer.arguments):
        given = (write_maker(run.optimizer.name), *format_arguments(run.optimizer, write_maker))
        optimizer = f"scheduled({', '.join(given)})"
    return format_call(run.wrapper, optimizer, write_maker=write_maker) if run.wrapper else optimizer


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
