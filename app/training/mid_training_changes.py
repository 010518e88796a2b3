"""Changes in the middle of a training: what can be changed, and the scene that goes on with another value."""

from dataclasses import replace
from typing import Any

from app.model.display_names import format_compact
from app.model.hyperparameter_table import get_range
from app.model.scene import Call
from app.model.typed_numbers import parse_number
from app.training_scenes.training_names import format_change
from app.training_scenes.training_scene import TRAINING_RANGES, ChosenTraining, TrainingScene, check_change
from app.translation import translate
from optimizers.catalogue import OPTIMIZERS
from optimizers.training.specification import MODEL_CHANGES, list_changeable

EXAMPLE = "0.002"


def list_changeable_values(chosen: ChosenTraining) -> list[tuple[str, float]]:
    """List what can change from an epoch on: names, the learning rate first, with the values at the start."""
    arguments = dict(chosen.optimizer.arguments)
    names = dict.fromkeys(("lr", *MODEL_CHANGES, *list_changeable(OPTIMIZERS[chosen.optimizer.name])))
    values = {name: getattr(chosen, name) if name in MODEL_CHANGES else arguments.get(name) for name in names}
    if chosen.model != "network":
        del values["dropout"]
    return [(name, value) for name, value in values.items() if value is not None and not isinstance(value, Call)]


def change_from(scene: TrainingScene, epoch: Any, name: str, typed: str, *, is_beside: bool) -> TrainingScene:
    """The selected training with another value from the end of an epoch on, or one with it beside the selected one.

    It takes the place of a change of the same name at the same epoch. Raises `UserError`.
    """
    value = parse_number(typed, EXAMPLE)
    change = check_change(scene.epochs, scene.chosen, epoch, name, value)
    kept = [c for c in scene.chosen.changes if (c.epoch, c.name) != (change.epoch, change.name)]
    chosen = replace(scene.chosen, changes=tuple(sorted((*kept, change), key=lambda c: c.epoch)))
    return scene.with_added(chosen) if is_beside else scene.with_chosen(chosen)


def describe_changeable(chosen: ChosenTraining) -> list[list[str]]:
    """For the browser: name, label, and value at the start."""
    return [
        [
            name,
            translate(TRAINING_RANGES[name].label if name in TRAINING_RANGES else get_range(name).label),
            format_compact(value),
        ]
        for name, value in list_changeable_values(chosen)
    ]


def describe_changes(chosen: ChosenTraining) -> list[list[Any]]:
    """For the browser: epoch, name, value and a sentence of each change."""
    return [[c.epoch, c.name, format_compact(c.value), format_change(c)] for c in chosen.changes]
