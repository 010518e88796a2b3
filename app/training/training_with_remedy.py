"""From the remedy of a reading to a scene: the mended training stands beside the old one, and starts as it did."""

from dataclasses import replace

from app.model.training_optimizer_conversion import to_call
from app.training_scenes.training_scene import TRAINING_RANGES, ChosenTraining, TrainingScene
from optimizers.training.specification import Training


def add_mended(scene: TrainingScene, index: int, mended: Training) -> TrainingScene:
    """The scene with the mended training added, or selected if it is there; what all share is changed for all.

    Raises `UserError`.
    """
    old = scene.trainings[index]
    for name in ("split", "validation_fraction", "sample_count", "epochs"):
        if getattr(mended, name) != getattr(scene, name):
            scene = scene.with_shared(name, getattr(mended, name))
    chosen = choose_as(old, mended)
    if chosen in scene.trainings:
        return scene.with_selected(index if chosen == old else scene.trainings.index(chosen))
    return scene.with_added(chosen)


def choose_as(old: ChosenTraining, training: Training) -> ChosenTraining:
    """Make the page's choices for this training, within the ranges of the page."""
    chosen = replace(
        old, model=training.model, activation=training.activation, initialization=training.initialization,
        l2=clip("l2", training.l2), dropout=training.dropout, batch_size=int(clip("batch_size", training.batch_size)),
        changes=training.changes,
    )  # fmt: skip
    if training.model == "network":
        width = int(clip("width", max(training.hidden, default=old.width)))
        chosen = replace(chosen, depth=len(training.hidden) + 1, width=width)
    return chosen.with_optimizer(to_call(training.optimizer))


def clip(name: str, value: float) -> float:
    return min(max(value, TRAINING_RANGES[name].low), TRAINING_RANGES[name].high)
