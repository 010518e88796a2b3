"""Measurements of optimizers and surfaces by the tests, as `python -m tests.tools.write_verification` records them."""

import json
import re
from collections.abc import Callable
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import Any, NamedTuple

AUTHOR_PATTERN = r"[A-ZÀ-Ž][\w\-]+"
SECTION_PATTERN = r"(?:sections?|Algorithms?|figure|lecture|problem|chapter) [\w.]+(?: and [\d.]+)?"
CITATION_PATTERN = re.compile(
    rf"{AUTHOR_PATTERN}(?:(?:, | & ){AUTHOR_PATTERN})*(?: et al\.)? \((?:18|19|20)\d\d\)"
    rf"(?:(?:, \*[^*]+\*)?, {SECTION_PATTERN})?"
)
VERIFICATION_FILE = Path(__file__).with_name("verification.json")


class RecordedRuns(NamedTuple):
    """The comparison with recorded runs of another library."""

    library: str
    version: str
    runs: int
    steps: int
    deviation: float  # the greatest relative difference of any coordinate at any step


class PublishedResults(NamedTuple):
    """The numbers of published results: those reached, and all."""

    nist: tuple[int, int]  # certified regressions, to nine digits
    minima: tuple[int, int]  # of Moré, Garbow and Hillstrom, from the standard start and from ten times it


class DerivativeErrors(NamedTuple):
    """The greatest relative error of gradient and Hessian against differences of the value and of the gradient."""

    points: int
    gradient: float
    hessian: float


class Verification(NamedTuple):
    versions: dict[str, str]  # of the libraries with which it was measured
    optimizers: dict[str, tuple[RecordedRuns, ...]]
    published: dict[str, PublishedResults]
    surfaces: dict[str, DerivativeErrors]


@cache
def load_verification() -> Verification:
    with VERIFICATION_FILE.open(encoding="utf-8") as file:
        return parse_verification(json.load(file))


def parse_verification(content: dict[str, Any]) -> Verification:
    return Verification(
        content["versions"],
        {name: tuple(RecordedRuns(*run) for run in runs) for name, runs in content["optimizers"].items()},
        {name: PublishedResults(*(tuple(pair) for pair in reached)) for name, reached in content["published"].items()},
        {name: DerivativeErrors(*measured) for name, measured in content["surfaces"].items()},
    )


def find_citation(make: Callable[..., Any]) -> str:
    """The first source that a maker's docstring cites: authors, year and section; "" if it cites none."""
    text = " ".join((getdoc(make) or "").split())
    return match[0].rstrip(".") if (match := CITATION_PATTERN.search(text)) else ""
