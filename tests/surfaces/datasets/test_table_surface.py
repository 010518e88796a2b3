"""A visitor's data as a surface: minima as other libraries find them, exact derivatives, and views that fit."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from surfaces.datasets import regression
from surfaces.datasets.regression import BEETLES, CARS, CHALLENGER, IRIS
from surfaces.datasets.table_parser import DataError
from surfaces.datasets.table_surface import (
    CLASSIFIERS,
    MODELS,
    data,
    fit_dataset,
    fitted_curve,
    thin_samples,
)
from tests.support.finite_differences import central_difference


def rows(*columns) -> str:
    return ";".join(",".join(repr(float(cell)) for cell in row) for row in zip(*columns, strict=True))


RNG = np.random.default_rng(5)
CLOUD = RNG.normal(size=(2, 300)) * ((3.0,), (0.2,)) + ((7.0,), (-1.0,))
SIDE = (CLOUD[0] - 7 + 10 * (CLOUD[1] + 1) + 3 * RNG.normal(size=300) > 0.5) * 1.0
CROWD = np.concatenate((RNG.normal(size=1000), 1 + RNG.normal(size=1000)))
OVERLAPPING = {
    "cars": ("line", rows(*CARS)),
    "cars in feet": ("line", rows(10 * CARS[0], 10 * CARS[1])),
    "two rows": ("line", "0,0;1,1"),
    "all the same": ("line", "1,5;2,5;3,5"),
    "nothing": ("line", "1,0;2,0"),
    "flights": ("logistic", rows(*CHALLENGER)),
    "flights in degrees": ("logistic", rows(70 + 10 * CHALLENGER[0], CHALLENGER[1])),
    "two inputs": ("logistic", rows(*CLOUD, SIDE)),
    "two thousand": ("logistic", rows(CROWD, np.repeat((0, 1), 1000))),
    "petals": ("svm", rows(IRIS[0], (1 + IRIS[1]) / 2)),
    "two inputs, hinge": ("svm", rows(*CLOUD, SIDE)),
    "beetles": ("neuron", rows(*BEETLES)),
}
APART = {
    "logistic": ("logistic", "1,0;2,0;3,1;4,1"),
    "touching": ("logistic", "1,0;2,0;2,1;3,1"),
    "the other way": ("logistic", "1,1;2,1;3,0"),
    "two inputs": ("logistic", "0,0,0;1,0,0;0,3,1;1,3,1"),
}
ALL = {f"{name}, {scale}": (*given, scale == "standardized")
       for name, given in (OVERLAPPING | {f"apart: {k}": v for k, v in APART.items()}).items()
       for scale in ("plain", "standardized")}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_derivatives_are_exact_and_the_view_fits(name: str) -> None:
    f = data(*ALL[name])
    (left, right), (bottom, top) = f.box
    widths = np.array((right - left, top - bottom))
    p = np.random.default_rng(1).uniform((left, bottom), (right, top), (40, 2)).T
    if ALL[name][0] != "svm":  # whose slope jumps
        for k, h in enumerate(1e-5 * widths):
            e = h * np.eye(2)[:, k : k + 1]
            slope, bend = ((part(p + e) - part(p - e)) / (2 * h) for part in (f.value, f.grad))
            size = np.abs(f.value(p)).max()
            np.testing.assert_allclose(f.grad(p)[k] * widths[k], slope * widths[k], rtol=1e-6, atol=1e-7 * size + 1e-9)
            np.testing.assert_allclose(f.hess(p)[k], bend, atol=1e-6 * np.abs(f.hess(p)).max())
    for inside in (f.start, *f.minima, fit_dataset(*ALL[name]).minimum.weights):
        assert left < inside[0] < right and bottom < inside[1] < top
    lowest = f.value(np.array(fit_dataset(*ALL[name]).minimum.weights))
    assert f.value(np.array(f.start)) > lowest
    grid = np.array(np.meshgrid(np.linspace(left, right, 30), np.linspace(bottom, top, 30)))
    low = fit_dataset(*ALL[name]).minimum
    if ALL[name][0] == "logistic" and low.is_separable:
        assert not f.minima
        assert f.grad(np.array(low.weights)) @ low.weights < 0, "with larger weights it is lower for ever"
    else:
        assert (f.value(grid) >= lowest - 1e-9).all(), "nothing in the view is lower"


@pytest.mark.parametrize("name", [name for name in ALL if ALL[name][0] == "line"])
def test_a_line_is_that_of_least_squares(name: str) -> None:
    full = fit_dataset(*ALL[name]).full_loss
    solved, *_ = np.linalg.lstsq(np.c_[full.u, np.ones_like(full.u)], full.y, rcond=None)
    np.testing.assert_allclose(data(*ALL[name]).minima[0], solved, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in ALL if ALL[name][0] == "logistic" and "apart" not in name])
def test_a_logistic_regression_ends_where_scipy_does(name: str) -> None:
    f = data(*ALL[name])
    start = np.zeros(2)
    found = minimize(lambda p: float(f.value(p)), start, jac=f.grad, hess=f.hess, method="trust-exact", tol=1e-10)
    np.testing.assert_allclose(f.minima[0], found.x, rtol=1e-5)
    assert np.abs(f.grad(np.array(f.minima[0]))).max() < 1e-12


@pytest.mark.parametrize("name", [name for name in ALL if ALL[name][0] == "svm"])
def test_no_corner_of_an_svm_is_lower(name: str) -> None:
    """Against all crossings of two kinks, or many of them."""
    f, full = data(*ALL[name]), fit_dataset(*ALL[name]).full_loss
    u, v = full.features
    kinks = full.y * np.array((u, v))  # (2, n): s p = 1
    i, j = np.random.default_rng(0).integers(0, len(u), (2, 5000))
    turn = kinks[0, i] * kinks[1, j] - kinks[1, i] * kinks[0, j]
    i, j, turn = (a[np.abs(turn) > 1e-9] for a in (i, j, turn))
    corners = np.array(((kinks[1, j] - kinks[1, i]), (kinks[0, i] - kinks[0, j]))) / turn
    lowest = f.value(np.array(f.minima[0]))
    assert lowest <= f.value(corners).min() + 1e-12
    around = np.array(f.minima[0])[:, None] + 1e-3 * RNG.normal(size=(2, 100))
    assert (f.value(around) >= lowest - 1e-12).all()


def test_data_of_the_catalogue_give_its_minima() -> None:
    for name, make in (("cars", regression.least_squares_line), ("flights", regression.logistic_regression),
                        ("petals", regression.linear_svm), ("beetles", regression.tanh_neuron)):  # fmt: skip
        np.testing.assert_allclose(fit_dataset(*OVERLAPPING[name]).minimum.weights, make().minima[0], rtol=1e-7)


@pytest.mark.parametrize("name", APART)
def test_classes_that_can_be_told_apart_have_no_declared_minimum(name: str) -> None:
    f, fit = data(*APART[name]), fit_dataset(*APART[name])
    assert fit.minimum.is_separable and not f.minima
    here = np.array(fit.minimum.weights)
    assert f.value(3 * here) < f.value(2 * here) < f.value(here) < f.value(0 * here)


def test_an_svm_of_such_classes_has_a_corner_of_its_region_without_loss() -> None:
    for table in ("1,0;2,0;3,1;4,1", "0,0,0;1,0,0;0,3,1;1,3,1"):
        f = data("svm", table)
        assert f.value(np.array(f.minima[0])) < 1e-12 and fit_dataset("svm", table).minimum.is_separable
    assert data("svm", "1,0;2,0;3,1;4,1").minima[0] == pytest.approx((2, -5))
    assert not fit_dataset("svm", "1,0;2,0;2,1;3,1").minimum.is_separable, "a point of both classes costs something"


def test_a_neuron_declares_nothing() -> None:
    assert data(*OVERLAPPING["beetles"]).minima == ()
    f = data("neuron", "1,-1;2,-1;3,1;4,1")
    assert np.isfinite(f.box).all(), "its minimum is at infinity"


@pytest.mark.parametrize(
    ("model", "given", "standardized", "why"),
    [
        ("line", "3,1;3,2", False, "All rows have the same x, 3"),
        ("line", "speed,y;3,1;3,2", True, "the same speed"),
        ("svm", "1,2,0;2,4,1;3,6,0", False, "one straight line"),
        ("logistic", "1,2,0;1,4,1", False, "the same x1"),
        ("neuron", "1,0.5;3,-4", False, "Row 2: “-4” is not between -1 and 1"),
        ("line", "1000000,1;1000001,2", False, "differ too much for a picture"),
        ("line", "1,1e9;2,3e9", False, "weights beyond 1e"),
        ("tree", "1,2;2,3", False, "A model is one of line, logistic, svm, neuron"),
        ("line", "1,2,3;4,5,6", False, "3 cells, but 2 columns"),
        ("logistic", "1,2;2,2", False, "All rows belong to the class"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_the_reason(model, given, standardized, why) -> None:
    with pytest.raises(DataError, match=why):
        data(model, given, standardized)


@pytest.mark.parametrize(
    "given", ["1000000,1;1000001,2;1000003,3", "1,1e9;2,3e9", "1e-9,1e12;2e-9,-1e12", "1e12,1;-1e12,2"]
)
def test_standardized_they_are_all_fit_for_a_picture(given: str) -> None:
    f, fit = data("line", given, True), fit_dataset("line", given, True)
    np.testing.assert_allclose(fit.full_loss.gram, np.eye(2), atol=1e-9)
    assert max(abs(end) for side in f.box for end in side) < 10
    assert np.ptp(f.box, axis=1).min() > 0.1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(MODELS)), st.lists(st.tuples(*[st.floats(-1, 1).map(lambda v: round(v, 3))] * 2),
                                                 min_size=2, max_size=12), st.booleans())  # fmt: skip
def test_whatever_is_accepted_can_be_looked_at(model, pairs, standardized) -> None:
    x, y = np.array(pairs).T
    if model in CLASSIFIERS:
        y = (y > np.median(y)) * 1.0
    try:
        f = data(model, rows(x, y), standardized)
    except DataError:
        assume(False)
    (left, right), (bottom, top) = f.box
    assert left < f.start[0] < right and bottom < f.start[1] < top
    assert np.isfinite(f.value(np.array(f.start))) and np.isfinite(f.grad(np.array(f.start))).all()
    for m in f.minima:
        near = np.array(m)[:, None] + 1e-4 * np.array((right - left, top - bottom))[:, None] * RNG.normal(size=(2, 50))
        assert (f.value(near) >= f.value(np.array(m)) - 1e-9).all()
    assert np.isfinite(fitted_curve(model, fit_dataset(model, rows(x, y), standardized))).all()


@pytest.mark.parametrize("name", ["cars", "two inputs", "two inputs, hinge"])
def test_minibatches_go_through_the_rows_once_an_epoch(name: str) -> None:
    f = data(*OVERLAPPING[name], batch_size=7, seed=3)
    p = np.array((0.3, -0.2))
    seen = sum(len(f.batch_rows(t)) * f.at(t).grad(p) for t in range(1, f.batches_per_epoch + 1)) / f.sample_count
    np.testing.assert_allclose(seen, f.grad(p), rtol=1e-10)


def test_many_lanes_are_the_lanes_one_by_one_and_memory_stays_flat() -> None:
    f = data(*OVERLAPPING["two thousand"])
    p = np.random.default_rng(2).uniform(-3, 3, (2, 11, 31))
    for part in (f.value, f.grad, f.hess):
        together = part(p)
        alone = np.array([part(p[:, i, j]) for i in range(11) for j in range(31)])
        np.testing.assert_allclose(together, np.moveaxis(alone, 0, -1).reshape(together.shape), rtol=1e-12, atol=1e-15)


def test_a_choice_of_rates_looks_at_a_part_of_the_rows() -> None:
    f = data(*OVERLAPPING["two thousand"])
    thin = thin_samples(f)
    assert thin.sample_count == 250 and (thin.box, thin.start) == (f.box, f.start)
    assert thin_samples(data(*OVERLAPPING["cars"])).sample_count == 50
    assert abs(thin.value(np.zeros(2)) - f.value(np.zeros(2))) < 0.05


def test_the_curve_is_in_the_units_of_the_table() -> None:
    for standardized in (False, True):
        given = (*OVERLAPPING["cars in feet"], standardized)
        x, y = fitted_curve(given[0], fit_dataset(*given))
        np.testing.assert_allclose(y, -17.579095 + 3.932409 * x, atol=1e-4)
    u, v = fitted_curve("logistic", fit_dataset(*OVERLAPPING["two inputs"]))
    w1, w2 = data(*OVERLAPPING["two inputs"]).minima[0]
    np.testing.assert_allclose(w1 * (u - CLOUD[0].mean()) + w2 * (v - CLOUD[1].mean()), 0, atol=1e-6)


def test_derivatives_by_differences_have_the_same_hessian() -> None:
    f = data(*OVERLAPPING["two inputs"])
    p = np.random.default_rng(1).uniform(-1, 1, (2, 5))
    np.testing.assert_allclose(central_difference(f.grad, p, 1e-4), f.hess(p), atol=1e-6)
