"""The flow in a real browser: its start is clicked, nudged and dragged, its steps pointed at; on a phone; readable."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, until

pytestmark = pytest.mark.browser
PLACE = "maps?map=flow()&surface=ravine()&start=-9,2.5&steps=40"
DONE = ".descent-map[data-kind=flow][data-state=done]"


def inside(page: Page, x: float, y: float) -> tuple[float, float]:
    """The pixel of a point of the ravine, whose view is from (-10, -4) to (4, 4)."""
    box = page.locator(".descent-map-ground .nsewdrag").bounding_box()
    assert box
    return box["x"] + (x + 10) / 14 * box["width"], box["y"] + (4 - y) / 8 * box["height"]


def start(page: Page) -> list[float]:
    return [float(v) for v in parse_qs(urlsplit(page.url).query)["start"][0].split(",")]


def test_the_start_is_clicked_nudged_and_dragged_and_flow_and_steps_follow(visit: Visit) -> None:
    page = visit(path=PLACE + "&run=sgd(lr=0.03)", ready="")
    expect(page.locator(DONE)).to_be_visible()
    readout = page.locator(".descent-map-readout")
    expect(readout).to_contain_text("it overshoots")
    page.mouse.move(*inside(page, -9 * 0.97, 2.5 * -0.5))  # where the first step ends
    expect(readout).to_contain_text("Step 1, at time 0.0300: 1.81 from its flow.")  # 2.5 (e^-1.5 + 0.5)
    page.mouse.click(*inside(page, -4, -2))
    until(page, "/start=-(4|3[.]9)/.test(location.search)")
    x, y = start(page)
    expect(page.get_by_label("Start x")).to_have_value(f"{x:.5g}")
    page.get_by_role("button", name="Start point").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Start x")).to_have_value(f"{x + 0.14:.5g}")
    page.mouse.move(*inside(page, x + 0.14, y))
    page.mouse.down()
    page.mouse.move(*inside(page, -7, 2), steps=8)
    at_rest(page)
    page.mouse.move(*inside(page, -6, 3))
    page.mouse.up()
    until(page, "/start=-(6|5[.]9)[0-9.]*(,|%2C)(3|2[.]9)/.test(location.search)")
    expect(page.get_by_label("Start x")).to_have_value(re.compile(r"-(6|5\.9)"))
    page.get_by_role("button", name="Race from here").click()
    until(page, "d.paintCount > 0")
    assert urlsplit(page.url).path in ("", "/")
    assert abs(start(page)[0] + 6) < 0.05


def test_a_ball_beside_its_flow_on_a_phone_too(visit: Visit) -> None:
    page = visit(path=PLACE + "&run=adam()&run=momentum(lr=0.01,mu=0.8)", ready="", bypass_csp=True)
    expect(page.locator(DONE)).to_be_visible()
    legend = page.locator(".descent-map-legend")
    expect(legend).to_contain_text("Heavy ball, ẍ + cẋ + ∇f(x) = 0 with c = 2: is at")
    expect(legend).to_contain_text("Adam · lr 0.1: has no flow of its own")
    curves = "[...document.querySelector('.descent-map-courses').data].map((trace) => trace.y.length)"
    until(page, f"{curves}.join() === '400,41,41'")
    nothing_is_found(page, ".descent-map")
    page.get_by_role("slider", name="lr").last.focus()
    page.keyboard.press("ArrowRight")
    expect(legend).not_to_contain_text("with c = 2:")
    expect(page.locator(DONE)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".descent-map-courses")).to_be_visible()
    assert not page.evaluate(SIDEWAYS)
