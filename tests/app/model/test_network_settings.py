"""The settings of models: one label for one thing on every page, and numbers in the range and type of their setting."""

import pytest

from app.bug_hunt.hunt_scene import HUNT_RANGES
from app.check_scenes.check_scene import CHECK_RANGES
from app.model.hyperparameter_table import ParameterRange
from app.model.network_settings import WIDTH_RANGE, check_number
from app.training_scenes.training_scene import TRAINING_RANGES
from surfaces.translatable import UserError

TABLES = (CHECK_RANGES, HUNT_RANGES, TRAINING_RANGES)


@pytest.mark.parametrize("name", ["depth", "width", "dropout", "l2"])
def test_a_setting_of_a_model_has_one_label(name: str) -> None:
    assert len({str(ranges[name].label) for ranges in TABLES if name in ranges}) == 1


@pytest.mark.parametrize("limits", [limits for ranges in TABLES for limits in ranges.values()], ids=str)
def test_every_stop_of_a_slider_is_in_its_range_and_they_rise(limits: ParameterRange) -> None:
    assert all(map(limits.contains, limits.stops)) and list(limits.stops) == sorted({*limits.stops})


def test_a_part_of_a_range_has_the_stops_that_lie_in_it() -> None:
    part = WIDTH_RANGE.with_limits(3, 75)
    assert (part.low, part.high, part.stops, part.label) == (3, 75, (4, 8, 16, 30, 50, 75), WIDTH_RANGE.label)


def test_a_number_is_checked_and_has_the_type_of_its_setting() -> None:
    assert repr(check_number("width", 5.0, TRAINING_RANGES, ("width",))) == "5"
    assert repr(check_number("l2", 1, TRAINING_RANGES, ("width",))) == "1.0"
    for wrong in (True, "5", None, float("nan"), 201, 0):
        with pytest.raises(UserError, match="must be a number from 1 to 200"):
            check_number("width", wrong, TRAINING_RANGES, ("width",))
    with pytest.raises(UserError, match="must be a whole number"):
        check_number("width", 2.5, TRAINING_RANGES, ("width",))
