"""The names of a scene's trainings: the optimizer, and what tells them apart."""

from collections.abc import Sequence

from app.model.classifier_titles import (
    ACTIVATION_TITLES,
    DATA_TITLES,
    INITIALIZATION_TITLES,
    MODEL_TITLES,
    SHORT_MODEL_TITLES,
)
from app.model.display_names import format_compact, format_settings, format_title
from app.model.hyperparameter_table import get_range
from app.model.scene import Run
from app.training_scenes.training_scene import NETWORK_ONLY, ChosenTraining, TrainingScene
from app.translation import get_punctuation, translate
from optimizers.training.specification import Change
from surfaces.translatable import Translatable

TOLD_CHOICES = (
    "model",
    "depth",
    "width",
    "activation",
    "initialization",
    "l2",
    "dropout",
    "batch_size",
    "weights_seed",
)
SHORT_LABELS = {
    "depth": Translatable("layers"), "width": Translatable("units"), "l2": "λ", "dropout": Translatable("dropout"),
    "batch_size": Translatable("batch"), "weights_seed": Translatable("seed"),
}  # fmt: skip
TITLES = {"model": SHORT_MODEL_TITLES, "activation": ACTIVATION_TITLES, "initialization": INITIALIZATION_TITLES}


def name_trainings(trainings: Sequence[ChosenTraining]) -> list[str]:
    """The optimizer of each with its settings, and the choices in which it differs from another one."""
    runs = [Run(slot, chosen.optimizer, chosen.wrapper) for slot, chosen in enumerate(trainings)]
    alike = [name for name in TOLD_CHOICES if len({getattr(t, name) for t in trainings if has_choice(t, name)}) <= 1]
    names = []
    for run, chosen in zip(runs, trainings, strict=True):
        parts = [format_title(run), format_settings(run, [r for r in runs if r[1:] != run[1:]] + [run])]
        different = [name for name in TOLD_CHOICES if name not in alike and has_choice(chosen, name)]
        parts += [format_choice(name, getattr(chosen, name)) for name in different]
        parts += [format_change(change) for change in chosen.changes]
        if chosen in trainings[: run.slot]:
            parts.append(translate("the same as {number}", number=list(trainings).index(chosen) + 1))
        names.append(" · ".join(filter(None, parts)))
    return names


def has_choice(chosen: ChosenTraining, name: str) -> bool:
    """Whether a choice means anything for the model: a classifier without hidden layers has no hidden units."""
    return chosen.model == "network" or name not in NETWORK_ONLY


def format_choice(name: str, value: str | float) -> str:
    if isinstance(value, str):
        return translate(TITLES[name][value])
    if name == "batch_size" and not value:
        return translate("batch of all")
    return f"{translate(SHORT_LABELS[name])} {format_compact(value)}"


def format_change(change: Change) -> str:
    """A change in the middle, like: lr 0.01 from epoch 5 on."""
    if change.name in SHORT_LABELS:
        choice = format_choice(change.name, change.value)
    else:
        choice = f"{translate(get_range(change.name).label)} {format_compact(change.value)}"
    return translate("{choice} after epoch {epoch}", choice=choice, epoch=change.epoch)


def describe_data(scene: TrainingScene, training_count: int, validation_count: int) -> str:
    """The data and how they are split, in a line."""
    order = translate("split at random") if scene.split == "random" else translate("split in the order of the file")
    return translate(
        "{data}: {training:,} samples to learn from, {validation:,} for validation, {order}",
        data=name_data(scene), training=training_count, validation=validation_count, order=order,
    )  # fmt: skip


def name_data(scene: TrainingScene) -> str:
    return translate(DATA_TITLES[scene.data])


def describe_scene(scene: TrainingScene) -> str:
    """The trainings, and how long they are."""
    names = get_punctuation().comma.join(name_trainings(scene.trainings))
    return translate("{trainings} · {epochs} epochs", trainings=names, epochs=scene.epochs)


def describe_model(chosen: ChosenTraining, layer_sizes: Sequence[int]) -> str:
    """The model with the sizes of its layers, like: Fully connected network 64-100-10 · ReLU."""
    model = f"{translate(MODEL_TITLES[chosen.model])} {'-'.join(map(str, layer_sizes))}"
    return model if chosen.model != "network" else f"{model} · {translate(ACTIVATION_TITLES[chosen.activation])}"


def describe_title(scene: TrainingScene, *numbers: int) -> str:
    """The title of an exported file: the trainings of these numbers, the data and the epochs."""
    names = name_trainings(scene.trainings)
    return translate(
        "{trainings} on {data}, {epochs} epochs",
        trainings=get_punctuation().comma.join(names[k] for k in numbers), data=name_data(scene),
        epochs=scene.epochs,
    )  # fmt: skip
