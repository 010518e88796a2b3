"""All curves of a function, with their slopes and the theory beside them."""

import numpy as np
import pytest

from surfaces.catalogue import SURFACES
from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_sampling import sample_entries
from surfaces.gradient_check.error_curves import list_curves, measure_curves
from surfaces.models.catalogue import build_classifier
from tests.support.complex_step_example import complex_step_example


def test_complex_steps_only_where_they_apply() -> None:
    assert len(list_curves(complex_step_example())) == 5
    assert list_curves(complex_step_example())[-1] == (Method.COMPLEX_STEP, "float64")
    relu = from_network_loss(build_classifier("xor", hidden=(4,)).full_loss)
    assert Method.COMPLEX_STEP not in {method for method, _ in list_curves(relu)} and len(list_curves(relu)) == 4


def test_reports_grow_to_all_curves() -> None:
    h = np.logspace(-6, -1, 11)
    reports = list(measure_curves(complex_step_example(), np.array([1.5]), np.array([0]), h))
    assert [report.done for report in reports] == list(range(1, 56)) and reports[0].total == 55
    assert len(reports[0].curves) == 1 and reports[0].curves[0].slopes is None
    assert [curve.slopes is not None for curve in reports[-1].curves] == [True] * 5


def test_curves_of_a_network_follow_the_theory() -> None:
    """The norm over 25 entries: slopes to 0.2 (0.1 was measured), the best h to a factor of ten."""
    classifier = build_classifier("two_moons", activation="tanh", hidden=(6,), sample_count=20)
    entries = sample_entries(classifier.layout, 25, seed=1, at_least=3)
    *_, last = measure_curves(from_network_loss(classifier.full_loss), classifier.start, entries)
    for method, precision, _, error, slopes, theory in last.curves:
        order = 1 if method is Method.FORWARD else 2
        assert slopes.truncation.slope == pytest.approx(order, abs=0.2), (method, precision)
        if method is not Method.COMPLEX_STEP:
            assert slopes.round_off.slope == pytest.approx(-1, abs=0.2), (method, precision)
            assert 0.1 < slopes.best_h / theory.best_h < 10, (method, precision)
        assert np.isfinite(error).all()


def test_a_surface_and_the_edge_of_its_domain() -> None:
    surface = SURFACES["rosenbrock"]()
    function = CheckedFunction(surface.value, surface.grad, takes_lanes=True)
    *_, last = measure_curves(function, np.array([-1.2, 1.0]), np.arange(2))
    assert len(last.curves) == 4 and last.curves[0].slopes.truncation.slope == pytest.approx(2, abs=0.05)
