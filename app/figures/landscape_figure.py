"""The landscape: a surface on a grid, as the static Plotly figure under the player's paths."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.figures.palette import THEMES
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from surfaces.base import Array, Box, Surface

LANDSCAPE_GRID_SIZE = 161  # points along each side, unless the surface takes long
CONTOUR_COUNT = 22  # contour lines between the lowest and the highest value in view
LARGEST_HEIGHT = 1e38  # in float32, as heights are sent
LOG_SCALE_RATIO = 12.0  # a log scale is used if the range is this many times the median height
SMALLEST_RANGE = 1e-4  # or this part of the values, for which float32 has fewer than a thousand steps


def make_landscape(surface: Surface, grid_size: int | None = None) -> dict[str, Any]:
    """The stage of `surface`: its figure, box and minima, and the colours of each theme."""
    return {
        **make_piece(surface, surface.box, grid_size),
        "minima": [[float(a), float(b)] for a, b in surface.minima],
        "themes": {name: {"colorscale": make_colour_scale(theme["landscape"])} for name, theme in THEMES.items()},
    }


def make_piece(surface: Surface, window: Box, grid_size: int | None = None) -> dict[str, Any]:
    """The part of the landscape in a window, with levels of its own.

    The heights `z` of its figure are float32, as they are sent; in JSON, `encode_float32` makes them a text.
    `scale` tells whether they are those of the surface, or log10 of their distance from the lowest.
    """
    (left, right), (bottom, top) = window
    grid_size = grid_size or getattr(surface, "grid_size", LANDSCAPE_GRID_SIZE)
    heights, scale, levels = sample_heights(surface, window, grid_size)
    heights = np.asarray(heights, dtype=np.float32)
    finite = heights[np.isfinite(heights)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    # On a plane surface, too, the step must be large enough to differ from 0 beside the heights.
    step = (high - low) / CONTOUR_COUNT or max(1.0, abs(low) / CONTOUR_COUNT)
    contour = {
        "type": "contour",
        "z": heights,
        "x0": left,
        "dx": (right - left) / (grid_size - 1),
        "y0": bottom,
        "dy": (top - bottom) / (grid_size - 1),
        "zmin": low,
        "zmax": high,
        "zauto": False,
        "contours": {"start": low + step / 2, "end": high, "size": step, "coloring": "fill"},
        "line": {"width": 0.7, "smoothing": 1},
        "showscale": False,
        "hoverinfo": "none",
    }
    return {
        "figure": {"data": [contour]},
        "box": [[left, right], [bottom, top]],
        "scale": scale,
        "levels": levels,
    }


def sample_heights(surface: Surface, window: Box, grid_size: int) -> tuple[Array, str, dict[str, float]]:
    """The heights on a grid over a window, row by row from below, as `scale_heights` returns them."""
    x, y = (np.linspace(low, high, grid_size) for low, high in window)
    with np.errstate(all="ignore"):
        heights = np.asarray(surface.value(np.array(np.meshgrid(x, y))), dtype=np.float64)
    lowest = lowest_minimum_loss(surface, surface.minima)
    return scale_heights(np.broadcast_to(heights, (grid_size, grid_size)), lowest)


def scale_heights(heights: Array, lowest_value: float) -> tuple[Array, str, dict[str, float]]:
    """The heights as they are drawn, the scale (`linear` or `log`), and the constants of a log scale.

    On a log scale the value of the surface is bottom + 10**height - softest.
    """
    finite = np.isfinite(heights)
    if not finite.any():
        return np.full(heights.shape, np.nan), "linear", {}
    lowest_value = min(lowest_value, float(heights[finite].min()))
    with np.errstate(all="ignore"):
        above = np.where(finite, np.minimum(heights - lowest_value, np.finfo(np.float64).max / 4), np.nan)
    median, height_range = float(np.nanmedian(above)), float(np.nanmax(above))
    largest = float(np.abs(heights[finite]).max())
    has_usual_range = SMALLEST_RANGE * largest < height_range < LOG_SCALE_RATIO * median
    if not median or (has_usual_range and largest < LARGEST_HEIGHT):
        return np.clip(np.where(finite, heights, np.nan), -LARGEST_HEIGHT, LARGEST_HEIGHT), "linear", {}
    softest = max(float(np.nanquantile(above, 0.004)), 1e-9 * height_range)
    return np.log10(above + softest), "log", {"bottom": lowest_value, "softest": softest}


def encode_float32(values: NDArray[np.float32]) -> dict[str, str]:
    """A matrix as float32 in base64, which plotly.js reads without parsing numbers; NaN leaves a hole."""
    data = np.ascontiguousarray(values, dtype="<f4")
    return {**describe_float32(values), "bdata": base64.b64encode(data.tobytes()).decode()}


def describe_float32(values: NDArray[np.float32]) -> dict[str, str]:
    """The type and shape of a matrix as plotly.js needs them beside its numbers."""
    return {"dtype": "f4", "shape": ", ".join(map(str, values.shape))}


def make_colour_scale(colours: list[str]) -> list[list[Any]]:
    """Equally spaced stops of a Plotly colour scale."""
    return [[i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]
