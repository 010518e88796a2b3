"""Titles, summaries and code of optimizers, surfaces and schedules as the page shows them."""

import ast
import re
from collections.abc import Callable
from functools import lru_cache
from inspect import getdoc, getsource
from typing import Any

from app.model.hyperparameter_ranges import HYPERPARAMETERS, get_range, make_switch_label
from app.model.scene import Call, Run, inspect_parameters
from app.translation import translate
from optimizers.catalogue import OPTIMIZERS, TRAITS
from surfaces.base import TITLES

DISPLAY_NAMES = {  # but for surfaces, which have their titles beside them
    **{word: traits.display_name for word, traits in TRAITS.items() if traits.display_name},
    "ema": "Exponential average", "polyak": "Polyak average", "lookahead": "Lookahead", "clipped": "Clipped gradient",
    "weight_decayed": "Weight decay", "inverse_time": "1/t", "inverse_sqrt": "Inverse root",
    "reduce_on_plateau": "Reduce on plateau", "formula": "Your own function", "data": "Your own data",
}  # fmt: skip


def get_display_name(name: str) -> str:
    """The name of a maker on the page, in the visitor's language."""
    return translate(get_english_name(name))


def get_english_name(name: str) -> str:
    return DISPLAY_NAMES.get(name) or TITLES.get(name) or name.replace("_", " ").capitalize()


def get_summary(make: Callable[..., Any]) -> str:
    """The first sentence of a maker's docstring."""
    first = " ".join(translate_docstring(make).split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s|(?<=[。！？])", first)[0]


def format_docstring(make: Callable[..., Any]) -> str:
    """A maker's docstring for Markdown, which needs the dollars of displayed formulas on lines of their own."""
    return re.sub(r"\$\$\s*(.+?)\s*\$\$", lambda m: f"\n$$\n{m[1]}\n$$\n", translate_docstring(make), flags=re.DOTALL)


def translate_docstring(make: Callable[..., Any]) -> str:
    text = getdoc(make) or ""
    return translate(text)


def get_code(make: Callable[..., Any]) -> str:
    """A maker's source as it runs, without decorators and without the docstring, which is shown above it."""
    source = getsource(make)
    node = ast.parse(source).body[0]
    lines = source.splitlines(keepends=True)
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        return source
    doc = node.body[0]
    return "".join(lines[node.lineno - 1 : doc.lineno - 1] + lines[doc.end_lineno :]).replace(":\n\n", ":\n", 1)


@lru_cache(4096)  # a slider formats all its stops in every run of the page
def format_compact(value: float) -> str:
    """The shortest text of a number in four digits: 0.02, 1e-8, 250; zero has no sign."""
    return re.sub(r"e([+-])0*(\d)", lambda m: f"e{m[1].replace('+', '')}{m[2]}", f"{value + 0.0:.4g}").replace("-", "−")


def format_title(run: Run) -> str:
    own = get_display_name(run.optimizer.name)
    return f"{own} + {get_display_name(run.wrapper.name).lower()}" if run.wrapper else own


def format_settings(run: Run) -> str:
    """The hyperparameters that differ from their defaults, and always the learning rate."""
    parts = []
    for argument, parameter in inspect_parameters(OPTIMIZERS[run.optimizer.name]).items():
        value = run.optimizer[argument]
        if isinstance(value, Call):
            parts.append(f"{translate(get_range(argument).label)} {get_display_name(value.name).lower()}")
        elif isinstance(value, bool):
            own = translate(make_switch_label(argument)).lower()
            parts += [] if value == parameter.default else [own if value else translate("no {switch}", switch=own)]
        elif argument in {"lr", "mu"} or value != parameter.default:
            parts.append(f"{translate(get_range(argument).label)} {format_compact(value)}")
    return " · ".join(parts)


def format_run(run: Run) -> str:
    """A run in a list: its title and its settings."""
    return " · ".join(filter(None, (format_title(run), format_settings(run))))


def describe_values(run: Run) -> str:
    """The values of the formula's letters in this run: lr (α) = 0.1, μ = 0.9."""
    parts = []
    for argument, value in run.optimizer.arguments:
        symbol = HYPERPARAMETERS[argument].symbol if argument in HYPERPARAMETERS else ""
        own = (
            translate(make_switch_label(argument)).lower()
            if isinstance(value, bool)
            else translate(get_range(argument).label)
        )
        label = f"{argument} ({symbol})" if symbol else own
        parts.append(
            f"{label} = {get_display_name(value.name).lower() if isinstance(value, Call) else format_setting(value)}"
        )
    return translate("In this run {values}.", values=", ".join(parts))


def format_setting(value: float | bool) -> str:
    if isinstance(value, bool):
        return translate("on") if value else translate("off")
    return format_compact(value)


def get_schedule_labels(run: Run) -> dict[str, str]:
    """The labels of the hyperparameters besides the learning rate that follow a schedule, by argument name."""
    timed = (name for name, value in run.optimizer.arguments if isinstance(value, Call) and name != "lr")
    return {name: translate(get_range(name).label) for name in timed}
