"""Every surface: exact derivatives, independent lanes, a telling start, a docstring that teaches."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from surfaces.base import Surface
from surfaces.catalogue import FIRST, KINDS, SEARCH_WORDS, SURFACES, find_kind, find_makers
from surfaces.datasets import nist
from surfaces.datasets.regression import Regression
from tests.support.derivative_checks import (
    box_sides,
    draw_points,
    measure_derivative_errors,
    relative_error,
    richardson,
    scale_arguments,
)

PROMISED = {
    "rosenbrock", "beale", "himmelblau", "rastrigin", "ackley", "booth", "matyas", "three_hump_camel",
    "six_hump_camel", "goldstein_price", "styblinski_tang", "mccormick", "levy13", "easom", "branin", "griewank",
    "eggholder", "schaffer2", "bukin6", "bowl", "saddle", "monkey_saddle", "ravine", "least_squares_line",
    "logistic_regression", "tanh_neuron", "linear_svm", "misra1a", "misra1b", "misra1c", "misra1d", "boxbod",
    "danwood", "freudenstein_roth", "powell_badly_scaled", "brown_badly_scaled", "jennrich_sampson",
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", SURFACES)


@pytest.mark.parametrize(
    "name, factor", [(n, k) for n in SURFACES for k in (1.0, 1.3) if k == 1 or scale_arguments(n, k)]
)
def test_gradient_and_hessian_are_those_of_the_value(name: str, factor: float) -> None:
    """In coordinates that make the box a unit square, so that 1e-4 is a sensible step in every one of them.

    Truncation is then about h^4 = 1e-16 of the fifth derivative, round-off about 1e-16 / h = 1e-12 of the
    value: 1e-7 (the notes' "good") leaves room for places where the gradient is small against the value.
    """
    assert max(measure_derivative_errors(name, factor)) < 1e-7


def test_a_wrong_derivative_would_be_caught() -> None:
    """The check above is not blind: one part in a million is seen in every component."""
    surface = SURFACES["beale"]()
    p = draw_points(surface, (20,), seed=3)
    numeric = richardson(surface.value, p, 1e-4 * box_sides(surface))
    for wrong in (np.array((1 + 1e-6, 1)), np.array((1, 1 - 1e-6)), np.array((-1, 1))):
        assert relative_error(surface.grad(p) * wrong[:, None], numeric).max() > 1e-7


@EVERY
def test_lanes_are_independent(name: str) -> None:
    """A batch is the same as its points alone; NumPy's vector and scalar exp, sin may differ in the last digit."""
    surface = SURFACES[name]()
    p = draw_points(surface, (3, 4), seed=5)
    for f, shape in ((surface.value, ()), (surface.grad, (2,)), (surface.hess, (2, 2))):
        together = f(p)
        assert together.shape == (*shape, 3, 4)
        alone = np.array([[f(p[:, i, j]) for j in range(4)] for i in range(3)])
        assert alone.shape == (3, 4, *shape)
        alone = np.moveaxis(alone, (0, 1), (-2, -1))
        np.testing.assert_allclose(alone, together, rtol=1e-11, atol=1e-13 * np.abs(together).max())


@EVERY
def test_hessian_is_symmetric_and_points_are_left_alone(name: str) -> None:
    surface = SURFACES[name]()
    p = draw_points(surface, (50,), seed=7)
    before = p.copy()
    H = surface.hess(p)
    surface.value(p)
    surface.grad(p)
    np.testing.assert_array_equal(H[0, 1], H[1, 0])
    np.testing.assert_array_equal(p, before)


@EVERY
def test_finite_and_silent_on_a_grid_over_the_box(name: str) -> None:
    """Edges, axes and centre included; RuntimeWarnings are errors in this suite."""
    surface = SURFACES[name]()
    p = np.array(np.meshgrid(*(np.linspace(*side, 41) for side in surface.box)))
    for f in (surface.value, surface.grad, surface.hess):
        assert np.isfinite(f(p)).all()


@pytest.mark.parametrize(
    "name, point, chosen",
    [
        ("absolute", (0.0, 0.0), (0, 0)),
        ("absolute", (0.0, 2.0), (0, 3)),
        ("hinge", (1.0, 0.0), (0.1, 0.0)),  # exactly on the kink: the floor's side, only the penalty
        ("relu_valley", (0.0, 2.0), (0.0, 0.1)),  # the dead side
        ("relu_valley", (0.0, 0.0), (0.0, 0.0)),
        ("bukin6", (-10.0, 1.0), (0.0, 0.0)),
        ("bukin6", (0.0, 0.0), (0.01, 0.0)),
        ("ackley", (0.0, 0.0), (0.0, 0.0)),
        ("eggholder", (0.0, -47.0), (0.0, 0.0)),  # both roots vanish at once
        ("eggholder", (47.0, 0.0), None),
        ("eggholder", (-94.0, 0.0), None),
    ],
)
def test_the_subgradient_at_a_kink_is_the_documented_one(name: str, point: tuple, chosen: tuple | None) -> None:
    surface = SURFACES[name]()
    for p in (np.array(point), np.array(point)[:, None]):
        assert np.isfinite(surface.hess(p)).all()
        assert np.isfinite(surface.grad(p)).all()
    if chosen is not None:
        np.testing.assert_allclose(surface.grad(np.array(point)), chosen, atol=1e-15)
    assert re.search("chooses?|chosen|left? out|leaves? out|gives 0", inspect.getdoc(SURFACES[name]) or "")


def test_svm_kinks_take_the_side_that_costs_nothing() -> None:
    """At w = 0, b = 1 every sample of class 1 sits exactly on its kink; only the 50 others pull."""
    surface = SURFACES["linear_svm"]()
    x, y = surface.full_loss.u, surface.full_loss.y
    np.testing.assert_allclose(surface.grad(np.array((0.0, 1.0))), (x[y < 0].sum() / 100, 0.5), rtol=1e-14)


def test_egg_holder_below_its_published_minimum_lies_only_the_outside() -> None:
    """Published: -959.6407 at (512, 404.2319), on the edge: flat along it, falling outwards, so not declared."""
    surface = SURFACES["eggholder"]()
    low = np.array((512.0, 404.2318058))
    assert round(float(surface.value(low)), 4) == -959.6407
    across, along = surface.grad(low)
    assert across < -0.1
    assert abs(along) < 1e-5
    assert surface.value(draw_points(surface, (100_000,), seed=1)).min() > -959.6407
    assert surface.minima == ()


@EVERY
def test_start_is_in_the_view_and_moves(name: str) -> None:
    """A start at rest, or at the goal, would show nothing."""
    surface = SURFACES[name]()
    start = np.array(surface.start)
    for coordinate, (low, high) in zip(start, surface.box, strict=True):
        assert low < coordinate < high
    assert np.linalg.norm(box_sides(surface) * surface.grad(start)) > 1e-3
    for low in surface.minima:
        assert surface.value(start) > surface.value(np.array(low)) + 1e-4


@EVERY
def test_docstring_teaches_and_cites(name: str) -> None:
    """One sentence, then the formula, then a source with its year."""
    make = SURFACES[name]
    assert make.__name__ == name
    doc = inspect.getdoc(make)
    assert doc is not None
    first, _, rest = doc.partition("\n")
    assert first.endswith(".")
    assert len(first.split()) > 8
    assert rest.count("$$") == 2
    assert re.search(r"\((18|19|20)\d\d", rest)


@EVERY
def test_every_argument_can_be_a_slider(name: str) -> None:
    for argument in inspect.signature(SURFACES[name]).parameters.values():
        assert type(argument.default) in (int, float)
        assert argument.annotation is type(argument.default)


def test_the_catalogue_is_complete() -> None:
    """The names that are used from outside."""
    assert PROMISED.issubset(SURFACES)


def test_the_catalogue_finds_makers_and_nothing_else() -> None:
    assert tuple(SURFACES)[: len(FIRST)] == FIRST
    assert all(isinstance(make(), Surface | Regression) for make in SURFACES.values())
    assert [make.__name__ for make in find_makers(nist)] == [
        *(f"misra1{letter}" for letter in "abcd"), "boxbod", "danwood",
    ]  # fmt: skip


@pytest.mark.parametrize("condition", [1.0, 10.0, 1000.0])
@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 135.0])
def test_bowl_has_the_condition_number_and_angle_it_names(condition: float, angle: float) -> None:
    eigenvalues, axes = np.linalg.eigh(SURFACES["bowl"](condition, angle).hess(np.zeros(2)))
    np.testing.assert_allclose(eigenvalues, (1, condition), rtol=1e-12 * condition)
    if condition > 1:
        floor = np.array((np.cos(np.radians(angle)), np.sin(np.radians(angle))))
        np.testing.assert_allclose(abs(axes[:, 0] @ floor), 1, rtol=1e-12)


@EVERY
def test_a_surface_is_its_own_view_at_every_step(name: str) -> None:
    surface = SURFACES[name]()
    assert surface.at(1) is surface.at(2) is surface


def test_every_surface_belongs_to_one_kind_and_only_surfaces_have_search_words() -> None:
    modules = [module.__name__ for modules in KINDS.values() for module in modules]
    assert len(modules) == len({*modules})
    functions = Path(__file__).parents[2] / "surfaces/functions"
    assert {f"surfaces.functions.{file.stem}" for file in functions.glob("[a-z]*.py")} <= {*modules}
    assert {*map(find_kind, SURFACES)} == {*KINDS}
    from_the_page = {"formula", "data", "network_loss"}  # what else a scene may have for its surface
    assert {*SEARCH_WORDS} <= {*SURFACES} | from_the_page
