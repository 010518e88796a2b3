"""Every surface by the word that names it in a link, in the order a visitor should meet them.

A function of the modules below that is declared to return a surface is found here by itself. The module's surfaces are
in the order of its text.
"""

from collections.abc import Callable, Iterator
from inspect import isfunction
from types import ModuleType
from typing import Any

from surfaces.base import Surface
from surfaces.datasets import nist, regression
from surfaces.functions import (
    bowls,
    kinks,
    more_garbow_hillstrom,
    multimodal,
    plateaus,
    radford_animations,
    saddles,
    valleys,
)

FIRST = ("ravine", "bowl", "rosenbrock", "beale", "himmelblau", "saddle")  # one of each kind
MODULES = (
    radford_animations, saddles, plateaus, kinks, bowls, valleys, multimodal, regression, nist, more_garbow_hillstrom,
)  # fmt: skip


def find_makers(module: ModuleType) -> Iterator[Callable[..., Any]]:
    """The public functions of a module that return a surface."""
    for name, make in vars(module).items():
        is_own = isfunction(make) and make.__module__ == module.__name__ and not name.startswith("_")
        if is_own and make.__annotations__.get("return") in {Surface, regression.Regression}:
            yield make


_MAKERS = {make.__name__: make for module in MODULES for make in find_makers(module)}
SURFACES: dict[str, Callable[..., Any]] = {name: _MAKERS[name] for name in (*FIRST, *_MAKERS)}
