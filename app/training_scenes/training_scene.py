"""The scene of the training laboratory: data, and up to eight trainings. It is the link, and the step of undo."""

from dataclasses import dataclass, field, replace
from typing import Any

from app.model.hyperparameter_table import ParameterRange, integer_range
from app.model.network_settings import DEPTH_RANGE, DROPOUT_RANGE, WIDTH_RANGE, check_number, l2_range
from app.model.scene import Call, UserError, make_call, optimizer_call
from app.model.training_optimizer_conversion import to_maker
from optimizers.catalogue import OPTIMIZERS
from optimizers.training.specification import MAX_TRAININGS, MODEL_CHANGES, Change, Training
from surfaces.models.activations import ACTIVATIONS
from surfaces.models.catalogue import DATA_SETS, MODELS, OWN_DATA
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS
from surfaces.translatable import Translatable

MAX_DENSE_PARAMETERS = 400  # of a model whose optimizer keeps a matrix or a simplex
TWENTY_EPOCHS = 20

TRAINING_RANGES: dict[str, ParameterRange] = {
    "validation_fraction": ParameterRange(
        Translatable("Part for validation"), 0.05, 0.8, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    ),
    "sample_count": ParameterRange(
        Translatable("Training samples (0: all)"), 0, 5000, (0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    ),
    "split_seed": integer_range(Translatable("Seed of the split"), 0, 99),
    "epochs": ParameterRange(Translatable("Epochs"), 1, 200, (1, 2, 5, 10, 20, 30, 50, 100, 200)),
    "depth": DEPTH_RANGE,
    "width": WIDTH_RANGE,
    "l2": l2_range(-5, 1),
    "dropout": DROPOUT_RANGE,
    "batch_size": ParameterRange(
        Translatable("Batch size (0: all)"), 0, 5000, (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
    ),
    "seed": integer_range(Translatable("Seed of batches and dropout"), 0, 99),
    "weights_seed": integer_range(Translatable("Seed of the first weights"), 0, 99),
}  # fmt: skip
WHOLE = ("sample_count", "split_seed", "epochs", "depth", "width", "batch_size", "seed", "weights_seed")
WORDS: dict[str, tuple[str, ...]] = {
    "data": (*DATA_SETS, OWN_DATA),
    "split": ("random", "file"),
    "model": tuple(MODELS),
    "activation": tuple(ACTIVATIONS),
    "initialization": tuple(STANDARD_DEVIATIONS),
}
SHARED = ("data", "split", "validation_fraction", "split_seed", "sample_count", "epochs", "seed")  # by all trainings
NETWORK_ONLY = ("depth", "width", "activation", "dropout")


@dataclass(frozen=True)
class ChosenTraining:
    """The choices for one training. Trainings with the same model, initialization and `weights_seed` start alike."""

    model: str = "network"
    depth: int = 2  # layers of weights
    width: int = 100
    activation: str = "relu"
    initialization: str = "he"
    l2: float = 0.0
    dropout: float = 0.0
    batch_size: int = 32
    weights_seed: int = 0
    optimizer: Call = field(default_factory=lambda: optimizer_call("momentum", lr=0.02))
    wrapper: Call | None = None  # averaging or clipping
    changes: tuple[Change, ...] = ()

    def with_choice(self, name: str, value: Any) -> "ChosenTraining":
        """Another value of one choice. Raises `UserError`."""
        chosen = replace(self, **{name: check_choice(name, value)})
        if chosen.model != "network":
            defaults = {name: getattr(ChosenTraining(), name) for name in NETWORK_ONLY}
            chosen = replace(chosen, **defaults, changes=tuple(c for c in chosen.changes if c.name != "dropout"))
        return chosen

    def with_optimizer(self, optimizer: Call) -> "ChosenTraining":
        """Replace the optimizer. Changes of hyperparameters that it lacks, or that follow a schedule, are dropped."""
        known = {name for name, value in optimizer.arguments if not isinstance(value, Call)} | {*MODEL_CHANGES}
        return replace(self, optimizer=optimizer, changes=tuple(c for c in self.changes if c.name in known))


@dataclass(frozen=True)
class TrainingScene:
    data: str = "digits"
    table: str = ""  # the text of the visitor's own data
    split: str = "random"
    validation_fraction: float = 0.2
    split_seed: int = 0
    sample_count: int = 0  # of the training part; 0: all
    epochs: int = TWENTY_EPOCHS
    seed: int = 0
    trainings: tuple[ChosenTraining, ...] = field(default_factory=lambda: (ChosenTraining(),))
    selected: int = 0

    @property
    def chosen(self) -> ChosenTraining:
        """The training that the panel shows."""
        return self.trainings[min(self.selected, len(self.trainings) - 1)]

    def with_shared(self, name: str, value: Any) -> "TrainingScene":
        """Another choice of what all trainings share. Raises `UserError`."""
        scene = replace(self, **{name: check_choice(name, value)})
        if scene.data != OWN_DATA:
            scene = replace(scene, table="")
        if name == "epochs":
            kept = [replace(t, changes=tuple(c for c in t.changes if c.epoch < scene.epochs)) for t in scene.trainings]
            scene = replace(scene, trainings=tuple(kept))
        return scene

    def with_chosen(self, chosen: ChosenTraining) -> "TrainingScene":
        """The selected training replaced."""
        k = min(self.selected, len(self.trainings) - 1)
        return replace(self, trainings=(*self.trainings[:k], chosen, *self.trainings[k + 1 :]))

    def with_added(self, chosen: ChosenTraining) -> "TrainingScene":
        """One training more, selected. Raises `UserError` if there are as many as can be."""
        check_training_count(len(self.trainings) + 1)
        return replace(self, trainings=(*self.trainings, chosen), selected=len(self.trainings))

    def without(self, index: int) -> "TrainingScene":
        """The scene without one training; the last one stays."""
        if len(self.trainings) == 1 or not 0 <= index < len(self.trainings):
            return self
        left = (*self.trainings[:index], *self.trainings[index + 1 :])
        return replace(self, trainings=left, selected=min(self.selected - (index < self.selected), len(left) - 1))

    def with_selected(self, index: int) -> "TrainingScene":
        return replace(self, selected=max(0, min(index, len(self.trainings) - 1)))


DEFAULT_SCENE = TrainingScene()


def build_training(scene: TrainingScene, chosen: ChosenTraining) -> Training:
    """The specification of one training of a scene. Raises `UserError`."""
    is_network = chosen.model == "network"
    return Training(
        data=scene.data, split=scene.split, validation_fraction=scene.validation_fraction,  # type: ignore[arg-type]
        split_seed=scene.split_seed, sample_count=scene.sample_count, is_standardized=scene.data == OWN_DATA,
        model=chosen.model, hidden=(chosen.width,) * (chosen.depth - 1) if is_network else (),
        activation=chosen.activation, initialization=chosen.initialization, l2=chosen.l2, dropout=chosen.dropout,
        optimizer=to_maker(chosen.optimizer), wrappers=(to_maker(chosen.wrapper),) if chosen.wrapper else (),
        batch_size=chosen.batch_size, epochs=scene.epochs, seed=scene.seed,
        weights_seed=chosen.weights_seed, changes=chosen.changes,
    )  # fmt: skip


def check_training_count(count: int) -> None:
    """Raise `UserError` if there are more than can be shown."""
    if count > MAX_TRAININGS:
        raise UserError("At most {most} trainings are shown together. Remove one to add another.", most=MAX_TRAININGS)


def check_choice(name: str, value: Any) -> Any:
    """The value of a choice in its type. Raises `UserError`."""
    if name in WORDS:
        if value not in WORDS[name]:
            raise UserError("{name} is one of {words}, and not {word!r}.",
                            name=name, words=", ".join(WORDS[name]), word=str(value)[:40])  # fmt: skip
        return value
    return check_number(name, value, TRAINING_RANGES, WHOLE)


def check_change(epochs: int, chosen: ChosenTraining, epoch: Any, name: str, value: Any) -> Change:
    """A change in the middle of a training, checked. Raises `UserError`."""
    if type(epoch) is not int or not 0 < epoch < epochs:
        raise UserError("A change is made after an epoch from 1 to {last}.", last=epochs - 1)
    if name in MODEL_CHANGES:
        return Change(epoch, name, check_number(name, value, TRAINING_RANGES, WHOLE))
    optimizer = make_call(OPTIMIZERS, chosen.optimizer.name, {name: value})
    return Change(epoch, name, optimizer[name])
