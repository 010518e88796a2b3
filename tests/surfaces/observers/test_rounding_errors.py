"""Other rounding errors are as small as rounding, to both sides, and belong to a point and a seed."""

import numpy as np

from surfaces.catalogue import SURFACES
from surfaces.observers.rounding_errors import RELATIVE_ERROR, PerturbedProblem

POINTS = np.random.default_rng(0).uniform(-2, 2, (2, 4000))


def test_errors_are_uniform_between_plus_and_minus_the_largest() -> None:
    moved, off = PerturbedProblem(SURFACES["beale"](), seed=1).at(2).draw_errors(POINTS)
    for errors in off / RELATIVE_ERROR:
        assert np.abs(errors).max() <= 1
        assert abs(errors.mean()) < 0.05  # four standard errors: 4 / sqrt(3 * 4000)
        assert abs(errors.std() - 3**-0.5) < 0.03
    assert np.abs(moved / POINTS - 1).max() <= RELATIVE_ERROR + 2 * np.finfo(np.float64).eps
    assert (moved > POINTS).any() and (moved < POINTS).any()


def test_the_start_does_not_move() -> None:
    moved, _ = PerturbedProblem(SURFACES["beale"](), seed=1).at(1).draw_errors(POINTS)
    np.testing.assert_array_equal(moved, POINTS)
