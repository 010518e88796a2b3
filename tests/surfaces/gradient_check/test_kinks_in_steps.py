"""Kinks within the steps of a check, counted exactly: the scene of the notes."""

import numpy as np
import pytest

from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.entry_sampling import sample_entries
from surfaces.gradient_check.kinks_in_steps import count_along_directions, count_along_entries
from surfaces.models.catalogue import build_classifier


def cross_zeros(p, q) -> int:
    return int((np.signbit(p) != np.signbit(q)).sum())


def test_kinks_along_entries_are_counted_and_reported() -> None:
    x = np.array([0.5, 1e-4, -1e-4, -1e-2, 0.2])
    reports = list(count_along_entries(cross_zeros, x, np.arange(5), 1e-3, chunk=2))
    assert [len(report.kinks) for report in reports] == [2, 4, 5] and reports[0].total == 5
    assert reports[-1].kinks.tolist() == [0, 1, 1, 0, 0] and reports[-1].crossed == 2
    assert x.tolist() == [0.5, 1e-4, -1e-4, -1e-2, 0.2]


def test_directions_have_length_h() -> None:
    x = np.full(4, 1e-3)
    *_, near = count_along_directions(cross_zeros, x, 1e-3, 40, seed=0)
    assert near.crossed == 0 and near.total == 40
    *_, far = count_along_directions(cross_zeros, x, 1.0, 40, seed=0)
    assert far.crossed == 40


@pytest.mark.parametrize(
    ("h", "samples", "low", "high"),
    # Elsewhere 67 of 200 were measured with all data, 1 with ten samples, 0 with a small h; it hangs on the draw.
    [(1e-3, 0, 8, 40), (1e-3, 10, 0, 4), (1e-5, 0, 0, 4)],
)
def test_more_data_have_more_kinks(h: float, samples: int, low: int, high: int) -> None:
    classifier = build_classifier("digits", sample_count=samples)
    count = from_network_loss(classifier.full_loss).count_kink_crossings
    entries = sample_entries(classifier.layout, 60, seed=0)
    *_, steps = count_along_entries(count, classifier.start, entries, h)
    assert low <= steps.crossed <= high and steps.total == 60
