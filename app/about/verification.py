"""What the tests measured of optimizers and surfaces, as `python -m tests.tools.write_verification` wrote it down."""

import json
import re
from collections.abc import Callable
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import Any, NamedTuple

from surfaces.translatable import Sentence

NAME = r"[A-ZÀ-Ž][\w\-]+"
PLACE = r"(?:sections?|Algorithms?|figure|lecture|problem|chapter) [\w.]+(?: and [\d.]+)?"
CITED = re.compile(rf"{NAME}(?:(?:, | & ){NAME})*(?: et al\.)? \((?:18|19|20)\d\d\)(?:(?:, \*[^*]+\*)?, {PLACE})?")
FILE = Path(__file__).with_name("verification.json")


class Recorded(NamedTuple):
    """Runs of another library that were repeated here."""

    library: str
    version: str
    runs: int
    steps: int
    deviation: float  # the greatest relative difference of any coordinate at any step


class Published(NamedTuple):
    """Published results that were reached, of how many."""

    nist: tuple[int, int]  # certified regressions, to nine digits
    minima: tuple[int, int]  # of Moré, Garbow and Hillstrom, from the standard start and from ten times it


class Derivatives(NamedTuple):
    """The greatest relative error of gradient and Hessian against differences of the value and of the gradient."""

    points: int
    gradient: float
    hessian: float


class Verified(NamedTuple):
    versions: dict[str, str]  # with which it was measured
    optimizers: dict[str, tuple[Recorded, ...]]
    published: dict[str, Published]
    surfaces: dict[str, Derivatives]


# What else an optimizer is held against.
CLOSED_FORMS = {
    "sgd": Sentence("powers of a matrix on quadratics"),
    "momentum": Sentence("powers of a matrix on quadratics"),
    "nesterov": Sentence("powers of a matrix on quadratics"),
    "momentum_subtracted": Sentence("momentum's path bit for bit, with opposite velocities"),
    "nesterov_lookahead": Sentence("Nesterov's path, one change of variables away"),
    "newton": Sentence("one step on quadratics, and the damped step by dense linear algebra"),
    "lbfgs": Sentence("its inverse Hessian, written out as a dense matrix"),
    "nonlinear_cg": Sentence("the minimum of a quadratic after as many steps as it has coordinates"),
    "nelder_mead": Sentence("SciPy's own path, corner by corner"),
    "scipy_lbfgsb": Sentence("SciPy's own path and its own counts"),
    "scipy_newton_cg": Sentence("SciPy's own path and its own counts"),
    "scipy_trust_exact": Sentence("SciPy's own path and its own counts"),
}


@cache
def verified() -> Verified:
    with FILE.open(encoding="utf-8") as file:
        return read(json.load(file))


def read(said: dict[str, Any]) -> Verified:
    return Verified(
        said["versions"],
        {word: tuple(Recorded(*run) for run in runs) for word, runs in said["optimizers"].items()},
        {word: Published(*(tuple(pair) for pair in reached)) for word, reached in said["published"].items()},
        {word: Derivatives(*measured) for word, measured in said["surfaces"].items()},
    )


def source(make: Callable[..., Any]) -> str:
    """The first source that a maker's docstring cites: authors, year, and the place in it; "" where it cites none."""
    plain = " ".join((getdoc(make) or "").split())
    return found[0].rstrip(".") if (found := CITED.search(plain)) else ""
