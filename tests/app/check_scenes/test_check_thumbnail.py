"""The small picture of a gradient check: its points are the errors of the gradient that difference quotients have."""

from dataclasses import replace

import numpy as np
import pytest

from app.check_scenes.check_scene import STEP_SIZES, CheckScene, ModelTarget, Precision
from app.check_scenes.check_thumbnail import POWERS_OF_TEN, is_curve_known, make_check_thumbnail
from app.check_scenes.checked_problem import get_problem
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.compute.scene_thumbnails import UNITS
from surfaces.gradient_check.difference_quotients import Method
from tests.support.finished_jobs import wait_for_job
from tests.support.numeric_gradients import numeric_gradient

SMALL = CheckScene(ModelTarget(data="xor", samples=8, width=4))
UNIT = 17 / UNITS  # decades of the error


def find_scan(scene: CheckScene):
    return wait_for_job(get_scan_job(make_scan_request(scene))).result


def test_the_step_sizes_are_the_seventeen_powers_of_ten() -> None:
    assert [STEP_SIZES[i] for i in POWERS_OF_TEN] == [float(f"1e{k}") for k in range(-16, 1)]


@pytest.mark.parametrize(
    "scene", [SMALL, replace(SMALL, method=Method.FORWARD), replace(SMALL, precision=Precision.SINGLE)], ids=str
)
def test_the_points_are_the_errors_of_the_difference_quotients(scene: CheckScene) -> None:
    picture = make_check_thumbnail(scene, find_scan(scene))
    problem = get_problem(scene)
    x, entries = problem.find_point().astype(scene.precision.dtype), np.arange(problem.size)
    exact = problem.function.analytic_gradient(x)
    assert [point[0] for point in picture["errors"]] == [round(UNITS * k / 16) for k in range(17)]
    for i, (_, height) in zip(POWERS_OF_TEN, picture["errors"], strict=True):
        numeric = numeric_gradient(problem.function.value, x, entries, scene.method, STEP_SIZES[i])
        error = np.linalg.norm(exact - numeric) / max(np.linalg.norm(exact), np.linalg.norm(numeric))
        if scene.precision is Precision.DOUBLE:  # half a unit by rounding, the rest for sums in another order
            assert height == pytest.approx((np.log10(error) + 16) / UNIT, abs=1 + 0.1 / UNIT)
        else:  # forward and centred differences come out of the same values there
            assert height == pytest.approx((np.log10(error) + 16) / UNIT, abs=1 + 0.3 / UNIT)


def test_h_is_at_its_power_of_ten_and_nothing_is_told_before_it_is_known() -> None:
    picture = make_check_thumbnail(replace(SMALL, h=1e-4), None)
    assert (picture["errors"], picture["h"], picture["method"], picture["single"]) == ([], 750, "centred", False)
    assert not is_curve_known(SMALL, None)
    scan = find_scan(SMALL)
    assert is_curve_known(SMALL, scan)
    rows = scan.rows[SMALL.method, SMALL.precision]
    part = scan._replace(rows={**scan.rows, (SMALL.method, SMALL.precision): {i: rows[i] for i in (160, 150)}})
    assert not is_curve_known(SMALL, part)
    assert [x for x, _ in make_check_thumbnail(SMALL, part)["errors"]] == [938, 1000], "from the left to the right"


def test_an_error_beyond_the_picture_is_at_its_edge_and_one_that_is_no_number_a_gap() -> None:
    scan = find_scan(SMALL)
    key = SMALL.method, SMALL.precision
    row = scan.rows[key][160]
    right = row._replace(check=row.check._replace(numeric=row.check.analytic))
    lost = row._replace(check=row.check._replace(numeric=row.check.analytic * np.nan))
    scan = scan._replace(rows={**scan.rows, key: {0: right, 10: lost}})
    assert make_check_thumbnail(SMALL, scan)["errors"] == [[0, 0], None]
