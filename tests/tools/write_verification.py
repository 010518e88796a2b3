"""Write down for the page About what the tests measure: `python -m tests.tools.write_verification`."""

import json
from importlib.metadata import version
from typing import Any

import numpy as np

from app.about.verification_results import VERIFICATION_FILE
from surfaces.catalogue import SURFACES
from tests.references import deviation
from tests.support.derivative_checks import POINTS, derivative_errors
from tests.tools.published_problems import (
    DECIDED_BY_ROUNDING,
    MGH,
    NIST,
    OPTIMIZERS,
    at_a_published_minimum,
    digits,
    ours,
    problem_of_nist,
)

DIGITS = 9  # of a certified parameter that have to be right


def measured() -> dict[str, Any]:
    return {
        "versions": {name: version(name) for name in ("numpy", "scipy")},
        "optimizers": recorded(),
        "published": {word: published(word) for word in OPTIMIZERS},
        "surfaces": {name: [POINTS, *map(short, derivative_errors(name, 1.0))] for name in SURFACES},
    }


def recorded() -> dict[str, list[list[Any]]]:
    """By optimizer, for each library: its version, runs and steps, and the greatest deviation of ours."""
    found: dict[str, list[list[Any]]] = {}
    greatest = deviation.greatest_deviations()
    for library, word in greatest:
        runs = [run for run in deviation.recordings() if (run.library, run.word) == (library, word)]
        steps = runs[0].x.shape[1] - 1
        row = [library, runs[0].version, len(runs), steps, short(greatest[library, word])]
        found.setdefault(word, []).append(row)
    return found


def published(word: str) -> list[list[int]]:
    """How many certified regressions and published minima are reached, of how many.

    Where rounding decides it, and so the processor, a minimum counts as missed.
    """
    surfaces = [problem_of_nist(*problem) for problem in NIST]
    certified = sum(digits(ours(word, s, s.start).x, s.minima[0]) >= DIGITS for s in surfaces)
    starts = [(name, times) for name in MGH for times in (1, 10)]
    reached = sum(
        at_a_published_minimum(name, ours(word, SURFACES[name](), tuple(times * np.array(MGH[name][0]))).x)
        for name, times in starts
        if (word, name, times) not in DECIDED_BY_ROUNDING
    )
    return [[int(certified), len(surfaces)], [int(reached), len(starts)]]


def short(value: float) -> float:
    """In two figures: the others are the machine's."""
    return float(f"{value:.1e}")


if __name__ == "__main__":
    VERIFICATION_FILE.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
