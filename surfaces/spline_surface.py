"""A surface that takes long, as a spline through its values on a grid: for guesses, never for what is shown."""

from dataclasses import replace

import numpy as np
from scipy.interpolate import RectBivariateSpline

from surfaces.base import Array, Surface, symmetric, vector


def interpolate_surface(surface: Surface) -> Surface:
    """The bicubic spline through a surface on the grid on which it is drawn; flat beyond its view.

    Where the surface is not finite the spline has its largest finite value.
    """
    x, y = (np.linspace(low, high, surface.grid_size) for low, high in surface.box)
    with np.errstate(all="ignore"):
        values = np.asarray(surface.value(np.array(np.meshgrid(x, y, indexing="ij"))))
    finite = values[np.isfinite(values)]
    values = np.where(np.isfinite(values), values, finite.max() if finite.size else 0.0)
    spline = RectBivariateSpline(x, y, values)

    def derivative(p: Array, dx: int, dy: int) -> Array:
        found: Array = spline.ev(p[0], p[1], dx=dx, dy=dy)
        return found

    return replace(
        surface,
        value=lambda p: derivative(p, 0, 0),
        grad=lambda p: vector(derivative(p, 1, 0), derivative(p, 0, 1)),
        hess=lambda p: symmetric(derivative(p, 2, 0), derivative(p, 1, 1), derivative(p, 0, 2)),
    )
