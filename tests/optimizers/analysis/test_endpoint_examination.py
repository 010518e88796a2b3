"""The type of the point where a run ended, where the curvatures alone would mislead."""

import numpy as np
import pytest

from optimizers.analysis.ending_criteria import RunStarts, measure_variation
from optimizers.analysis.endpoint_examination import examine_endpoints
from optimizers.analysis.point_types import PointType
from optimizers.batch_run_outcomes import NEVER, RunOutcomes
from surfaces.formula.formula_surface import formula


@pytest.mark.parametrize("formula_of", ["abs(x)**0.5+y**2", "(x**2)**0.25+y**2"])
@pytest.mark.parametrize("y", [0.0086, 1e-12])
def test_a_crease_whose_curvature_goes_to_minus_infinity_is_no_saddle(formula_of, y):
    """Beside x = 0 the root of |x| is bent downwards, and yet it rises to both sides."""
    f, start, end = formula(formula_of), np.array([[4.7], [-2.3]]), np.array([[-1e-60], [y]])
    begun, loss = f.value(start), f.value(end)
    starts, never = RunStarts(f, start, begun, np.array([high - low for low, high in f.box]), ()), np.array([NEVER])
    runs = RunOutcomes(end, loss, loss, never, never, never)
    found = examine_endpoints(starts, runs, np.array([True]), measure_variation(starts))
    assert found.point_type[0] in (PointType.NOT_STATIONARY, PointType.MINIMUM)
