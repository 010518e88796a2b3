"""The view of a scene: contour plot or surface, axes, arrows, and the moment that is shown."""

from math import isfinite
from typing import Any, NamedTuple

from app.model.hyperparameter_table import HYPERPARAMETERS
from surfaces.translatable import Translatable

VIEW_MODES = ("contour", "space")
VIEW_CHOICES = {
    "loss": ("auto", "linear", "log"),  # auto: log if every loss allows it
    "fit": ("all", "kept"),  # the runs that the loss axis fits; kept: those that have not diverged
    "strip": ("gradient_norm", "lr", "step_length", "update_ratio", "rate_x", "rate_y"),
    "over": ("steps", "gradients", "evaluations", "epochs"),
    "pace": ("steps", "evaluations"),
    # what the race has not reached: faint paths and verdicts; auto: hidden in lessons and lectures, shown elsewhere
    "future": ("auto", "shown", "hidden"),
}
ARROW_NAMES = ("slope", "pull", "update", "ahead", "model", "radius")
MAX_CLOCK = 1e9  # steps or evaluations
AXES = ("x", "y")
MAX_WINDOW_END = 1e9


class View(NamedTuple):
    """The choices of a view; each default is the first word in `VIEW_CHOICES`."""

    mode: str = "contour"
    loss: str = "auto"
    fit: str = "all"
    strip: str = "gradient_norm"
    over: str = "steps"
    pace: str = "steps"
    future: str = "auto"
    arrows: tuple[str, ...] = ()  # in the order of ARROW_NAMES
    x: tuple[float, float] | None = None  # the part of the landscape that is looked at; None: what holds the paths
    y: tuple[float, float] | None = None
    step: float | None = None  # the moment shown, in the unit of `pace`; None: the race starts playing


DEFAULT_VIEW = View()


class Presentation(NamedTuple):
    """How a scene is shown; no run depends on it."""

    view: View = DEFAULT_VIEW
    language: str = ""  # chosen by the visitor; "": the browser's
    is_lecture: bool = False  # the race alone, in large type


DEFAULT_PRESENTATION = Presentation()


def find_view_fault(name: str, value: Any) -> Translatable | None:
    """The reason why a view cannot have this choice; None if it can."""
    if name == "mode":
        return (
            None
            if value in VIEW_MODES
            else Translatable("The view must be one of {views}.", views=", ".join(VIEW_MODES))
        )
    if name == "step":
        is_number = type(value) in (int, float) and isfinite(value) and 0 <= value <= MAX_CLOCK
        return None if value is None or is_number else Translatable("The step must be a number, at least 0.")
    if name in AXES:
        return (
            None
            if value is None or is_window_side(value)
            else Translatable("{name} must be two numbers, the smaller one first, like (-2,2).", name=name)
        )
    if name == "arrows":
        is_known = isinstance(value, (tuple, list)) and all(name in ARROW_NAMES for name in value)
        return None if is_known else Translatable("The arrows must be among {arrows}.", arrows=", ".join(ARROW_NAMES))
    if name not in VIEW_CHOICES:
        return Translatable("A view has no “{name}”.", name=name[:40])
    if name == "strip" and isinstance(value, str) and value.removeprefix("hyper_") in HYPERPARAMETERS:
        return None
    if isinstance(value, str) and value in VIEW_CHOICES[name]:
        return None
    return Translatable("{name} must be one of {choices}.", name=name, choices=", ".join(VIEW_CHOICES[name]))


def is_window_side(ends: Any) -> bool:
    """Are these two finite numbers, the first lower by more than rounding errors?"""
    is_pair = isinstance(ends, (tuple, list)) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)
    if not is_pair or not all(abs(end) <= MAX_WINDOW_END for end in ends):  # NaN compares false
        return False
    return bool(ends[1] - ends[0] > 1e-9 * max(map(abs, ends)))


def make_view(choices: dict[str, Any]) -> View:
    """Make a view of valid choices, with its arrows sorted and without duplicates."""
    arrows = tuple(name for name in ARROW_NAMES if name in choices.get("arrows", ()))
    step = choices.get("step")
    sides = {name: tuple(map(float, ends)) if (ends := choices.get(name)) is not None else None for name in AXES}
    return View(**{**choices, **sides, "arrows": arrows, "step": None if step is None else float(step)})
