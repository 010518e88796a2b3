"""The job that checks every entry of a gradient."""

import numpy as np

from app.check_scenes.check_scene import CheckScene, ModelTarget
from app.check_scenes.checked_problem import get_problem
from app.gradient_check.full_check_job import get_full_check_job, make_full_request
from tests.support.finished_jobs import wait_for_job
from tests.support.numeric_gradients import numeric_gradient


def test_a_full_check_has_every_entry_in_order() -> None:
    scene = CheckScene(ModelTarget(data="digits", samples=2, width=4))
    check = wait_for_job(get_full_check_job(make_full_request(scene))).result
    problem = get_problem(scene)
    np.testing.assert_array_equal(check.entries, np.arange(problem.size))
    expected = numeric_gradient(problem.function.value, problem.find_point(), check.entries, scene.method, scene.h)
    np.testing.assert_allclose(check.numeric, expected, rtol=1e-12, atol=1e-14)  # the same operations, in chunks
