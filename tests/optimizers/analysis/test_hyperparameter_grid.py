"""Many runs of different hyperparameters: each ends as it does alone; and the grids that they are mapped on."""

import numpy as np
import pytest

from optimizers.analysis.ending_classification import Ending
from optimizers.analysis.grid_refinement import refinement_levels, upsample
from optimizers.analysis.hyperparameter_grid import (
    combine_schedules,
    group_indices,
    measure_convergence_factor,
    run_grid,
)
from optimizers.batch_run_outcomes import NEVER
from optimizers.methods.momentum import momentum, sgd
from optimizers.schedules import cosine, scheduled
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl
from surfaces.functions.multimodal import himmelblau

WIDTHS = (10.0, 10.0)


def test_each_lane_ends_as_its_run_does_alone():
    f, steps, start, goal = himmelblau(), 120, (-0.5, -1.0), 0.05
    lr, mu = np.array([1e-5, 0.003, 0.01, 0.02, 5.0]), np.array([0.0, 0.9, 0.5, 0.8, 0.9])
    found = run_grid(momentum(lr, mu), f, start, steps, WIDTHS, lanes=5, minima=f.minima, goal=goal)
    for i in range(5):
        path = trajectory(momentum(lr[i], mu[i]), f, start, steps)
        with np.errstate(all="ignore"):
            loss = f.value(path.x)
        assert found.final_loss[i] == loss[-1]
        settled = [t for t in range(steps + 1) if (loss[t:] <= goal).all()]
        assert found.settled_step[i] == (settled[0] if settled else NEVER)
        assert (found.ending[i] == Ending.LOST) == (not path.alive[-1])
    assert found.ending[1] == Ending.MINIMUM
    assert found.ending[4] == Ending.LOST
    assert np.isnan(found.convergence_factor).all()


def test_a_run_at_rest_above_the_goal_never_reaches_it():
    f = bowl()
    found = run_grid(sgd(np.array([0.1, 0.1])), f, (0.0, 0.0), 500, WIDTHS, lanes=2, goal=-1.0)
    assert (found.settled_step == NEVER).all()


@pytest.mark.parametrize("factor", [0.2, 0.9, 0.999, 1.0, 1.3])
def test_a_plain_factor_is_measured_exactly(factor):
    """Three digits are lost where the logarithms of 1,000 steps are summed, at most."""
    with np.errstate(all="ignore"):
        lengths = factor ** np.arange(1001.0)[:, None]
    assert measure_convergence_factor(lengths, np.array([1001]), 1e-12)[0] == pytest.approx(factor, rel=1e-10)


def test_a_swing_about_its_envelope_is_measured_by_the_envelope():
    t = np.arange(1001)[:, None]
    lengths = 0.97**t * np.abs(np.cos(0.37 * t + 0.2)) + 1e-300
    assert measure_convergence_factor(lengths, np.array([1001]), 0.0)[0] == pytest.approx(0.97, abs=1e-3)


def test_what_is_left_to_rounding_or_dead_is_not_measured():
    lengths = np.maximum(0.5 ** np.arange(301.0), 1e-16)[:, None]  # stalls at rounding
    assert measure_convergence_factor(lengths, np.array([301]), 1e-12)[0] == pytest.approx(0.5, rel=1e-12)
    with np.errstate(over="ignore"):
        grown = np.minimum(10.0 ** np.arange(401.0), 1e300)[:, None]  # stays at its last finite point
    assert measure_convergence_factor(grown, np.array([300]), 0.0)[0] == pytest.approx(10, rel=1e-9)
    assert measure_convergence_factor(np.array([[1.0], [0.0], [0.0]]), np.array([3]), 0.0)[0] == 0
    assert measure_convergence_factor(np.array([[1.0], [0.25], [0.0]]), np.array([3]), 0.0)[0] == 0.25


def test_schedules_by_lane_are_those_schedules():
    peaks, f = np.array([0.001, 0.02, 0.01]), himmelblau()
    together = combine_schedules([cosine(peak, 50) for peak in peaks], np.array([2, 0, 1, 1]))
    found = trajectory(scheduled(sgd, lr=together), f, np.repeat([[0.5], [1.0]], 4, axis=1), 80)
    for lane, peak in enumerate((0.01, 0.001, 0.02, 0.02)):
        alone = trajectory(scheduled(sgd, lr=cosine(peak, 50)), f, (0.5, 1.0), 80)
        np.testing.assert_array_equal(found.x[..., lane], alone.x)


@pytest.mark.parametrize(("columns", "rows"), [(64, 64), (30, 64), (50, 3), (1, 7)])
def test_every_cell_is_in_one_level_and_shown_by_its_rectangle(columns, rows):
    seen = np.full(columns * rows, -1)
    for apart, cells in refinement_levels(columns, rows, 4):
        assert (seen[cells] == -1).all()
        seen[cells] = cells
        known = upsample(seen, columns, apart).reshape(rows, columns)
        assert known.min() >= 0
        for row, column in ((0, 0), (rows - 1, columns - 1), (rows // 2, columns // 3)):
            assert known[row, column] == row // apart * apart * columns + column // apart * apart
    np.testing.assert_array_equal(seen, np.arange(columns * rows))


def test_what_is_alike_is_grouped():
    found = group_indices([(1.0,), (2.0,), (1.0,)])
    assert {key: places.tolist() for key, places in found.items()} == {(1.0,): [0, 2], (2.0,): [1]}
