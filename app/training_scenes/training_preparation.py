"""From a scene to trainings that are ready to begin, with the checks that need the data."""

from functools import lru_cache

from app.model.scene import UserError
from app.training_scenes.training_scene import (
    MAX_DENSE_PARAMETERS,
    ChosenTraining,
    TrainingScene,
    build_training,
)
from optimizers.catalogue import TRAITS
from optimizers.training.prepared_training import PreparedTraining, prepare_training
from optimizers.training.specification import Training
from surfaces.datasets.minibatches import Minibatches
from surfaces.models.catalogue import OWN_DATA
from surfaces.models.classification_table import parse_classification_table

MAX_TRAINING_PRODUCTS = 4e10  # of a weight and a sample: about a minute


@lru_cache(maxsize=64)
def prepare(training: Training, table: str) -> PreparedTraining:
    """The split data, the network and its first weights. Raises `UserError`."""
    return prepare_training(training, parse_classification_table(table) if training.data == OWN_DATA else None)


def check_training(scene: TrainingScene, chosen: ChosenTraining) -> PreparedTraining:
    """One training of a scene, ready to begin. Raises `UserError` if it cannot be trained here."""
    prepared = prepare(build_training(scene, chosen), scene.table)
    size = prepared.network.layout.size
    if size > MAX_DENSE_PARAMETERS and TRAITS[chosen.optimizer.name].for_small_models:
        raise UserError(
            "This optimizer keeps a matrix of all pairs of weights: it can train at most {most:,} weights, and this "
            "model has {count:,}.", most=MAX_DENSE_PARAMETERS, count=size,
        )  # fmt: skip
    if size * len(prepared.split.training.classes) * scene.epochs > MAX_TRAINING_PRODUCTS:
        raise UserError("That would train for more than a minute: take fewer epochs, samples or hidden units.")
    return prepared


def check_scene(scene: TrainingScene) -> None:
    """Raises `UserError` if one of the trainings cannot be trained here."""
    for chosen in scene.trainings:
        check_training(scene, chosen)


def count_steps(scene: TrainingScene) -> int:
    """The steps of the selected training, as if no change in the middle changed its batches."""
    samples = len(prepare(build_training(scene, scene.chosen), scene.table).split.training.classes)
    return scene.epochs * Minibatches(samples, scene.chosen.batch_size, scene.seed).batches_per_epoch
