"""A parabola through five points tells a kink from a curve."""

import numpy as np
import pytest

from surfaces.gradient_check.difference_quotients import LinePoint
from surfaces.gradient_check.kinks_by_parabola_fit import OFFSETS, fit_parabola, parabola_residual


@pytest.mark.parametrize(
    ("value", "h", "is_kinked"),
    [
        (lambda s: 3 + 2 * s - 5 * s**2, 1.0, False),
        (abs, 1e-3, True),
        (lambda s: max(0.0, s - 2e-4), 1e-3, True),
        (lambda s: max(0.0, s - 2e-3), 1e-3, False),  # beyond the step
        (lambda s: s + 0.1 * abs(s), 1e-3, False),  # a tenth of the slope: Chainer's rule does not see it
        (lambda s: s + 0.5 * abs(s), 1e-3, True),
        (np.exp, 1e-2, False),
        (np.cos, 1e-2, False),  # a maximum: the slopes to both sides differ, but smoothly
        (lambda s: 7.0, 1e-3, False),
        (lambda s: np.inf if s > 0 else 0.0, 1e-3, True),
        (lambda s: np.nan, 1e-3, False),
        (np.sign, 1e-3, True),
    ],
)
def test_kinks(value, h: float, is_kinked: bool) -> None:
    assert fit_parabola(lambda s: LinePoint(s, value(s)), h).is_kinked == is_kinked


def test_the_residual_is_that_of_least_squares() -> None:
    values = np.random.default_rng(0).standard_normal((20, 5))
    for y in values:
        rest = np.polyfit(OFFSETS, y, 2, full=True)[1]
        assert parabola_residual(y) == pytest.approx(np.sqrt(rest[0] / 5), rel=1e-9)  # two ways of rounding
