"""A scene is everything that determines the picture, as names and numbers, all checked here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from inspect import Parameter, signature
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from app.model.hyperparameter_ranges import LEVEL_LABELS, LR_RANGE, ParameterRange, get_level_range, get_range
from app.model.view_options import DEFAULT_PRESENTATION, Presentation, View
from optimizers.base import Hyperparameter
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from surfaces.catalogue import SURFACES
from surfaces.spelling_suggestions import suggest_word
from surfaces.translatable import UserError as UserError  # noqa: PLC0414 -- all who read a scene raise or catch it

MAX_RUNS = 16
MAX_STEPS = 2000
MAX_COORDINATE = 1e6  # of the start

# Names of arguments, optimizers and schedules in other libraries and papers.
OTHER_LIBRARY_NAMES = {
    "learning_rate": "lr", "step_size": "lr", "b1": "beta1", "b2": "beta2", "epsilon": "eps", "momentum": "mu",
    **{alias: word for word, traits in TRAITS.items() for alias in traits.aliases},
    "cosine_annealing": "cosine", "cosine_decay": "cosine", "exponential_decay": "exponential",
    "linear_decay": "linear",
}  # fmt: skip

ABSENT_OPTIMIZERS = {
    "adan",
    "adai",
    "adas",
}  # optimizers that are missing here, and are no misspellings of one that is not

Catalogue = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Call:
    """A name of a catalogue with all its arguments: numbers, or schedules, which are calls too."""

    name: str
    arguments: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, name: str) -> Any:
        return dict(self.arguments)[name]

    def with_argument(self, name: str, value: Any) -> "Call":
        return Call(self.name, tuple((key, value if key == name else old) for key, old in self.arguments))


class Run(NamedTuple):
    slot: int  # its colour, dash and marker; no two runs of a scene share one
    optimizer: Call
    wrapper: Call | None = None
    is_on: bool = True


@dataclass(frozen=True)
class Scene:
    surface: Call
    start: tuple[float, float]
    steps: int
    runs: tuple[Run, ...]
    noise: float = 0.0
    seed: int = 0
    presentation: Presentation = DEFAULT_PRESENTATION

    def find_run(self, slot: int) -> Run:
        return next(run for run in self.runs if run.slot == slot)

    @property
    def view(self) -> View:
        return self.presentation.view

    def with_presentation(self, **changes: Any) -> "Scene":
        """The same race with a changed view, language or lecture mode."""
        return replace(self, presentation=self.presentation._replace(**changes))

    def without_step(self) -> "Scene":
        """The same scene, whose clock does not stand at a moment."""
        return self.with_presentation(view=self.view._replace(step=None))

    def replace_run(self, run: Run) -> "Scene":
        return replace(self, runs=tuple(run if old.slot == run.slot else old for old in self.runs))

    def change_run(self, slot: int, **changes: Any) -> "Scene":
        return self.replace_run(self.find_run(slot)._replace(**changes))

    def add_run(self, run: Run) -> "Scene":
        """The scene with `run` at the end, in the first free slot."""
        if len(self.runs) >= MAX_RUNS:
            raise UserError("There is room for {runs} runs. Remove one to add another.", runs=MAX_RUNS)
        used_slots = {old.slot for old in self.runs}
        free = next(slot for slot in range(MAX_RUNS) if slot not in used_slots)
        return replace(self, runs=(*self.runs, run._replace(slot=free)))

    def remove_run(self, slot: int) -> "Scene":
        return replace(self, runs=tuple(run for run in self.runs if run.slot != slot))

    def recolour_run(self, slot: int, new: int) -> "Scene":
        """Give the run in `slot` the colour `new`; a run that had it takes the old one."""
        swap = {slot: new, new: slot}
        return replace(self, runs=tuple(run._replace(slot=swap.get(run.slot, run.slot)) for run in self.runs))


@cache
def inspect_parameters(make: Callable[..., Any]) -> dict[str, Parameter]:
    """The arguments of a maker that are numbers: all those with a default."""
    return {name: p for name, p in signature(make).parameters.items() if p.default is not Parameter.empty}


def surface_call(name: str, **arguments: Any) -> Call:
    return make_call(SURFACES, name, arguments)


def optimizer_call(name: str, **arguments: Any) -> Call:
    return make_call(OPTIMIZERS, name, arguments)


def wrapper_call(name: str, **arguments: Any) -> Call:
    return make_call(WRAPPERS, name, arguments)


def schedule_call(name: str, scheduled: ParameterRange = LR_RANGE, **arguments: Any) -> Call:
    return make_call(SCHEDULES, name, arguments, scheduled)


def make_call(
    catalogue: Catalogue, maker_name: str, given: Mapping[str, Any], scheduled: ParameterRange | None = None
) -> Call:
    """The call of a name with every argument, checked; those not given are at their defaults."""
    if maker_name not in catalogue:
        raise UserError("There is no {word!r} here.", word=str(maker_name)[:40])
    known = inspect_parameters(catalogue[maker_name])
    for name in given:
        if name not in known:
            reject_argument(maker_name, name, known)
    defaults = {name: p.default for name, p in known.items()}
    return Call(maker_name, tuple(
        (name, check_argument(name, given.get(name, default), default, scheduled)) for name, default in defaults.items()
    ))  # fmt: skip


def reject_argument(maker_name: str, name: str, known: Iterable[str] = ()) -> NoReturn:
    """Refuse the name of an argument that `maker_name` does not have, and suggest one of those `known`."""
    name = str(name)[:40]
    other = OTHER_LIBRARY_NAMES.get(name, "")
    if near := other if other in known else suggest_word(name, known):
        raise UserError("{word} has no {name!r}. Did you mean “{near}”?", word=maker_name, name=name, near=near)
    raise UserError("{word} has no {name!r}.", word=maker_name, name=name)


def reject_maker_name(kind: str, maker_name: str, known: Iterable[str]) -> NoReturn:
    """Refuse a name that the catalogue does not have, and suggest one of those `known`."""
    maker_name = maker_name[:40]
    other = OTHER_LIBRARY_NAMES.get(maker_name.lower(), "")
    if (
        near := other
        if other in known
        else None
        if maker_name.lower() in ABSENT_OPTIMIZERS
        else suggest_word(maker_name, known)
    ):
        raise UserError(
            "There is no {kind} {word!r} here. Did you mean “{near}”?", kind=kind, word=maker_name, near=near
        )
    raise UserError("There is no {kind} {word!r} here.", kind=kind, word=maker_name)


def check_argument(name: str, value: Any, default: Any, scheduled: ParameterRange | None = None) -> Any:
    """The value as an argument of that name and default. Raises `UserError`."""
    if isinstance(value, Call):
        if value.name not in SCHEDULES or scheduled is not None:
            raise UserError("{name} cannot follow {word}.", name=name, word=value.name)
        return schedule_call(value.name, get_range(name), **dict(value.arguments))
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise UserError("{name} is either on or off.", name=name)
        return value
    limits = get_argument_range(name, default, scheduled)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not limits.contains(value):
        raise UserError(
            "{label} must be a number from {low:g} to {high:g}.", label=limits.label, low=limits.low, high=limits.high
        )
    if isinstance(default, int):
        if value != int(value):
            raise UserError("{label} must be a whole number.", label=limits.label)
        return int(value)
    return float(value)


def get_argument_range(name: str, default: Any, scheduled: ParameterRange | None = None) -> ParameterRange:
    """The range of an argument; the levels of a schedule have that of the scheduled hyperparameter."""
    is_level = scheduled is not None and name in LEVEL_LABELS and isinstance(default, float)
    return get_level_range(name, scheduled) if is_level else get_range(name)


def is_schedulable(optimizer: str, name: str) -> bool:
    """Can this hyperparameter of an optimizer follow a schedule?"""
    return name == "lr" or inspect_parameters(OPTIMIZERS[optimizer])[name].annotation == Hyperparameter


def parse_coordinate(text: Any) -> float:
    """A coordinate that a visitor typed or clicked."""
    value = parse_number(text, "0.5")
    if not isfinite(value) or abs(value) > MAX_COORDINATE:
        raise UserError("The start must be a number of ordinary size.")
    return value


def parse_step_count(text: Any) -> int:
    steps = parse_number(text, "150")
    if not 1 <= steps <= MAX_STEPS:
        raise UserError("From 1 to {steps} steps.", steps=MAX_STEPS)
    if steps != int(steps):
        raise UserError("The number of steps must be a whole number.")
    return int(steps)


def parse_number(text: Any, example: str) -> float:
    """A number as people write it."""
    text = str(text).strip()
    if not text:
        raise UserError("Type a number, like {example}.", example=example)
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        raise UserError("“{written}” is not a number.", written=text[:20]) from None
