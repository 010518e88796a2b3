"""Every declared minimum: flat, not bent downwards, as low as the literature says, and nothing lies lower."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from surfaces.catalogue import SURFACES
from surfaces.datasets.nist import read_dataset
from surfaces.datasets.regression import IRIS

# Published values of the global minimum, to the digits published, and where.
PUBLISHED = {
    "ravine": (0, 1e-15, "a positive definite quadratic"),
    "bowl": (0, 1e-15, "a positive definite quadratic"),
    "rosenbrock": (0, 1e-15, "Moré, Garbow & Hillstrom (1981), problem 1"),
    "beale": (0, 1e-15, "Moré, Garbow & Hillstrom (1981), problem 5"),
    "beale_corner": (0, 1e-15, "Moré, Garbow & Hillstrom (1981), problem 5"),
    "himmelblau": (0, 1e-15, "Himmelblau (1972)"),
    "long_valley": (0.875, 1e-15, "closed form: 1 + 0.02 * 2.5^2 - 0.1 * 2.5"),
    "double_well": (-0.25, 1e-15, "closed form"),
    "three_hump_camel": (0, 1e-15, "Jamil & Yang (2013)"),
    "six_hump_camel": (-1.0316, 5e-5, "Jamil & Yang (2013)"),
    "plateau": (0, 1e-15, "closed form"),
    "easom": (-1, 1e-15, "Jamil & Yang (2013)"),
    "absolute": (0, 1e-15, "closed form"),
    "hinge": (0.01, 1e-15, "closed form: l2 / 10"),
    "relu_valley": (0.04875, 1e-15, "closed form: l2 - l2^2 / 2"),
    "bukin6": (0, 1e-15, "Jamil & Yang (2013)"),
    "booth": (0, 1e-15, "Jamil & Yang (2013)"),
    "matyas": (0, 1e-15, "Jamil & Yang (2013)"),
    "goldstein_price": (3, 1e-13, "Goldstein & Price (1971)"),
    "rastrigin": (0, 1e-15, "Mühlenbein, Schomisch & Born (1991)"),
    "ackley": (0, 1e-15, "Bäck (1996)"),
    "styblinski_tang": (-78.3323, 5e-5, "Surjanovic & Bingham: -39.16599 n, whose last digits are rounded too early"),
    "mccormick": (-1.9133, 1e-4, "Jamil & Yang (2013): -1.9133, cut and not rounded"),
    "levy13": (0, 1e-15, "Surjanovic & Bingham"),
    "branin": (0.397887, 5e-7, "Dixon & Szegő (1978); Surjanovic & Bingham"),
    "griewank": (0, 1e-15, "Griewank (1981)"),
    "schaffer2": (0, 1e-15, "Mishra (2007)"),
    **{
        name.lower(): (read_dataset(name).residual_sum, 1e-10, "NIST StRD")
        for name in ("Misra1a", "Misra1b", "Misra1c", "Misra1d", "DanWood")
    },
    "boxbod": (read_dataset("BoxBOD").residual_sum, 5e-8, "NIST StRD, 11 digits of 1168"),
    "freudenstein_roth": (0, 1e-15, "Moré, Garbow & Hillstrom (1981), problem 2"),
    "powell_badly_scaled": (0, 1e-15, "Moré, Garbow & Hillstrom (1981), problem 3"),
    "brown_badly_scaled": (0, 1e-15, "Moré, Garbow & Hillstrom (1981), problem 4"),
    "jennrich_sampson": (124.362, 5e-4, "Moré, Garbow & Hillstrom (1981), problem 6"),
}
CORNERS = {"hinge", "linear_svm"}  # minima on a kink, where the chosen subgradient is not 0
VARIED = [  # other parameters, and where the minimum is then
    ("rosenbrock", {"a": 2.0, "b": 5.0}, ((2.0, 4.0),)),
    ("rosenbrock", {"b": 0.0}, ()),
    ("ravine", {"condition": 1.0}, ((0.0, 0.0),)),
    ("ravine", {"condition": -1.0}, ()),
    ("bowl", {"condition": 100.0, "angle": 70.0}, ((0.0, 0.0),)),
    ("bowl", {"condition": 0.0}, ()),
    ("rastrigin", {"amplitude": 0.0}, ((0.0, 0.0),)),
    ("rastrigin", {"amplitude": 3.0}, ((0.0, 0.0),)),
    ("rastrigin", {"amplitude": -3.0}, ()),
    ("absolute", {"steepness": 0.5}, ((0.0, 0.0),)),
    ("absolute", {"steepness": 0.0}, ()),
    ("hinge", {"l2": 1.0}, ((0.2, 0.4),)),
    ("hinge", {"l2": 10.0}, ((0.1, 0.2),)),
    ("hinge", {"l2": 0.0}, ()),
    ("relu_valley", {"l2": 0.0}, ((1.0, 1.0),)),
    ("relu_valley", {"l2": 2.0}, ((0.0, 0.0),)),
    ("relu_valley", {"l2": -1.0}, ()),
    ("long_valley", {"steepness": 100.0}, ((0.0, 2.5),)),
    ("long_valley", {"steepness": 0.0}, ()),
    ("cliff", {"steepness": 0.1}, None),
    ("cliff", {"steepness": 100.0}, None),
    ("cliff", {"steepness": 0.0}, ()),
    ("two_wells", {"depth": 0.0}, None),
    ("two_wells", {"depth": 0.8}, None),
    ("two_wells", {"depth": 5.0}, None),
]
CASES = [(name, {}) for name in SURFACES] + [row[:2] for row in VARIED]
EVERY = pytest.mark.parametrize("name, arguments", [case for case in CASES if SURFACES[case[0]](**case[1]).minima])


def sides(surface: Any) -> np.ndarray:
    return np.array([high - low for low, high in surface.box])


def inside(surface: Any, p: np.ndarray) -> np.ndarray:
    (x0, x1), (y0, y1) = surface.box
    return (x0 <= p[0]) & (p[0] <= x1) & (y0 <= p[1]) & (p[1] <= y1)


@EVERY
def test_minima_are_flat_and_not_bent_downwards(name: str, arguments: dict) -> None:
    """Newton's step from the declared point is below 1e-12 of the view's sides (Hessians are regular there,
    but for kinks and floors, whose gradient is 0), and no eigenvalue is below minus its round-off."""
    surface = SURFACES[name](**arguments)
    side = sides(surface)
    for low in surface.minima:
        p = np.array(low)
        assert inside(surface, p)
        grad, hess = side * surface.grad(p), side[:, None] * surface.hess(p) * side
        eigenvalues = np.linalg.eigvalsh(hess)
        assert eigenvalues.min() >= -1e-14 * np.abs(hess).max()
        if name not in CORNERS and grad.any():
            assert np.abs(np.linalg.solve(hess, grad)).max() < 1e-12


@pytest.mark.no_cover
@EVERY
def test_nothing_lies_lower(name: str, arguments: dict) -> None:
    """Neither 20,000 random points of the view nor what BFGS makes of the six lowest and four others.

    BFGS may leave the view, where some surfaces fall for ever: those ends are not compared.
    """
    surface = SURFACES[name](**arguments)
    (x0, x1), (y0, y1) = surface.box
    rng = np.random.default_rng(11)
    p = np.array((rng.uniform(x0, x1, 20_000), rng.uniform(y0, y1, 20_000)))
    values = surface.value(p)
    lowest = min(surface.value(np.array(low)) for low in surface.minima)
    for low in surface.minima:  # all of them equally low, to round-off of values near 1
        np.testing.assert_allclose(surface.value(np.array(low)), lowest, rtol=1e-13, atol=1e-13)
    bound = lowest - 1e-12 * max(1, abs(lowest))
    assert values.min() >= bound
    side = sides(surface)
    for i in (*np.argsort(values)[:6], *range(4)):
        with np.errstate(all="ignore"):  # a trial step may overflow
            end = minimize(
                lambda u: float(surface.value(u * side)), p[:, i] / side, jac=lambda u: side * surface.grad(u * side)
            )
        if inside(surface, end.x * side):
            assert end.fun >= bound


@EVERY
def test_no_neighbour_lies_lower(name: str, arguments: dict) -> None:
    """On circles around it, of radii where the rise is above round-off; this covers the kinks as well."""
    surface = SURFACES[name](**arguments)
    angle = np.linspace(0, 2 * math.pi, 100)
    circle = sides(surface)[:, None] * np.array((np.cos(angle), np.sin(angle)))
    for low in surface.minima:
        p = np.array(low)[:, None]
        here = surface.value(p)
        for radius in (1e-2, 1e-4, 1e-6):
            assert (surface.value(p + radius * circle) >= here - 1e-13 * np.maximum(1, np.abs(here))).all()


@pytest.mark.parametrize("name", PUBLISHED)
def test_minimum_has_the_published_value(name: str) -> None:
    value, tolerance, source = PUBLISHED[name]
    assert source
    surface = SURFACES[name]()
    assert surface.minima
    for low in surface.minima:
        assert abs(surface.value(np.array(low)) - value) <= tolerance


def test_every_surface_with_minima_is_in_the_table_or_found_by_solving() -> None:
    """The rest: no minimum (saddles, egg holder), or one computed and checked against another solver."""
    without = {name for name in SURFACES if not SURFACES[name]().minima}
    assert without == {"saddle", "saddle_ridge", "monkey_saddle", "eggholder"}
    solved = {"cliff", "two_wells", "least_squares_line", "logistic_regression", "tanh_neuron", "linear_svm"}
    assert set(PUBLISHED) | solved | without == set(SURFACES)


@pytest.mark.parametrize("name, arguments, minima", [row for row in VARIED if row[2] is not None])
def test_minima_follow_the_parameters(name: str, arguments: dict, minima: tuple) -> None:
    np.testing.assert_allclose(SURFACES[name](**arguments).minima, minima, rtol=1e-14)


@pytest.mark.parametrize(
    "name, place, value",
    [
        ("goldstein_price", (-0.6, -0.4), 30),
        ("goldstein_price", (1.8, 0.2), 84),
        ("goldstein_price", (1.2, 0.8), 840),
        ("freudenstein_roth", (11.412778986902, -0.896805253274), 48.9842),
        ("three_hump_camel", (-1.7475523458, 0.8737761729), 0.2986),
        ("three_hump_camel", (1.7475523458, -0.8737761729), 0.2986),
    ],
)
def test_local_minima_named_in_the_docstrings(name: str, place: tuple, value: float) -> None:
    surface = SURFACES[name]()
    p = np.array(place)
    assert abs(surface.value(p) - value) < 1e-4
    assert np.abs(np.linalg.solve(surface.hess(p), surface.grad(p))).max() < 1e-8
    assert np.linalg.eigvalsh(surface.hess(p)).min() > 0


@pytest.mark.parametrize(
    "name, eigenvalues", [("saddle", (-2, 2)), ("monkey_saddle", (0, 0)), ("double_well", (-1, 1))]
)
def test_saddles_are_stationary_and_no_minima(name: str, eigenvalues: tuple) -> None:
    surface = SURFACES[name]()
    centre = np.zeros(2)
    np.testing.assert_array_equal(surface.grad(centre), 0)
    np.testing.assert_allclose(np.linalg.eigvalsh(surface.hess(centre)), eigenvalues, atol=1e-12)
    assert (0.0, 0.0) not in surface.minima


def test_the_relu_unit_dies_on_the_left() -> None:
    """The origin catches what the penalty drives out of the dead half, although it is not the minimum."""
    surface = SURFACES["relu_valley"]()
    np.testing.assert_array_equal(surface.grad(np.zeros(2)), 0)
    dead = np.array((-1.0, 1.5))
    np.testing.assert_allclose(surface.grad(dead), 0.05 * dead, rtol=1e-14)


def test_svm_minimum_is_that_of_the_linear_program() -> None:
    """min mean(s) with s >= 0 and s >= 1 - y (w x + b), solved by SciPy's HiGHS to its tolerance of 1e-7."""
    x, y = IRIS
    n = len(x)
    program = linprog(
        np.r_[0, 0, np.full(n, 1 / n)],
        A_ub=np.c_[-y * x, -y, -np.eye(n)],
        b_ub=-np.ones(n),
        bounds=[(None, None)] * 2 + [(0, None)] * n,
    )
    surface = SURFACES["linear_svm"]()
    np.testing.assert_allclose(surface.minima[0], program.x[:2], rtol=1e-7)
    np.testing.assert_allclose(surface.value(np.array(surface.minima[0])), program.fun, rtol=1e-9)


@pytest.mark.parametrize("depth, nearest", [(1.5, (1.5, 0.5)), (0.5, (-1.2, -0.5))])
def test_the_depth_decides_which_well_is_the_global_one(depth: float, nearest: tuple) -> None:
    (low,) = SURFACES["two_wells"](depth).minima
    assert np.linalg.norm(np.subtract(low, nearest)) < 0.1
