"""Small pictures of scenes, which the browser draws: the landscape in shades on a coarse grid, and the paths on it."""

import base64
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from app.compute.cached_simulation import build_surface, simulate_path
from app.figures.landscape_figure import sample_heights
from app.model.scene import Scene
from app.model.view_options import DEFAULT_PRESENTATION
from surfaces.base import Array

THUMBNAIL_GRID_SIZE = 40
SHADES = 255  # the number after the last stands for no value
MAX_STEPS = 300  # of a run in a thumbnail; longer ones are cut
MAX_PATH_POINTS = 100  # of a path
UNITS = 1000  # in which points are given, from the left to the right edge and from the lower to the upper one
FAR_UNITS = 20 * UNITS  # beyond which it does not matter where a point is


def make_thumbnail(scene: Scene, has_paths: bool = True) -> dict[str, Any]:
    """The picture of a scene as numbers: shades row by row from below, the start, the paths of the runs that are on."""
    shown = replace(scene, steps=min(scene.steps, MAX_STEPS), presentation=DEFAULT_PRESENTATION)
    return make_cached_thumbnail(shown if has_paths else replace(shown, runs=()))


@lru_cache(maxsize=256)
def make_cached_thumbnail(scene: Scene) -> dict[str, Any]:
    surface = build_surface(scene.surface)
    heights, _, _ = sample_heights(surface, surface.box, THUMBNAIL_GRID_SIZE)
    paths = [(run.slot, simulate_path(scene, run)) for run in scene.runs if run.is_on]
    return {
        "size": THUMBNAIL_GRID_SIZE,
        "shades": base64.b64encode(shade(heights).tobytes()).decode(),
        "start": to_units(np.array(scene.start)[:, None], surface.box)[0],
        "paths": [{"slot": slot, "points": to_units(thin(path), surface.box)} for slot, path in paths],
    }


def shade(heights: Array) -> Array:
    """Heights as whole numbers from 0, the lowest, to `SHADES` - 1; `SHADES` where there is none."""
    finite = np.isfinite(heights)
    low, high = (heights[finite].min(), heights[finite].max()) if finite.any() else (0.0, 1.0)
    with np.errstate(all="ignore"):
        parts = np.nan_to_num((heights - low) / (high - low if high > low else 1.0))
    shades: Array = np.where(finite, np.clip(parts * (SHADES - 1), 0, SHADES - 1), SHADES).astype(np.uint8)
    return shades


def thin(path: Array) -> Array:
    """At most `MAX_PATH_POINTS` of a path's points, the first and the last among them."""
    count = path.shape[1]
    return path[:, np.unique(np.linspace(0, count - 1, min(count, MAX_PATH_POINTS)).round().astype(int))]


def to_units(path: Array, box: Any) -> list[list[int]]:
    """A path up to its first point that is not finite; what is far outside of the picture is drawn nearer."""
    (left, right), (bottom, top) = box
    with np.errstate(all="ignore"):
        points = np.array([(path[0] - left) / (right - left), (path[1] - bottom) / (top - bottom)]) * UNITS
    is_finite = np.isfinite(points).all(axis=0)
    end = len(is_finite) if is_finite.all() else int(np.argmin(is_finite))
    near = np.clip(points[:, :end], -FAR_UNITS, FAR_UNITS)
    return [[round(float(x)), round(float(y))] for x, y in near.T]
