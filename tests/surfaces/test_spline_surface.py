"""The spline through a surface is near it within its view."""

from dataclasses import replace

import numpy as np

from surfaces.base import Box, Surface
from surfaces.functions.valleys import rosenbrock
from surfaces.spline_surface import interpolate_surface
from tests.support.finite_differences import central_difference

P = np.random.default_rng(0).uniform(-0.9, 0.9, (2, 50))


def test_it_is_exact_for_a_cubic_and_so_are_its_derivatives() -> None:
    def cubic(p: np.ndarray) -> np.ndarray:
        x, y = p
        return x**3 - 2 * x * y**2 + y

    surface = Surface(cubic, cubic, cubic, Box((-1, 1), (-1, 1)), (0, 0), (), grid_size=9)
    spline = interpolate_surface(surface)
    np.testing.assert_allclose(spline.value(P), cubic(P), atol=1e-12)
    np.testing.assert_allclose(spline.grad(P), central_difference(cubic, P), atol=1e-8)
    np.testing.assert_allclose(spline.hess(P), central_difference(spline.grad, P), atol=1e-8)


def test_it_keeps_view_and_start_and_replaces_what_is_not_finite() -> None:
    surface = replace(rosenbrock(), grid_size=61)
    spline = interpolate_surface(surface)
    assert (spline.box, spline.start, spline.grid_size) == (surface.box, surface.start, 61)
    np.testing.assert_allclose(spline.value(P), surface.value(P), rtol=1e-3, atol=1e-2)
    with np.errstate(all="ignore"):
        holed = interpolate_surface(replace(surface, value=lambda p: np.where(p[0] > 0, np.nan, p[1])))
        assert np.isfinite(holed.value(P)).all()
