"""Arrows at the heads, Newton's model and the trust region, and what is shown where a visitor points."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import fetch_columns, live
from tests.browser.visits import Visit
from tests.browser.waiting import eventually, until

pytestmark = pytest.mark.browser
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


def arrows(page: Page, *names: str) -> None:
    page.locator(".descent-menu summary").click()
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    page.locator(".descent-menu summary").click()


def coloured(page: Page, layer: str, x: float, y: float, radius: int = 3) -> bool:
    """Whether anything is drawn near a place of the page on a canvas of the landscape."""
    return page.evaluate(
        """([layer, x, y, r]) => {
          const canvas = document.querySelector(`.descent-view:not(.descent-hidden) .descent-layer-${layer}`);
          const box = canvas.getBoundingClientRect();
          const ratio = canvas.width / box.width;
          const [left, top] = [x - box.left - r, y - box.top - r].map((value) => Math.round(ratio * value));
          const data = canvas.getContext("2d").getImageData(left, top, 2 * r * ratio, 2 * r * ratio).data;
          return data.some((value, i) => i % 4 === 3 && value > 100);
        }""",
        [layer, x, y, radius],
    )


def test_arrows_are_asked_for_and_the_update_points_to_the_next_iterate(visit: Visit) -> None:
    page = visit()
    page.locator(".descent").focus()
    page.keyboard.press("2")  # Nesterov's head would be in the way
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_have_count(0)
    xs, ys = live(page, "column(0, 'x')"), live(page, "column(0, 'y')")
    k = max(range(20), key=lambda i: abs(ys[i + 1] - ys[i]))
    live(page, f"seek({k})")
    assert live(page, "column(0, 'slope_x')") is None  # not sent before it is wanted
    arrows(page, "The next update", "Downhill, −∇f")
    (slope,) = fetch_columns(page, 0, "slope_x")
    assert slope[0] == pytest.approx(-9, rel=1e-6)  # the ravine's slope in x is x
    expect(page.locator(".descent-scale")).to_have_text(
        re.compile(r"^velocity and update × 1 · length of −∇f on a log scale$")
    )
    # to scale: a point between this iterate and the next is on the arrow, where no path is drawn yet
    px, py = live(page, f"pixelOf({(xs[k] + xs[k + 1]) / 2}, {(ys[k] + ys[k + 1]) / 2})")
    eventually(page, lambda: coloured(page, "heads", px, py))
    arrows_off = page.locator(".descent-menu summary")
    arrows_off.click()
    for name in ("The next update", "Downhill, −∇f"):
        page.get_by_role("checkbox", name=name).uncheck()
    eventually(page, lambda: not coloured(page, "heads", px, py))
    expect(page.locator(".descent-scale")).to_be_empty()


def test_newtons_model_and_the_trust_region_are_drawn_where_they_are(visit: Visit) -> None:
    page = visit()
    page.locator(".st-key-card0").get_by_role("combobox").fill("Trust region")
    page.get_by_role("option", name="Trust region", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Trust region"))).to_be_visible()
    arrows(page, "Trust region")
    (radius,) = fetch_columns(page, 0, "radius")
    live(page, "seek(4)")
    x, y = live(page, "point(0, 4)")
    eventually(page, lambda: coloured(page, "heads", *live(page, f"pixelOf({x - radius[4]}, {y})"), radius=4))


@pytest.mark.parametrize("chart", [0, 1])
def test_one_cursor_shows_every_runs_numbers_and_a_click_jumps_there(page: Page, chart: int) -> None:
    live(page, "seek(10)")
    box = page.locator(".descent-chart").nth(chart).bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    tip = page.locator(".descent-tip")
    expect(tip).to_be_visible()
    step = int(re.search(r"step (\d+)", tip.inner_text())[1])
    assert 60 < step < 100
    loss = live(page, "column(0, 'loss')")[step]
    row = tip.get_by_role("row", name=re.compile("Momentum"), include_hidden=True)
    assert float(row.locator("td").nth(1).inner_text().replace("·10", "e").translate(RAISED)) == pytest.approx(
        loss, rel=0.01
    )
    px, py = live(page, f"pixelOf(...window.__descent.point(1, {step}))")
    eventually(page, lambda: coloured(page, "heads", px, py, radius=7))  # a ring on the landscape
    page.mouse.down()
    page.mouse.up()
    until(page, f"Math.abs(d.step - {step}) <= 1")
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_pointing_at_a_path_shows_the_step_there(page: Page) -> None:
    live(page, "seek(100)")
    px, py = live(page, "pixelOf(...window.__descent.point(0, 5))")
    page.mouse.move(px, py)
    expect(page.locator(".descent-tip")).to_contain_text("step 5")
