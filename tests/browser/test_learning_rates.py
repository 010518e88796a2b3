"""The sweep over learning rates in a real browser: read out, clicked, moved by keys, zoomed; readable; on a phone."""

import pytest
from playwright.sync_api import Page, expect

from app.maps.learning_rates.job import make_rate_grid
from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS, asked
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
SWEEP = "maps?map=rates()&surface=bowl()&steps=60&run=sgd(lr=0.01)&run=momentum(lr=0.05)&run=bfgs()"
READOUT = ".descent-map-readout"
# The samples of the legend that show nothing: without a size, or neither filled nor patterned
EMPTY_SAMPLES = """[...document.querySelectorAll('.descent-map-legend i:not(.descent-map-sign)')].filter((sample) => {
  const { width, height, backgroundColor, backgroundImage } = getComputedStyle(sample);
  const isClear = backgroundColor === 'rgba(0, 0, 0, 0)' && backgroundImage === 'none';
  return isClear || !parseFloat(width) || !parseFloat(height);
}).length"""


def done(page: Page) -> None:
    expect(page.locator(".descent-map[data-state=done] .descent-map-plot .nsewdrag")).to_have_count(3)


def above(page: Page, lr: float, up: float) -> tuple[float, float]:
    """The pixel over a rate, `up` in parts of the chart of losses; the window is all rates, seven decades."""
    box = page.locator(".descent-map-plot .nsewdrag").first.bounding_box()
    assert box
    share = page.evaluate(f"(Math.log10({lr}) + 6) / 7")
    return box["x"] + share * box["width"], box["y"] + (1 - up) * box["height"]


def test_a_rate_is_read_out_and_a_click_races_the_nearest_run_at_it(visit: Visit) -> None:
    page = visit(path=SWEEP, ready="", bypass_csp=True)
    done(page)
    assert page.locator(".descent-map-legend li > i").count() >= 2 + 7  # runs, zones, lines and signs
    assert page.evaluate(EMPTY_SAMPLES) == 0
    page.mouse.move(*above(page, 1.0, 0.9))
    readout = page.locator(READOUT)
    until(page, f"document.querySelector('{READOUT}').innerText.split('\\n').length === 3")  # the rate and both runs
    expect(page.locator(".descent-map-cursor")).to_have_css("border-left-style", "dashed")
    expect(readout).to_contain_text("SGD: final loss")
    expect(readout).to_contain_text("Momentum · μ 0.9: final loss")
    expect(readout).to_contain_text("diverged")
    page.mouse.move(*above(page, 0.1, 0.02))  # below both curves: that of gradient descent is the lower one here
    expect(readout).to_contain_text("▸ SGD")
    expect(readout).to_contain_text("stable")
    expect(page.locator(".descent-map-legend")).to_contain_text("best lr here 0.1")
    nothing_is_found(page, ".descent-map")
    page.mouse.click(*above(page, 0.1, 0.02))
    expect(readout).to_contain_text("Click it again")
    page.mouse.click(*above(page, 0.1, 0.02))
    until(page, "d.paintCount > 0")
    until(page, "location.search.includes('sgd') && !/lr(=|%3D)0.01\\D/.test(location.search)")
    assert asked(page)["run"][1:] == ["momentum(lr=0.05)", "bfgs()"]
    rate = float(asked(page)["run"][0].removeprefix("sgd(lr=").removesuffix(")"))
    assert rate in make_rate_grid((1e-6, 10.0))
    assert abs(rate - 0.1) < 0.01
    page.go_back()
    done(page)


def test_keys_move_over_the_rates_and_a_zoom_computes_others(visit: Visit) -> None:
    page = visit(path=SWEEP, ready="")
    done(page)
    page.get_by_role("button", name="Zoom in").click()
    until(page, "location.search.includes('low')")
    done(page)
    assert asked(page)["map"] == ["rates(low=5.62e-05,high=0.178)"]
    page.get_by_role("button", name="Reset the view").click()
    until(page, "!location.search.includes('low')")
    done(page)
    page.get_by_role("application").focus()
    for key in ("ArrowRight", "ArrowDown", *["Shift+ArrowRight"] * 4):
        page.keyboard.press(key)
    expect(page.locator(READOUT)).to_contain_text("▸ Momentum")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".descent-map-plot")).to_be_visible()
    assert not page.evaluate(SIDEWAYS)
    page.get_by_role("application").focus()
    page.keyboard.press("Enter")
    until(page, "d.paintCount > 0")
    until(page, "location.search.includes('sgd') && !location.search.includes('0.05')")
    assert asked(page)["run"][0] == "sgd(lr=0.01)"
    assert float(asked(page)["run"][1].removeprefix("momentum(lr=").removesuffix(")")) in make_rate_grid((1e-6, 10.0))
