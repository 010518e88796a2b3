"""What the picture of a hunt is sent."""

import pytest

from app.bug_hunt import hunt_component


@pytest.mark.parametrize(
    "error, height", [(None, 0), (0.0, 0), (1e-13, 0), (1e-6, 0.5), (1.0, 1), (2.0, 1), (float("inf"), 1)]
)
def test_a_bar_is_as_high_as_the_errors_logarithm(error: float | None, height: float) -> None:
    assert hunt_component.scale_error(error) == pytest.approx(height)
