"""The check of many entries: its numbers, its flags, its reports."""

from dataclasses import replace

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import CheckedFunction
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_check import check_entries, relative_rounding_error
from surfaces.gradient_check.entry_sampling import sample_entries
from surfaces.models.catalogue import build_classifier
from tests.support.numeric_gradients import numeric_gradient

TANH = build_classifier("two_moons", activation="tanh", hidden=(5, 4), sample_count=30)
RELU = build_classifier("digits", hidden=(12,), sample_count=20)


def check(function: CheckedFunction, x, entries=None, **options):
    *_, last = check_entries(function, x, np.arange(x.size) if entries is None else entries, **options)
    return last.check


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_numbers_are_those_of_the_quotients(method: Method, dtype) -> None:
    x, h = TANH.start.astype(dtype), 1e-3
    found = check(from_network_loss(TANH.full_loss), x, h=h, method=method)
    expected = numeric_gradient(TANH.value, x, np.arange(x.size), method, h)
    rounding = 8 * found.precision * found.value / h  # arrays in other places of memory may be summed in another order
    np.testing.assert_allclose(found.numeric, expected, rtol=0, atol=rounding)
    np.testing.assert_allclose(found.analytic, TANH.grad(x), rtol=0, atol=8 * found.precision)
    assert found.precision == np.finfo(dtype).eps
    # For a smooth function the error is at most a few times that of rounding, plus the truncation.
    assert (found.relative_error * np.abs(found.analytic) < 4 * found.precision / h + 1e-3).all()
    assert not found.is_kink_suspected.any() and (found.kinks_crossed <= 0).all()


@pytest.mark.parametrize(
    ("h", "samples", "low", "high"),
    # Elsewhere 67 of 200 were measured with all data, 1 with ten samples, 0 with a small h; it hangs on the draw.
    [(1e-3, 0, 8, 40), (1e-3, 10, 0, 4), (1e-5, 0, 0, 4)],
)
def test_more_data_have_more_kinks(h: float, samples: int, low: int, high: int) -> None:
    """How many of 60 steps cross a kink: the scene of the notes."""
    classifier = build_classifier("digits", sample_count=samples)
    entries = sample_entries(classifier.layout, 60, seed=0)
    found = check(from_network_loss(classifier.full_loss), classifier.start, entries, h=h, counts_every_step=True)
    assert low <= np.count_nonzero(found.kinks_crossed) <= high


def test_reports_come_in_pieces_that_do_not_change() -> None:
    function = from_network_loss(TANH.full_loss)
    reports = list(check_entries(function, TANH.start, np.arange(20), entries_per_report=8))
    assert [(report.done, report.total) for report in reports] == [(8, 20), (16, 20), (20, 20)]
    assert len(reports[0].check.entries) == 8 and not np.isnan(reports[0].check.numeric).any()
    assert reports[0].check.numeric.tolist() == reports[-1].check.numeric[:8].tolist()
    assert list(check_entries(function, TANH.start, np.arange(0))) == []


def test_it_can_be_stopped() -> None:
    calls = []

    def value(p):
        calls.append(p)
        return p @ p

    next(check_entries(CheckedFunction(value, lambda p: 2 * p), np.ones(1000), np.arange(1000), entries_per_report=10))
    assert len(calls) < 40


def test_the_worst_entry_is_found() -> None:
    function = from_network_loss(RELU.full_loss)
    at = RELU.layout.blocks[2].start + 3 * 10 + 7  # W2[3, 7]

    def grad(p):
        g = RELU.grad(p)
        g[at] *= 1.5
        return g

    found = check(replace(function, grad=grad), RELU.start, sample_entries(RELU.layout, RELU.start.size, 0))
    assert found.entries[found.worst] == at
    assert found.relative_error[found.worst] == pytest.approx(1 / 3, rel=1e-6)


@pytest.mark.parametrize("distance", [1e-7, -3e-6])
def test_a_kink_within_the_step_is_suspected_and_counted(distance: float) -> None:
    def relu_sum(p):
        return np.maximum(0, p).sum() + np.cos(p).sum()

    def cross_zeros(p, q):
        return (np.signbit(p) != np.signbit(q)).sum()

    function = CheckedFunction(relu_sum, lambda p: (p > 0) - np.sin(p), has_kinks=True)
    x = np.array([0.3, distance, -0.2, 1e-3])
    found = check(function, x)
    assert found.is_kink_suspected.tolist() == found.has_kink.tolist() == [False, True, False, False]
    assert found.kinks_crossed.tolist() == [-1] * 4
    counted = check(replace(function, count_kink_crossings=cross_zeros), x)
    assert counted.kinks_crossed.tolist() == [-1, 1, -1, -1]
    everywhere = check(replace(function, count_kink_crossings=cross_zeros), x, counts_every_step=True)
    assert everywhere.kinks_crossed.tolist() == [0, 1, 0, 0]
    assert abs(found.forward_slope[1] - found.backward_slope[1]) > 0.1


def test_no_kink_is_suspected_where_slopes_change_sign_smoothly() -> None:
    function = CheckedFunction(lambda p: np.cos(p).sum() + 3, lambda p: -np.sin(p))
    found = check(function, np.array([0.0, 1e-7, 1.0]))
    assert not found.is_kink_suspected.any()


def test_kinks_of_a_network_are_those_that_the_network_counts() -> None:
    """A step of 1e-2 with twenty samples crosses many; one that is suspected is one."""
    function = from_network_loss(RELU.full_loss)
    found = check(function, RELU.start, h=1e-2, counts_every_step=True)
    crossed = found.kinks_crossed > 0
    assert 0.02 < crossed.mean() < 0.9
    assert not (found.is_kink_suspected & ~crossed).any()
    assert (found.is_kink_suspected & crossed).sum() > 0.5 * crossed.sum()


def test_a_domain_that_ends_is_not_finite() -> None:
    found = check(CheckedFunction(lambda p: np.log(p).sum(), lambda p: 1 / p), np.array([1.0, 1e-9]), h=1e-5)
    assert found.worst == 1 and np.isnan(found.relative_error[1])


def test_a_gradient_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        check(CheckedFunction(lambda p: p @ p, lambda p: p[:1]), np.ones(2))


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_many_points_at_once_are_those_alone(method: Method, dtype) -> None:
    shapes = []

    def value(p):
        shapes.append(p.shape)
        return TANH.value(p)

    function, x = replace(from_network_loss(TANH.full_loss), value=value), TANH.start.astype(dtype)
    entries = np.arange(x.size)[::-1]
    together = check(function, x, entries, h=1e-3, method=method, counts_every_step=True)
    assert len(shapes) <= 5 and max(shapes) == (x.size, x.size)
    alone = check(replace(function, takes_lanes=False), x, entries, h=1e-3, method=method, counts_every_step=True)
    rounding = 16 * together.precision * together.value / 1e-3  # products of matrices may be summed in another order
    for name in ("numeric", "forward_slope", "backward_slope"):
        np.testing.assert_allclose(getattr(together, name), getattr(alone, name), rtol=0, atol=rounding)
    assert together.kinks_crossed.tolist() == alone.kinks_crossed.tolist()


def test_rounding_is_measured_by_the_larger_of_the_two_slopes() -> None:
    """Where both are zero there is nothing to measure it by."""
    found = relative_rounding_error(np.array((2.0, -1.0, 0.0)), np.array((1.0, 4.0, 0.0)), np.full(3, 1e-6))
    np.testing.assert_allclose(found, (5e-7, 2.5e-7, 0.0))
