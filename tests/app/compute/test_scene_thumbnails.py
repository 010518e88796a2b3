"""Thumbnails of scenes: small, finite, bounded in work, and of what the scene shows."""

import base64
import json

import pytest

from app.compute import scene_thumbnails
from app.compute.scene_thumbnails import FAR_UNITS, SHADES, THUMBNAIL_GRID_SIZE, UNITS, make_thumbnail
from app.model.presets import PRESETS
from app.scene_text.reader import read_scene


@pytest.mark.parametrize("name", PRESETS)
def test_a_thumbnail_shows_the_landscape_and_a_path_for_each_run(name: str) -> None:
    scene = PRESETS[name]
    thumbnail = make_thumbnail(scene)
    shades = base64.b64decode(thumbnail["shades"])
    assert len(shades) == THUMBNAIL_GRID_SIZE**2 and min(shades) == 0 and max(shades) >= SHADES - 1
    assert [path["slot"] for path in thumbnail["paths"]] == [run.slot for run in scene.runs if run.is_on]
    assert all(path["points"][0] == thumbnail["start"] for path in thumbnail["paths"])
    assert 0 <= thumbnail["start"][0] <= UNITS
    assert len(json.dumps(thumbnail)) < 12_000


def test_what_happens_is_not_shown_where_it_is_secret() -> None:
    assert make_thumbnail(PRESETS["Newton or L-BFGS"], has_paths=False)["paths"] == []


@pytest.mark.parametrize(
    "query",
    ["surface=rosenbrock()&start=-1.2,1&run=sgd(lr=1)", 'surface=formula("1/x")&start=0,0&run=sgd()', "surface=bowl()"],
)
def test_a_lost_run_or_a_hole_gives_finite_numbers(query: str) -> None:
    thumbnail = make_thumbnail(read_scene(f"?{query}").scene)
    points = [point for path in thumbnail["paths"] for point in path["points"]]
    assert all(abs(value) <= FAR_UNITS for point in points for value in point)
    json.dumps(thumbnail, allow_nan=False)


def test_long_runs_are_cut_and_equal_scenes_share_a_thumbnail(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    simulate = scene_thumbnails.simulate_path
    monkeypatch.setattr(
        scene_thumbnails, "simulate_path", lambda scene, run: steps.append(scene.steps) or simulate(scene, run)
    )
    scene = read_scene("?surface=himmelblau()&start=1.25,1&steps=2000&run=adam(lr=0.0123)").scene
    assert make_thumbnail(scene) is make_thumbnail(scene.with_presentation(is_lecture=True))
    assert steps == [scene_thumbnails.MAX_STEPS]
