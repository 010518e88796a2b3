"""Every surface by the word that names it in a link, in the order a visitor should meet them.

A function of the modules in `KINDS` that is declared to return a surface is found here by itself. The module's surfaces
are in the order of its text.
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
from surfaces.translatable import Translatable

FIRST = ("ravine", "bowl", "rosenbrock", "beale", "himmelblau", "saddle")  # one of each kind
KINDS: dict[str, tuple[ModuleType, ...]] = {  # every module, by the group in which its surfaces are offered
    Translatable("Bowl"): (bowls,),
    Translatable("Valley"): (valleys,),
    Translatable("Saddle"): (saddles,),
    Translatable("Many minima"): (multimodal,),
    Translatable("Plateau or cliff"): (plateaus,),
    Translatable("Kink"): (kinks,),
    Translatable("Real data"): (regression, nist),
    Translatable("Animation by Alec Radford"): (radford_animations,),
    Translatable("Badly scaled"): (more_garbow_hillstrom,),
}
SEARCH_WORDS = {  # what people call a surface besides its title, and what it is an example of
    "bowl": Translatable("quadratic, sphere, convex"),
    "ravine": Translatable("narrow, ill-conditioned, quadratic"),
    "booth": Translatable("quadratic, tilted"),
    "matyas": Translatable("quadratic, trough"),
    "rosenbrock": Translatable("banana, curved"),
    "beale": Translatable("cliffs, flat cross"),
    "goldstein_price": Translatable("four valleys, steep walls"),
    "saddle": Translatable("pass, hyperbolic paraboloid"),
    "double_well": Translatable("two minima, pass"),
    "monkey_saddle": Translatable("degenerate, zero curvature"),
    "three_hump_camel": Translatable("three minima"),
    "six_hump_camel": Translatable("six minima"),
    "himmelblau": Translatable("four minima"),
    "rastrigin": Translatable("egg box, waves, cosine"),
    "ackley": Translatable("funnel, pit"),
    "styblinski_tang": Translatable("four valleys"),
    "mccormick": Translatable("wave on a slope"),
    "levy13": Translatable("ripples"),
    "branin": Translatable("three minima, Bayesian optimization"),
    "griewank": Translatable("dimples"),
    "schaffer2": Translatable("rings, ripples"),
    "eggholder": Translatable("minimum at the edge"),
    "plateau": Translatable("hole, vanishing gradient, flat"),
    "cliff": Translatable("exploding gradient"),
    "two_wells": Translatable("local minimum, trap"),
    "easom": Translatable("needle in a haystack, flat"),
    "absolute": Translatable("pyramid, absolute value, L1, not smooth"),
    "hinge": Translatable("hinge loss, not smooth"),
    "relu_valley": Translatable("neural network, dead unit"),
    "bukin6": Translatable("crease, not smooth"),
    "least_squares_line": Translatable("linear regression, noisy minibatches, braking distances"),
    "logistic_regression": Translatable("classification, noisy minibatches"),
    "tanh_neuron": Translatable("neural network, noisy minibatches"),
    "linear_svm": Translatable("classification, iris, noisy minibatches"),
    **dict.fromkeys(
        ("misra1a", "misra1b", "misra1c", "misra1d", "boxbod", "danwood"), Translatable("curve fit, least squares")
    ),
    "formula": Translatable("formula, equation, type f(x, y)"),
    "data": Translatable("real data, table, CSV, measurements"),
    "network_loss": Translatable("neural network, training, loss landscape, random directions"),
}


def find_makers(module: ModuleType) -> Iterator[Callable[..., Any]]:
    """The public functions of a module that return a surface."""
    for name, make in vars(module).items():
        is_own = isfunction(make) and make.__module__ == module.__name__ and not name.startswith("_")
        if is_own and make.__annotations__.get("return") in {Surface, regression.Regression}:
            yield make


_FOUND = [(make, kind) for kind, modules in KINDS.items() for module in modules for make in find_makers(module)]
_MAKERS = {make.__name__: make for make, _ in _FOUND}
_KIND_BY_NAME = {make.__name__: kind for make, kind in _FOUND}
SURFACES: dict[str, Callable[..., Any]] = {name: _MAKERS[name] for name in (*FIRST, *_MAKERS)}


def find_kind(name: str) -> str:
    """The group of a surface of the catalogue."""
    return _KIND_BY_NAME[name]
