"""A schedule draws its curve where it is chosen and where its values are set."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.model.scene import schedule_call
from app.panels.schedule_curve import MAX_CURVE_POINTS, evaluate_schedule
from optimizers.catalogue import SCHEDULES
from tests.support.app_pages import open_popover, visit


def find_curves(page: AppTest) -> list[str]:
    return [html.proto.body for html in page.get("html") if "scatter schedule" in html.proto.body]


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_curve_has_the_schedules_values(name: str) -> None:
    values = evaluate_schedule(schedule_call(name), 100)
    function = SCHEDULES[name](**dict(schedule_call(name).arguments))
    assert np.array_equal(values, [function(t) for t in range(1, 101)])
    long = evaluate_schedule(schedule_call(name), 2000)
    assert len(long) == MAX_CURVE_POINTS
    assert (long[0], long[-1]) == (function(1), function(2000))


def test_the_curve_follows_the_sliders_and_stands_beside_the_choice() -> None:
    page = visit(("run", "sgd(lr=cosine(peak=0.1,steps=50))"), ("steps", "80"))
    (first,) = find_curves(page)
    assert "lr over 80 steps: 0.1 in the first, 0 in the last, at most 0.1" in first
    page.select_slider("0.lr.peak").set_value(0.2).run()
    (second,) = find_curves(page)
    assert "0.2 in the first" in second
    assert len(find_curves(open_popover(page, "0.more"))) == 2


def test_without_a_schedule_there_is_no_curve(page: AppTest) -> None:
    assert not find_curves(page)
    assert page.select_slider("0.lr").label.startswith("lr (α)\n")
    assert page.select_slider("0.mu").label.startswith("μ\n")
