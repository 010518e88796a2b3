"""The theory of the step size: its constants, its best steps, and how they compare with measured errors."""

import numpy as np
import pytest

from surfaces.catalogue import SURFACES
from surfaces.gradient_check.difference_quotients import Method, follow_entry
from surfaces.gradient_check.error_over_step_size import STEP_SIZES, measure_slopes, scan_entries
from surfaces.gradient_check.step_size_theory import (
    ErrorLine,
    estimate_derivatives,
    predict_error,
    rule_of_thumb_step,
)
from tests.support.complex_step_example import complex_step_example

F, SLOPE, SECOND, THIRD = 4.497780053946162, 4.05342789389862, 9.463073, 32.168  # of the textbook function at 1.5


@pytest.mark.parametrize(
    ("method", "dtype", "h"),
    [
        (Method.FORWARD, np.float64, 1.49e-8),
        (Method.CENTRED, np.float64, 6.06e-6),
        (Method.FORWARD, np.float32, 3.45e-4),
        (Method.CENTRED, np.float32, 4.92e-3),
    ],
)
def test_rules_of_thumb(method: Method, dtype, h: float) -> None:
    assert rule_of_thumb_step(method, dtype) == pytest.approx(h, rel=2e-3)  # as many digits as stand here
    assert rule_of_thumb_step(Method.COMPLEX_STEP, dtype) < 1e-15


@pytest.mark.parametrize("order", [1, 2])
def test_the_best_step_is_where_the_error_is_least(order: int) -> None:
    line = ErrorLine(order, 3.0, 2e-16)
    h = line.best_h
    assert line.error(h) < min(line.error(0.99 * h), line.error(1.01 * h))
    assert line.truncation_error(h) * order == pytest.approx(line.round_off_error(h))  # where the derivative is 0
    assert ErrorLine(order, 0.0, 1.0).best_h is None is ErrorLine(order, 1.0, 0.0).best_h


def test_the_laws_of_the_best_step() -> None:
    eps = 2.0**-52
    forward, centred, complex_ = (predict_error(method, F, SECOND, THIRD) for method in Method)
    assert forward.best_h == pytest.approx(2 * np.sqrt(eps * F / SECOND))
    assert centred.best_h == pytest.approx(np.cbrt(3 * eps * F / THIRD))
    assert complex_.best_h is None
    relative = predict_error(Method.FORWARD, F, SECOND, THIRD, slope=-2.0)
    assert relative.truncation == forward.truncation / 2 and relative.best_h == pytest.approx(forward.best_h)


def test_the_line_of_a_norm_is_that_of_independent_errors() -> None:
    one, four = (
        predict_error(Method.CENTRED, F, np.full(k, SECOND), np.full(k, THIRD), slope=np.ones(k)) for k in (1, 4)
    )
    assert four == pytest.approx(one)  # errors and gradient both grow as the root of their number
    assert predict_error(Method.CENTRED, F, SECOND, THIRD, slope=0.0) == (2, 0, 0)


def test_derivatives_from_values_are_good_to_a_digit_or_two() -> None:
    phi = follow_entry(complex_step_example().value, np.array([1.5]), 0)
    np.testing.assert_allclose(estimate_derivatives(phi), (SECOND, THIRD), rtol=0.01)
    # The errors are eps^(1/2) and eps^(2/5) times constants: some 1e-3 and 1e-2 in single precision.
    phi = follow_entry(complex_step_example().value, np.array([1.5], dtype=np.float32), 0)
    np.testing.assert_allclose(estimate_derivatives(phi, np.float32), (SECOND, THIRD), rtol=0.2)


def test_derivatives_of_a_surface() -> None:
    surface, x = SURFACES["rosenbrock"](), np.array([0.5, 2.0])  # f_xx = 2 - 400 (y - 3 x²), f_xxx = 2400 x
    np.testing.assert_allclose(
        estimate_derivatives(follow_entry(surface.value, x, 0)), (2 - 400 * 1.25, 1200), rtol=0.01
    )


def fit_error_line(h: np.ndarray, error: np.ndarray, order: int, best_h: float) -> ErrorLine:
    """The error line of measured errors: medians on both sides of `best_h`, so that single lucky steps do not count.

    Within a factor of three of the best h both parts matter, and so those steps are left out.
    """
    known = np.isfinite(error) & (error > 0) & (error < 1)
    above, below = known & (h > 3 * best_h), known & (h < best_h / 3)
    truncation = float(np.median(error[above] / h[above] ** order)) if above.any() else 0.0
    round_off = float(np.median(error[below] * h[below])) if below.any() else 0.0
    return ErrorLine(order, truncation, round_off)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("method", [Method.FORWARD, Method.CENTRED])
def test_the_measured_lines_are_those_of_the_theory(method: Method, dtype) -> None:
    """Truncation to 10 %, as far as the next term reaches; round-off to a factor of ten, as it is an estimate."""
    *_, scan = scan_entries(complex_step_example(), np.array([1.5], dtype=dtype), np.array([0]), method)
    error = scan.relative_error_of_norm
    theory = predict_error(method, F, SECOND, THIRD, dtype, SLOPE)
    measured = fit_error_line(STEP_SIZES, error, theory.order, measure_slopes(STEP_SIZES, error).best_h)
    assert measured.truncation == pytest.approx(theory.truncation, rel=0.1)
    assert 0.1 < measured.round_off / theory.round_off < 10
    assert 1 / 4 < measured.best_h / theory.best_h < 4
