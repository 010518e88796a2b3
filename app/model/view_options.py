"""The view of a scene: contour plot or surface, axes, arrows, and the moment at which the clock stands."""

from math import isfinite
from typing import Any, NamedTuple

from app.model.hyperparameter_ranges import HYPERPARAMETERS
from surfaces.translatable import Translatable

VIEW_MODES = ("contour", "space")
VIEW_CHOICES = {
    "loss": ("auto", "linear", "log"),  # auto: log wherever every loss allows it
    "fit": ("all", "kept"),  # which runs the loss axis has room for: kept are those that have not diverged
    "strip": ("gradient_norm", "lr", "step_length", "update_ratio", "rate_x", "rate_y"),
    "over": ("steps", "gradients", "evaluations", "epochs"),
    "pace": ("steps", "evaluations"),
}
ARROW_NAMES = ("slope", "pull", "update", "ahead", "model", "radius")
MAX_CLOCK = 1e9  # no race has more steps or evaluations


class View(NamedTuple):
    """The defaults, the first word of each choice, are what a new visitor sees."""

    mode: str = "contour"
    loss: str = "auto"
    fit: str = "all"
    strip: str = "gradient_norm"
    over: str = "steps"
    pace: str = "steps"
    arrows: tuple[str, ...] = ()  # in the order of ARROW_NAMES
    step: float | None = None  # where the clock stands, counted as `pace` says; None: the race is run from its start


DEFAULT_VIEW = View()


class Presentation(NamedTuple):
    """How a scene is shown, and in which language; no run depends on it."""

    view: View = DEFAULT_VIEW
    language: str = ""  # chosen by the visitor; "": that of the browser
    is_lecture: bool = False  # the race alone, in large type


DEFAULT_PRESENTATION = Presentation()


def find_view_fault(name: str, value: Any) -> Translatable | None:
    """The reason why this cannot be a part of a view; None if it can."""
    if name == "mode":
        return None if value in VIEW_MODES else Translatable("A view is one of {views}.", views=", ".join(VIEW_MODES))
    if name == "step":
        number = type(value) in (int, float) and isfinite(value) and 0 <= value <= MAX_CLOCK
        return None if value is None or number else Translatable("The step is a number from 0.")
    if name == "arrows":
        known = isinstance(value, (tuple, list)) and all(
            isinstance(word, str) and word in ARROW_NAMES for word in value
        )
        return None if known else Translatable("Arrows are some of {arrows}.", arrows=", ".join(ARROW_NAMES))
    if name not in VIEW_CHOICES:
        return Translatable("A view has no {name!r}.", name=name[:40])
    if name == "strip" and isinstance(value, str) and value.removeprefix("hyper_") in HYPERPARAMETERS:
        return None
    if isinstance(value, str) and value in VIEW_CHOICES[name]:
        return None
    return Translatable("{name} is one of {choices}.", name=name, choices=", ".join(VIEW_CHOICES[name]))


def make_view(choices: dict[str, Any]) -> View:
    """The view of choices without a fault, each arrow once and in its order."""
    arrows = tuple(name for name in ARROW_NAMES if name in choices.get("arrows", ()))
    step = choices.get("step")
    return View(**{**choices, "arrows": arrows, "step": None if step is None else float(step)})
