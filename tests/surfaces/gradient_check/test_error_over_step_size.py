"""Errors over the step size: their slopes, the reports on the way, and curves that have no such part."""

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.error_over_step_size import STEP_SIZES, measure_slopes, scan_entries
from surfaces.gradient_check.relative_error import relative_error
from surfaces.models.catalogue import build_classifier
from tests.support.complex_step_example import complex_step_example

ENTRY = np.array([0])
ORDERS = {Method.FORWARD: 1, Method.CENTRED: 2, Method.COMPLEX_STEP: 2}


def scan_textbook_function(method: Method, dtype=np.float64):
    *_, scan = scan_entries(complex_step_example(), np.array([1.5], dtype=dtype), ENTRY, method)
    return scan


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("method", Method)
def test_slopes_of_both_parts(method: Method, dtype) -> None:
    """To 0.05 where the error is smooth, and to 0.3 where it is the scatter of rounding."""
    slopes = measure_slopes(STEP_SIZES, scan_textbook_function(method, dtype).relative_error_of_norm)
    assert slopes.truncation.slope == pytest.approx(ORDERS[method], abs=0.05)
    assert slopes.best_h < slopes.truncation.smallest_h < slopes.truncation.largest_h < 1
    if method is Method.COMPLEX_STEP:
        assert slopes.round_off is None
        assert slopes.least_error < 1e-6 if dtype is np.float32 else slopes.least_error < 1e-15
    else:
        assert slopes.round_off.slope == pytest.approx(-1, abs=0.3)
        assert slopes.round_off.smallest_h < slopes.round_off.largest_h < slopes.best_h


@pytest.mark.parametrize(
    ("error", "has_truncation", "has_round_off"),
    [
        (STEP_SIZES**2, True, False),
        (1e-16 / STEP_SIZES, False, True),
        (np.full_like(STEP_SIZES, 0.03), False, False),  # a wrong gradient: the error stays where it is
        (STEP_SIZES + 1e-16 / STEP_SIZES, True, True),
        (0.03 + STEP_SIZES**2, False, False),
    ],
)
def test_a_curve_may_lack_a_part(error, has_truncation: bool, has_round_off: bool) -> None:
    slopes = measure_slopes(STEP_SIZES, error)
    assert (slopes.truncation is not None, slopes.round_off is not None) == (has_truncation, has_round_off)


def test_a_curve_without_errors_has_no_slopes() -> None:
    assert measure_slopes(STEP_SIZES, np.zeros_like(STEP_SIZES)) is None
    assert measure_slopes(STEP_SIZES, np.full_like(STEP_SIZES, np.nan)) is None


def test_slopes_take_no_notice_of_single_lucky_steps_and_gaps() -> None:
    error = STEP_SIZES**2 + 1e-16 / STEP_SIZES
    error[::7] *= 1e-3
    error[::11] = np.nan
    slopes = measure_slopes(STEP_SIZES, error)
    assert slopes.truncation.slope == pytest.approx(2, abs=0.1)
    assert slopes.round_off.slope == pytest.approx(-1, abs=0.1)


def test_reports_grow_and_keep_what_they_said() -> None:
    function = CheckedFunction(lambda p: (p**3).sum(), lambda p: 3 * p**2)
    h = np.array([1e-6, 1e-2, 1e-4])
    scans = list(scan_entries(function, np.array([1.0, 2.0, -1.0]), np.array([2, 0]), Method.CENTRED, h))
    assert [scan.done for scan in scans] == [1, 2, 3] and scans[0].total == 3
    assert np.isnan(scans[0].numeric).tolist() == [[True, True], [False, False], [True, True]]  # the largest first
    assert scans[-1].numeric.shape == (3, 2) and scans[-1].relative_error_of_norm.shape == (3,)
    np.testing.assert_allclose(scans[-1].numeric[1], [3 + 1e-4, 3 + 1e-4], rtol=1e-7)  # f' + h² in both


@pytest.mark.parametrize(("h", "low", "high"), [(1e-5, 0.2, 2.0), (1e-3, 1e-3, 5e-2)])
def test_a_network_in_single_precision(h: float, low: float, high: float) -> None:
    """The notes' case: at 1e-5 nothing is left of the slopes (1.0 was measured), at 1e-3 the error is about 1e-2."""
    classifier = build_classifier("digits", activation="tanh", sample_count=20)
    x = classifier.start.astype(np.float32)
    entries = np.flatnonzero(classifier.grad(classifier.start))[::23]
    *_, scan = scan_entries(from_network_loss(classifier.full_loss), x, entries, Method.CENTRED, np.array([h]))
    assert low < np.median(relative_error(scan.analytic, scan.numeric)) < high
