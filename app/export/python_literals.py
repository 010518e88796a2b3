"""Write values of a scene as Python literals; every value in an exported script is written here."""

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

from app.model.scene import Call, Run

MAX_LINE_WIDTH = 110

WriteMaker = Callable[[str], str]  # the name of a maker -> how a script calls it


def format_literal(value: Any) -> str:
    """Write a number, bool, None, string, or a tuple or record of these; refuse anything else."""
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
    if is_dataclass(value) and not isinstance(value, type):
        return format_record(value, {field.name: field.default for field in fields(value)})
    if isinstance(value, tuple) and hasattr(value, "_field_defaults"):
        return format_record(value, dict.fromkeys(value._fields) | value._field_defaults)
    if isinstance(value, tuple):
        items = ", ".join(map(format_literal, value))
        return f"({items},)" if len(value) == 1 else f"({items})"
    raise TypeError(f"{type(value).__name__} has no literal")


def format_record(value: Any, defaults: dict[str, Any]) -> str:
    """A dataclass or a named tuple by its fields that are not at their defaults."""
    changed = ((name, getattr(value, name)) for name in defaults if getattr(value, name) != defaults[name])
    return f"{type(value).__name__}({', '.join(f'{name}={format_literal(part)}' for name, part in changed)})"


def format_call(call: Call, *inner: str, write_maker: WriteMaker = str) -> str:
    """Write a call with all its arguments; `inner` comes before them."""
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
