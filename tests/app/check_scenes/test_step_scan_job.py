"""The scan over the step sizes: powers of ten first, nothing twice, nothing changed afterwards."""

from itertools import islice

import numpy as np
import pytest

from app.check_scenes.check_scene import DEFAULT_SCENE, STEP_SIZES, CheckScene, ModelTarget, Precision
from app.check_scenes.checked_problem import get_problem
from app.check_scenes.step_scan_job import (
    EFFORTS,
    StepScan,
    choose_effort,
    compute_scan,
    get_scan_job,
    list_levels,
    make_scan_request,
)
from surfaces.gradient_check.difference_quotients import Method
from tests.support.finished_jobs import wait_for_job
from tests.support.numeric_gradients import numeric_gradient

SMALL = CheckScene(ModelTarget(data="xor", samples=8, width=4))


@pytest.mark.parametrize("effort", EFFORTS, ids=str)
def test_levels_have_every_step_size_once_the_powers_of_ten_first_and_largest_first(effort: tuple) -> None:
    levels = list_levels(effort[-1])
    indices = [i for level in levels for i in level.indices]
    assert len(indices) == len(set(indices))
    assert [STEP_SIZES[i] for i in levels[0].indices] == [float(f"1e-{k}") for k in range(17)]
    assert (len(indices) == len(STEP_SIZES)) == (effort[-1][-1] == 1)


def test_a_scan_has_all_methods_in_both_precisions() -> None:
    scan = wait_for_job(get_scan_job(make_scan_request(SMALL))).result
    problem = get_problem(SMALL)
    x = problem.find_point()
    assert len(scan.rows[Method.CENTRED, Precision.DOUBLE]) == len(STEP_SIZES)
    for (method, precision), rows in scan.rows.items():
        i = STEP_SIZES.index(1e-3)
        expected = numeric_gradient(problem.function.value, x.astype(precision.dtype), scan.entries, method, 1e-3)
        # Forward differences come out of the same values; what remains is the last rounding.
        np.testing.assert_allclose(
            rows[i].check.numeric, expected, rtol=1e-6 if precision is Precision.SINGLE else 1e-12
        )
    assert scan.taylor.is_right and len(scan.opinions) == len(rows[i].opinions)


def count_rows(scan: StepScan) -> list[int]:
    return [len(rows) for rows in scan.rows.values()]


def test_results_are_not_changed_after_they_were_published() -> None:
    published = [
        (p.result, count_rows(p.result)) for p in islice(compute_scan(make_scan_request(SMALL)), 60) if p.result
    ]
    assert all(count_rows(scan) == sizes for scan, sizes in published)
    assert sum(published[0][1]) <= 3  # the first report has the methods of one step size


def test_identical_requests_share_a_job_whatever_h_and_method() -> None:
    other = SMALL.with_choice("h", 1e-3).with_choice("method", "forward")
    assert get_scan_job(make_scan_request(SMALL)) is get_scan_job(make_scan_request(other))


def test_more_work_means_fewer_step_sizes() -> None:
    sizes = [choose_effort(get_problem(DEFAULT_SCENE.with_model(samples=n))).entries for n in (20, 200, 2000)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1]
