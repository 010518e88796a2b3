"""The words of a scene: which optimizers, schedules and wrappers there are."""

from collections.abc import Callable

from optimizers.adam_family import adabelief, adamax, adamw, amsgrad, nadam, radam, yogi
from optimizers.adaptive import adadelta, adagrad, adam, rmsprop
from optimizers.base import Optimizer
from optimizers.momentum import momentum, nesterov, nesterov_lookahead, sgd
from optimizers.signs import lion, rprop

Maker = Callable[..., Optimizer]

OPTIMIZERS: dict[str, Maker] = {
    make.__name__: make
    for make in (
        *(sgd, momentum, nesterov, nesterov_lookahead),
        *(adagrad, rmsprop, adadelta, adam),
        *(adamw, adamax, nadam, amsgrad, radam, adabelief, yogi),
        *(lion, rprop),
    )
}
