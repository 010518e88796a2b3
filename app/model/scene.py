"""A scene: everything that determines the picture, as checked names and numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from inspect import Parameter, signature
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from app.model.hyperparameter_table import LEVEL_LABELS, LR_RANGE, ParameterRange, get_level_range, get_range
from app.model.typed_numbers import parse_number
from app.model.view_options import DEFAULT_PRESENTATION, Presentation, View
from optimizers.base import Hyperparameter
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from surfaces.catalogue import SURFACES
from surfaces.spelling_suggestions import suggest_word
from surfaces.translatable import UserError as UserError  # noqa: PLC0414 -- all readers of scenes raise or catch it

MAX_RUNS = 16
MAX_STEPS = 2000
MAX_COORDINATE = 1e6  # a start beyond this is nonsense, whoever sent it

# Names of arguments, optimizers and schedules in other libraries and papers.
OTHER_LIBRARY_NAMES = {
    "learning_rate": "lr", "step_size": "lr", "b1": "beta1", "b2": "beta2", "epsilon": "eps", "momentum": "mu",
    **{alias: word for word, traits in TRAITS.items() for alias in traits.aliases},
    "cosine_annealing": "cosine", "cosine_decay": "cosine", "exponential_decay": "exponential",
    "linear_decay": "linear",
}  # fmt: skip

ABSENT_OPTIMIZERS = {"adan", "adai", "adas"}  # missing here, and no misspellings of "adam"

Catalogue = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Call:
    """A name of a catalogue with all its arguments: numbers, or calls of schedules."""

    name: str
    arguments: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, name: str) -> Any:
        return dict(self.arguments)[name]

    def with_argument(self, name: str, value: Any) -> "Call":
        return Call(self.name, tuple((key, value if key == name else other) for key, other in self.arguments))


class Run(NamedTuple):
    slot: int  # determines colour, dash and marker; unique in a scene
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
        """The same scene without a moment at which its clock stands."""
        return self.with_presentation(view=self.view._replace(step=None))

    def without_step_and_zoom(self) -> "Scene":
        """The same scene without its moment, and without the part of the landscape that is looked at.

        Looking on, or closer, is no change of a scene.
        """
        return self.with_presentation(view=self.view._replace(step=None, x=None, y=None))

    def replace_run(self, run: Run) -> "Scene":
        return replace(self, runs=tuple(run if old.slot == run.slot else old for old in self.runs))

    def change_run(self, slot: int, **changes: Any) -> "Scene":
        return self.replace_run(self.find_run(slot)._replace(**changes))

    def add_run(self, run: Run) -> "Scene":
        """The scene with `run` at the end, in the first free slot."""
        if len(self.runs) >= MAX_RUNS:
            raise UserError("A race has at most {runs} runs. Remove one to add another.", runs=MAX_RUNS)
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
    """The hyperparameters of a maker: all its arguments with a default."""
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
    catalogue: Catalogue, maker_name: str, arguments: Mapping[str, Any], scheduled: ParameterRange | None = None
) -> Call:
    """Make a call with all arguments, checked; missing ones are at their defaults. Raises `UserError`."""
    if maker_name not in catalogue:
        raise UserError("There is no “{word}” here.", word=str(maker_name)[:40])
    parameters = inspect_parameters(catalogue[maker_name])
    for name in arguments:
        if name not in parameters:
            reject_argument(maker_name, name, parameters)
    return Call(maker_name, tuple(
        (name, check_argument(name, arguments.get(name, p.default), p.default, scheduled))
        for name, p in parameters.items()
    ))  # fmt: skip


def reject_argument(maker_name: str, name: str, known: Iterable[str] = ()) -> NoReturn:
    """Refuse an unknown argument of `maker_name`, and suggest one of those `known`."""
    name = str(name)[:40]
    alias = OTHER_LIBRARY_NAMES.get(name, "")
    if near := alias if alias in known else suggest_word(name, known):
        raise UserError("{word} has no “{name}”. Did you mean “{near}”?", word=maker_name, name=name, near=near)
    raise UserError("{word} has no “{name}”.", word=maker_name, name=name)


def reject_maker_name(kind: str, maker_name: str, known: Iterable[str]) -> NoReturn:
    """Refuse a name that is not in the catalogue, and suggest one of those `known`."""
    maker_name = maker_name[:40]
    near = OTHER_LIBRARY_NAMES.get(maker_name.lower(), "")
    if near not in known:
        near = "" if maker_name.lower() in ABSENT_OPTIMIZERS else suggest_word(maker_name, known)
    if near:
        raise UserError(
            "There is no {kind} “{word}” here. Did you mean “{near}”?", kind=kind, word=maker_name, near=near
        )
    raise UserError("There is no {kind} “{word}” here.", kind=kind, word=maker_name)


def check_argument(name: str, value: Any, default: Any, scheduled: ParameterRange | None = None) -> Any:
    """The value in the type of its default. Raises `UserError` if it is no allowed value of this argument."""
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
    """The range of an argument; a schedule's levels have the range of the scheduled hyperparameter."""
    is_level = scheduled is not None and name in LEVEL_LABELS and isinstance(default, float)
    return get_level_range(name, scheduled) if is_level else get_range(name)


def is_schedulable(optimizer: str, name: str) -> bool:
    """Whether this hyperparameter of an optimizer can follow a schedule."""
    return name == "lr" or inspect_parameters(OPTIMIZERS[optimizer])[name].annotation == Hyperparameter


def parse_coordinate(text: Any) -> float:
    """A coordinate that a visitor typed or clicked."""
    value = parse_number(text, "0.5")
    if not isfinite(value) or abs(value) > MAX_COORDINATE:
        raise UserError(
            "A coordinate of the start must be a number from -{limit:,.0f} to {limit:,.0f}.", limit=MAX_COORDINATE
        )
    return value


def parse_step_count(text: Any) -> int:
    steps = parse_number(text, "150")
    if not 1 <= steps <= MAX_STEPS:
        raise UserError("The number of steps must be from 1 to {steps}.", steps=MAX_STEPS)
    if steps != int(steps):
        raise UserError("The number of steps must be a whole number.")
    return int(steps)
