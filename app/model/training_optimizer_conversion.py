"""The optimizer of a training, as a page has it and as the specification of a training has it."""

from app.model.hyperparameter_table import get_range
from app.model.scene import Call, make_call
from optimizers.catalogue import OPTIMIZERS, SCHEDULES
from optimizers.training.specification import Maker


def to_maker(call: Call) -> Maker:
    """The call of an optimizer as a specification writes it."""
    arguments = ((name, to_maker(value) if isinstance(value, Call) else value) for name, value in call.arguments)
    return Maker(call.name, tuple(arguments))


def to_call(maker: Maker) -> Call:
    """The call of an optimizer, with all its arguments. Raises `UserError` for a value that no page has."""
    arguments = {name: to_argument(name, value) for name, value in maker.arguments}
    return make_call(OPTIMIZERS, maker.name, arguments)


def to_argument(name: str, value: float | Maker) -> float | Call:
    """A number, or the schedule of the argument of this name."""
    return (
        make_call(SCHEDULES, value.name, dict(value.arguments), get_range(name)) if isinstance(value, Maker) else value
    )
