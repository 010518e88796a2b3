"""Measure what the page About shows as verified, and write it: `python -m tests.tools.write_verification`."""

import json
from importlib.metadata import version
from typing import Any

import numpy as np

from app.about.verification_results import VERIFICATION_FILE
from surfaces.catalogue import SURFACES
from tests.references import deviation
from tests.support.derivative_checks import POINTS, measure_derivative_errors
from tests.tools.published_problems import (
    DECIDED_BY_ROUNDING,
    MGH,
    NIST,
    OPTIMIZERS,
    count_correct_digits,
    is_published_minimum,
    make_nist_problem,
    run_ours,
)

DIGITS = 9  # of a certified parameter that have to be right


def measure_all() -> dict[str, Any]:
    return {
        "versions": {name: version(name) for name in ("numpy", "scipy")},
        "optimizers": compare_recordings(),
        "published": {word: count_published(word) for word in OPTIMIZERS},
        "surfaces": {
            name: [POINTS, *map(round_to_two_digits, measure_derivative_errors(name, 1.0))] for name in SURFACES
        },
    }


def compare_recordings() -> dict[str, list[list[Any]]]:
    """By optimizer, for each library: its version, runs and steps, and the largest deviation of our runs."""
    rows: dict[str, list[list[Any]]] = {}
    largest = deviation.greatest_deviations()
    for library, optimizer in largest:
        runs = [run for run in deviation.recordings() if (run.library, run.word) == (library, optimizer)]
        steps = runs[0].x.shape[1] - 1
        row = [library, runs[0].version, len(runs), steps, round_to_two_digits(largest[library, optimizer])]
        rows.setdefault(optimizer, []).append(row)
    return rows


def count_published(optimizer: str) -> list[list[int]]:
    """The numbers of certified regressions and published minima: those reached, and all.

    A minimum counts as missed if rounding, and so the processor, decides whether it is reached.
    """
    surfaces = [make_nist_problem(*problem) for problem in NIST]
    certified = sum(count_correct_digits(run_ours(optimizer, s, s.start).x, s.minima[0]) >= DIGITS for s in surfaces)
    starts = [(name, times) for name in MGH for times in (1, 10)]
    reached = sum(
        is_published_minimum(name, run_ours(optimizer, SURFACES[name](), tuple(times * np.array(MGH[name][0]))).x)
        for name, times in starts
        if (optimizer, name, times) not in DECIDED_BY_ROUNDING
    )
    return [[int(certified), len(surfaces)], [int(reached), len(starts)]]


def round_to_two_digits(value: float) -> float:
    """Round to two digits; further ones depend on the machine."""
    return float(f"{value:.1e}")


if __name__ == "__main__":
    VERIFICATION_FILE.write_text(json.dumps(measure_all(), indent=1) + "\n", encoding="utf-8")
