"""The words of a scene: which optimizers, schedules and wrappers there are."""

from collections.abc import Callable
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules

from optimizers import methods, schedules
from optimizers.base import Optimizer
from optimizers.method_traits import SECTIONS, Traits
from optimizers.wrappers import clipped, ema, lookahead, polyak, reduce_on_plateau, weight_decayed

Maker = Callable[..., Optimizer]


def find_makers() -> dict[Maker, Traits]:
    """The optimizers of all modules of `optimizers.methods`: by section, by module, and in the order of its table."""
    found: dict[Maker, Traits] = {}
    for module in iter_modules(methods.__path__):
        found |= import_module(f"{methods.__name__}.{module.name}").TRAITS
    return dict(sorted(found.items(), key=lambda entry: SECTIONS.index(entry[1].section)))


MAKERS = find_makers()
OPTIMIZERS: dict[str, Maker] = {make.__name__: make for make in MAKERS}
TRAITS: dict[str, Traits] = {make.__name__: traits for make, traits in MAKERS.items()}

SCHEDULES: dict[str, Callable[..., schedules.Schedule]] = {  # in the order of the module's text
    name: make
    for name, make in vars(schedules).items()
    if isfunction(make) and make.__annotations__.get("return") == schedules.Schedule
}
WRAPPERS: dict[str, Maker] = {  # their first argument is an optimizer
    make.__name__: make for make in (polyak, ema, lookahead, clipped, weight_decayed, reduce_on_plateau)
}
