"""Figures: colours that are visible and distinguishable, and a stage that plotly.js can draw for every surface."""

import json
from itertools import combinations, product

import numpy as np
import pytest

from app.figures.landscape_figure import CONTOUR_COUNT, encode_float32, make_landscape
from app.figures.palette import HUES, THEMES, choose_run_style
from surfaces.base import Box, Surface
from surfaces.catalogue import SURFACES

# Machado, Oliveira and Fernandes 2009, severity 1.0; the rows give R, G and B in linear light.
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


@pytest.mark.parametrize("theme", THEMES)
def test_runs_reach_three_to_one_on_every_colour_of_the_landscape(theme: str) -> None:
    colours = THEMES[theme]
    grounds = [*colours["landscape"], colours["ground"], colours["card"]]
    assert min(contrast(run, ground) for run, ground in product(colours["runs"], grounds)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_text_reaches_seven_to_one(theme: str) -> None:
    colours = THEMES[theme]
    pairs = product((colours["ink"], colours["muted"]), (colours["ground"], colours["panel"], colours["card"]))
    assert min(contrast(*pair) for pair in pairs) >= 7


def contrast(colour: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours #rrggbb, 1 to 21."""
    low, high = sorted((luminance(colour), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2 defines it."""
    red, green, blue = (linearize(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linearize(channel: float) -> float:
    """The linear intensity of an sRGB channel, both from 0 to 1."""
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)  # the usual example that fails 4.5


def test_sixteen_runs_differ_and_those_of_one_hue_share_neither_dash_nor_marker() -> None:
    styles = [choose_run_style(i) for i in range(16)]
    assert len(set(styles)) == 16
    for style, other in combinations(styles, 2):
        if style[0] == other[0]:
            assert style[1] != other[1] and style[2] != other[2]


@pytest.mark.parametrize(("theme", "blindness"), list(product(THEMES, BLINDNESS)))
def test_hues_can_be_told_apart_or_differ_in_dash_and_marker(theme: str, blindness: str) -> None:
    """All pairs of hues but one at most are 10 apart in CIE Lab to such eyes; that pair differs in dash and marker."""
    labs = [lab(colour, np.array(BLINDNESS[blindness])) for colour in THEMES[theme]["runs"]]
    close = [(i, j) for i, j in combinations(range(HUES), 2) if np.linalg.norm(labs[i] - labs[j]) < 10]
    assert len(close) <= 1
    for i, j in close:
        assert choose_run_style(i)[1] != choose_run_style(j)[1] and choose_run_style(i)[2] != choose_run_style(j)[2]


def lab(colour: str, eyes: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of #rrggbb as those eyes see it."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    light = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    light = np.clip(eyes @ light, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ light / np.array([0.95047, 1.0, 1.08883]))  # no colour here is in the linear part
    return np.array((116 * y - 16, 500 * (x - y), 200 * (y - z)))


@pytest.mark.parametrize("word", SURFACES)
def test_every_surface_has_a_stage_with_many_contours(word: str) -> None:
    surface = SURFACES[word]()
    stage = make_landscape(surface, grid_size=61)
    json.dumps(stage, allow_nan=False, default=encode_float32)
    (contour,) = stage["figure"]["data"]
    z = contour["z"]
    assert np.isfinite(z).all()
    assert z.shape == (61, 61)
    lines = np.arange(contour["contours"]["start"], contour["contours"]["end"], contour["contours"]["size"])
    assert len(lines) == pytest.approx(CONTOUR_COUNT, abs=1)
    bands = np.histogram(z, bins=CONTOUR_COUNT, range=(contour["zmin"], contour["zmax"]))[0]
    assert (bands > 0).sum() >= 3, "several colours are visible"
    np.testing.assert_allclose(stage["minima"], np.reshape(surface.minima, (-1, 2)) if surface.minima else [])


def test_rows_of_the_grid_are_y_and_columns_x() -> None:
    surface = Surface(lambda p: p[0] + 0 * p[1], None, None, Box((0, 1), (0, 10)), (0, 0), ())  # type: ignore[arg-type]
    (contour,) = make_landscape(surface, grid_size=11)["figure"]["data"]
    z = contour["z"]
    np.testing.assert_allclose(z, np.tile(np.linspace(0, 1, 11), (11, 1)), atol=1e-7)  # float32
    assert (contour["dx"], contour["dy"]) == (pytest.approx(0.1), pytest.approx(1.0))


def test_a_surface_without_finite_values_has_an_empty_stage() -> None:
    surface = Surface(lambda p: p[0] * np.nan, None, None, Box((0, 1), (0, 1)), (0, 0), ())  # type: ignore[arg-type]
    stage = make_landscape(surface, grid_size=11)
    json.dumps(stage, allow_nan=False, default=encode_float32)


def test_a_hole_in_the_surface_is_a_hole_in_the_picture() -> None:
    def value(p: np.ndarray) -> np.ndarray:
        return np.log(p[0]) + p[1]

    surface = Surface(value, None, None, Box((-1, 1), (0, 1)), (1, 1), ())  # type: ignore[arg-type]
    z = make_landscape(surface, grid_size=21)["figure"]["data"][0]["z"]
    assert np.isnan(z[:, :10]).all() and np.isfinite(z[:, 11:]).all()
