"""Titles, summaries and code of optimizers, surfaces and schedules as the page shows them."""

import ast
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from inspect import getdoc, getsource
from typing import Any, NamedTuple

from app.model.formula_source import FORMULA, is_same_formula
from app.model.hyperparameter_table import HYPERPARAMETERS, LEVEL_LABELS, get_range, make_switch_label
from app.model.scene import Call, Run, inspect_parameters
from app.translation import get_punctuation, translate
from optimizers.analysis.ending_criteria import ARRIVAL_DISTANCE, ARRIVAL_LOSS_FRACTION
from optimizers.catalogue import OPTIMIZERS, TRAITS
from surfaces.base import TITLES
from surfaces.catalogue import SEARCH_WORDS, SURFACES, find_kind
from surfaces.translatable import Translatable

DISPLAY_NAMES = {  # surfaces have a title beside their maker
    **{word: traits.display_name for word, traits in TRAITS.items() if traits.display_name},
    "ema": "Exponential average", "polyak": "Polyak average", "lookahead": "Lookahead", "clipped": "Clipped gradient",
    "weight_decayed": "Weight decay", "inverse_time": "1/t", "inverse_sqrt": "Inverse root",
    "reduce_on_plateau": "Reduce on plateau", "formula": "Your own function", "data": "Your own data",
    "network_loss": "Loss around a network's weights",
    "none": Translatable("None"),
}  # fmt: skip
PROPER_NAMES = ("Polyak", "Lookahead")  # have a capital letter wherever they stand


def get_display_name(name: str) -> str:
    """The name of a maker in the visitor's language."""
    return translate(get_english_name(name))


def get_name_in_text(name: str) -> str:
    """The name of a maker within a line: in small letters, except for proper names."""
    called = get_display_name(name)
    return called if called.startswith(PROPER_NAMES) else called.lower()


def get_english_name(name: str) -> str:
    return DISPLAY_NAMES.get(name) or TITLES.get(name) or name.replace("_", " ").capitalize()


def format_surface_title(surface: Call, typed: str = "") -> str:
    """The name of a surface; of a visitor's formula itself, as it was `typed` if that is read as the same."""
    if surface.name != FORMULA:
        return get_display_name(surface.name)
    text = surface["text"]
    return f"f(x, y) = {' '.join(typed.split()) if is_same_formula(typed, text) else text}"


def format_surface_argument(name: str, value: float) -> str:
    """An argument of a surface and its value; a batch of size 0 is all data."""
    if name == "batch_size" and not value:
        return translate("all data")
    return f"{translate(get_range(name).label)} {format_compact(value)}"


def get_search_words(name: str) -> str:
    """The kind of a surface, and what else people call it."""
    kind = (translate(find_kind(name)),) if name in SURFACES else ()
    words = (translate(SEARCH_WORDS[name]),) if name in SEARCH_WORDS else ()
    return get_punctuation().colon.join(kind + words)


def get_summary(make: Callable[..., Any]) -> str:
    """The first sentence of a maker's docstring."""
    paragraph = " ".join(translate_docstring(make).split("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s|(?<=[。！？])", paragraph)[0]


def format_docstring(make: Callable[..., Any]) -> str:
    """A maker's docstring in Markdown, with the dollar signs of displayed formulas on lines of their own."""
    return re.sub(r"\$\$\s*(.+?)\s*\$\$", lambda m: f"\n$$\n{m[1]}\n$$\n", translate_docstring(make), flags=re.DOTALL)


def translate_docstring(make: Callable[..., Any]) -> str:
    text = getdoc(make) or ""
    return translate(text)


def get_code(make: Callable[..., Any]) -> str:
    """A maker's source, without decorators and without the docstring, which the page shows above it."""
    source = getsource(make)
    node = ast.parse(source).body[0]
    lines = source.splitlines(keepends=True)
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        return source
    doc = node.body[0]
    return "".join(lines[node.lineno - 1 : doc.lineno - 1] + lines[doc.end_lineno :]).replace(":\n\n", ":\n", 1)


@lru_cache(4096)  # each run of a page formats all stops of its sliders
def format_compact(value: float) -> str:
    """A number with at most four digits, as short as possible: 0.02, 1e−8, 250; zero has no sign."""
    return re.sub(r"e([+-])0*(\d)", lambda m: f"e{m[1].replace('+', '')}{m[2]}", f"{value + 0.0:.4g}").replace("-", "−")


def format_title(run: Run) -> str:
    name = get_display_name(run.optimizer.name)
    return f"{name} + {get_name_in_text(run.wrapper.name)}" if run.wrapper else name


class Setting(NamedTuple):
    """A hyperparameter of a run with its value, as a row or card shows it."""

    text: str
    differs: bool  # from that of another run with the same title
    is_told: bool  # also where it does not differ


def format_settings(run: Run, runs: Sequence[Run] = (), varied: Sequence[str] = ()) -> str:
    """The hyperparameters of a run that differ from their defaults, or from those of another of `runs` with its title.

    Where another of `runs` is the same in everything, the number of the run among them stands last.

    Learning rate and momentum are always among them; but a learning rate of 1 that is the default is no choice: the
    method takes its own step. The numbers of those that are `varied` are left out.
    """
    texts = [setting.text for setting in list_settings(run, runs, varied) if setting.differs or setting.is_told]
    return " · ".join((*texts, *number_twin(run, runs)))


def format_differences(run: Run, runs: Sequence[Run]) -> str:
    """The hyperparameters in which a run differs from another of `runs` with its title."""
    return " · ".join(setting.text for setting in list_settings(run, runs) if setting.differs)


def format_name(run: Run, runs: Sequence[Run]) -> str:
    """The name of a run among `runs`, which no other has: its title, and that in which it differs from its namesakes.

    It is the name in picture, table, lists and messages; what `format_detail` says stands beside it.
    """
    return " · ".join(filter(None, (format_title(run), format_differences(run, runs), *number_twin(run, runs))))


def format_detail(run: Run, runs: Sequence[Run]) -> str:
    """The settings of a run that are not in its name."""
    return " · ".join(setting.text for setting in list_settings(run, runs) if setting.is_told and not setting.differs)


def list_settings(run: Run, runs: Sequence[Run], varied: Sequence[str] = ()) -> list[Setting]:
    """All settings of a run and its wrapper in their order, but for the numbers that are `varied`."""
    rivals = list_namesakes(run, runs)
    settings = []
    for argument, parameter in inspect_parameters(OPTIMIZERS[run.optimizer.name]).items():
        value = run.optimizer[argument]
        if argument in varied and not isinstance(value, Call):
            continue
        others = [rival.optimizer[argument] for rival in rivals]
        is_choice = argument in {"lr", "mu"} and parameter.default != 1
        settings.append(
            Setting(
                format_setting(argument, value, others),
                any(other != value for other in others),
                is_choice or value != parameter.default,
            )
        )
    for argument, value in run.wrapper.arguments if run.wrapper else ():
        differs = any(rival.wrapper is not None and rival.wrapper[argument] != value for rival in rivals)
        settings.append(Setting(format_setting(argument, value), differs, is_told=False))
    return settings


def number_twin(run: Run, runs: Sequence[Run]) -> tuple[str, ...]:
    """The number of a run among `runs`, if another of them is the same in everything; else nothing."""
    if sum((other.optimizer, other.wrapper) == (run.optimizer, run.wrapper) for other in runs) < 2:
        return ()
    return (translate("run {number}", number=[each.slot for each in runs].index(run.slot) + 1),)


def list_namesakes(run: Run, runs: Sequence[Run]) -> list[Run]:
    """Those of `runs` that have the same title."""
    title = run.optimizer.name, get_wrapper_name(run)
    return [each for each in runs if (each.optimizer.name, get_wrapper_name(each)) == title]


def get_wrapper_name(run: Run) -> str | None:
    return run.wrapper.name if run.wrapper else None


def format_setting(argument: str, value: Any, others: Sequence[Any] = ()) -> str:
    """An argument and its value; of a schedule also the numbers that differ from the same schedule in `others`."""
    if isinstance(value, bool):
        label = translate(make_switch_label(argument)).lower()
        return label if value else translate("no {switch}", switch=label)
    label = translate(get_range(argument).label)
    if not isinstance(value, Call):
        return format_labelled_number(label, value)
    alike = [other for other in others if isinstance(other, Call) and other.name == value.name]
    numbers = [
        format_labelled_number(translate(LEVEL_LABELS.get(name) or get_range(name).label), number)
        for name, number in value.arguments
        if any(other[name] != number for other in alike)
    ]
    marks = get_punctuation()
    in_brackets = marks.brackets.format(marks.comma.join(numbers)) if numbers else ""
    return f"{label} {get_name_in_text(value.name)}{in_brackets}"


def format_labelled_number(label: str, value: float) -> str:
    return f"{label} {format_compact(value)}"


def format_run(run: Run, runs: Sequence[Run] = ()) -> str:
    """A run's title and settings, told apart from those of other `runs`."""
    return " · ".join(filter(None, (format_title(run), format_settings(run, runs))))


def format_parameter_label(name: str) -> str:
    """The name of a hyperparameter, and the letter that formulas have for it if that is another: lr (α)."""
    label, symbol = translate(get_range(name).label), HYPERPARAMETERS[name].symbol if name in HYPERPARAMETERS else ""
    return f"{label}{get_punctuation().brackets.format(symbol)}" if symbol and symbol != label else label


def describe_values(run: Run) -> str:
    """The values of all hyperparameters of a run, called as on its card: lr (α) = 0.1, μ = 0.9."""
    parts = []
    for argument, value in run.optimizer.arguments:
        label = format_parameter_label(argument)
        if isinstance(value, bool):
            label, text = translate(make_switch_label(argument)).lower(), translate("on") if value else translate("off")
        else:
            text = get_name_in_text(value.name) if isinstance(value, Call) else format_compact(value)
        parts.append(f"{label} = {text}")
    return translate("In this run {values}.", values=get_punctuation().comma.join(parts))


def get_schedule_labels(run: Run) -> dict[str, str]:
    """The labels, by argument name, of the scheduled hyperparameters other than the learning rate."""
    scheduled = (name for name, value in run.optimizer.arguments if isinstance(value, Call) and name != "lr")
    return {name: translate(get_range(name).label) for name in scheduled}


def describe_arrival() -> str:
    """When a run counts as having reached a minimum."""
    return translate(
        "A run has reached a global minimum from the step on from which it stays within {distance:g} % of the "
        "picture's width and height, and at most {share:g} % of the way down is left, measured in loss.",
        distance=100 * ARRIVAL_DISTANCE, share=100 * ARRIVAL_LOSS_FRACTION,
    )  # fmt: skip
