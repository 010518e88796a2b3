"""The specification of a training: words and numbers alone, from which it is repeated to the bit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import signature
from math import isfinite
from typing import Any, NamedTuple

from optimizers.base import Hyperparameter, Optimizer
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.schedules import scheduled
from surfaces.models.catalogue import DATA_SETS, MODELS, OWN_DATA
from surfaces.models.data_split_and_standardization import SplitOrder
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS
from surfaces.translatable import Translatable, UserError

MAX_TRAININGS = 8  # that are shown over one another
MAX_EPOCHS = 10_000
MAX_PARAMETERS = 250_000  # weights and biases
MODEL_CHANGES = ("l2", "dropout", "batch_size")  # what can be changed besides the optimizer's hyperparameters


class Maker(NamedTuple):
    """A maker of a catalogue by its name, with its arguments; an argument may be a schedule."""

    name: str
    arguments: tuple[tuple[str, "float | Maker"], ...] = ()

    def with_argument(self, name: str, value: float) -> "Maker":
        return self._replace(arguments=tuple((dict(self.arguments) | {name: value}).items()))


class Change(NamedTuple):
    """A hyperparameter that has another value from the end of epoch `epoch` on (0: from the first step)."""

    epoch: int
    name: str  # an argument of the optimizer, or one of `MODEL_CHANGES`
    value: float


GRADIENT_DESCENT = Maker("sgd", (("lr", 0.1),))


@dataclass(frozen=True)
class Training:
    """Data, model, optimizer and seeds of a training.

    `data` is a word of `DATA_SETS`, or `OWN_DATA`; of the training part the first `sample_count` samples are taken (0:
    all). `hidden`, `activation`, `loss` and `dropout` are for the model "network" alone. Schedules count steps, not
    epochs. Two trainings with the same model, initialization and `weights_seed` start from the same weights; it is
    `seed` by default. `seed` draws the minibatches and the dropout masks, `split_seed` the split.
    """

    data: str = "digits"
    split: SplitOrder = "random"
    validation_fraction: float = 0.2
    split_seed: int = 0
    sample_count: int = 0
    is_standardized: bool = False
    model: str = "network"
    hidden: tuple[int, ...] = (100,)
    activation: str = "relu"
    loss: str = "softmax"
    initialization: str = "he"
    l2: float = 0.0
    dropout: float = 0.0
    optimizer: Maker = GRADIENT_DESCENT
    wrappers: tuple[Maker, ...] = ()  # the innermost first
    batch_size: int = 32  # 0: all samples
    epochs: int = 20
    seed: int = 0
    weights_seed: int | None = None
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        check_word(self.data, {*DATA_SETS, OWN_DATA}, Translatable("The data"))
        check_word(self.model, MODELS, Translatable("The model"))
        check_word(self.initialization, STANDARD_DEVIATIONS, Translatable("The initialization"))
        check_word(self.optimizer.name, OPTIMIZERS, Translatable("The optimizer"))
        for wrapper in self.wrappers:
            check_word(wrapper.name, WRAPPERS, Translatable("The wrapper"))
        if self.split not in {"random", "file"}:
            raise UserError("The split is random or in the order of the file.")
        if not 1 <= self.epochs <= MAX_EPOCHS:
            raise UserError("A training has 1 to {most:,} epochs.", most=MAX_EPOCHS)
        if min(self.batch_size, self.sample_count) < 0:
            raise UserError("A batch size or a number of samples is not below 0.")
        if min(self.seed, self.split_seed, self.weights_seed or 0) < 0:
            raise UserError("A seed is a whole number, not below 0.")
        for change in self.changes:
            self._check_change(change)
        self.build_optimizer()  # tells of unknown arguments

    @property
    def first_weights_seed(self) -> int:
        return self.seed if self.weights_seed is None else self.weights_seed

    def build_optimizer(self) -> Optimizer:
        """The optimizer of the first epoch, in its wrappers.

        Once an argument follows a schedule, all of a training's optimizers are `scheduled`, so that their states fit.
        """
        return self._build(self.optimizer)

    def settings_after(self, epoch: int) -> "Training":
        """This training with the changes that are made up to the end of an epoch, as if it had begun with them."""
        now, optimizer = self, self.optimizer
        for change in sorted(self.changes, key=lambda change: change.epoch):
            if change.epoch > epoch:
                break
            if change.name in MODEL_CHANGES:
                now = now._with_model_value(change.name, change.value)
            else:
                optimizer = optimizer.with_argument(change.name, change.value)
        return replace(now, changes=(), optimizer=optimizer)

    def build_optimizer_after(self, epoch: int) -> Optimizer:
        """The optimizer after the changes up to an epoch, for the states of `build_optimizer`."""
        return self._build(self.settings_after(epoch).optimizer)

    def with_change(self, epoch: int, name: str, value: float) -> "Training":
        """One more change; it replaces those of the same name at this epoch and later."""
        kept = tuple(change for change in self.changes if change.name != name or change.epoch < epoch)
        return replace(self, changes=(*kept, Change(epoch, name, value)))

    def _with_model_value(self, name: str, value: float) -> "Training":
        match name:
            case "batch_size":
                return replace(self, changes=(), batch_size=int(value))
            case "l2":
                return replace(self, changes=(), l2=value)
            case _:
                return replace(self, changes=(), dropout=value)

    def _build(self, maker: Maker) -> Optimizer:
        make = OPTIMIZERS[maker.name]
        try:
            hyper = {name: build_argument(value) for name, value in maker.arguments}
            is_scheduled = any(isinstance(value, Maker) for _, value in self.optimizer.arguments)
            optimizer = scheduled(make, **hyper) if is_scheduled else make(**hyper)
            for wrapper in self.wrappers:
                optimizer = WRAPPERS[wrapper.name](optimizer, **dict(wrapper.arguments))
        except (TypeError, ValueError) as error:  # an unknown argument, or a value that its maker refuses
            if isinstance(error, UserError):
                raise
            raise UserError(
                "{optimizer} cannot be made with these arguments: {reason}", optimizer=maker.name, reason=str(error)
            ) from None
        return optimizer

    def _check_change(self, change: Change) -> None:
        names = [*MODEL_CHANGES, *list_changeable(OPTIMIZERS[self.optimizer.name])]
        if change.name not in names:
            raise UserError("What can be changed in the middle of this training is {names}; {name} cannot.",
                            names=", ".join(names), name=change.name)  # fmt: skip
        if change.epoch < 0:
            raise UserError("A change is made after an epoch, or at epoch 0: before the first step.")
        if not isfinite(change.value) or (change.name in MODEL_CHANGES and change.value < 0):
            raise UserError("{name} cannot be changed to {value:g}.", name=change.name, value=change.value)
        if change.name == "dropout" and change.value >= 1:
            raise UserError("The dropout probability is at least 0 and less than 1.")


def list_changeable(make: Callable[..., Optimizer]) -> list[str]:
    """The arguments of an optimizer that may have another number in every step."""
    return [
        name
        for name, parameter in signature(make).parameters.items()
        if name == "lr" or parameter.annotation == Hyperparameter
    ]


def build_argument(value: "float | Maker") -> Any:
    """A number, or the schedule of a maker."""
    if not isinstance(value, Maker):
        return value
    check_word(value.name, SCHEDULES, Translatable("The schedule"))
    return SCHEDULES[value.name](**dict(value.arguments))


def check_word(word: str, words: Any, what: Translatable) -> None:
    if word not in words:
        raise UserError("{what}: “{word}” is not one of {words}.", what=what, word=word, words=", ".join(sorted(words)))
