"""The type of a point, from the function on a ring around it."""

import numpy as np

from optimizers.analysis.point_types import compare_with_ring
from surfaces.formula.formula_surface import formula

POINT, RADII = np.zeros((2, 1)), np.array((0.1, 0.1))


def test_a_slope_is_higher_to_one_side_and_lower_to_the_other() -> None:
    higher, lower = compare_with_ring(formula("x + 5"), POINT, RADII)
    assert higher.sum() == lower.sum() == 3
    assert not (higher & lower).any()


def test_what_differs_by_less_than_asked_is_neither_higher_nor_lower() -> None:
    higher, lower = compare_with_ring(formula("x + 5"), POINT, RADII, least=0.2)
    assert not higher.any() and not lower.any()
