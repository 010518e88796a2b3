"""The map of two hyperparameters in a real browser: pointed at, walked by keys, clicked; on a phone; readable."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS, asked, done
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
BOWL = "maps?map=pairs(show=rate)&surface=bowl()&steps=200&run=momentum(lr=0.01)"
PATH = "[...document.querySelector('.descent-map-inset').data].at(-2).x.length"


def cell(page: Page, column: int, row: int) -> tuple[float, float]:
    """The pixel of the middle of a cell of 64 x 64."""
    box = page.locator(".descent-map-cells .plotbg rect, .descent-map-cells .bglayer rect").first.bounding_box()
    assert box
    return box["x"] + (column + 0.5) * box["width"] / 64, box["y"] + (63.5 - row) * box["height"] / 64


def test_a_cell_is_pointed_at_and_its_rate_beside_theory(visit: Visit) -> None:
    page = visit(path=BOWL, ready="", bypass_csp=True)
    done(page)
    legend, readout = page.locator(".descent-map-legend"), page.locator(".descent-map-readout")
    expect(legend).to_contain_text("best: lr ")
    expect(legend).to_contain_text("spectral radius 0.8, 0.9, 0.99 by theory")
    page.mouse.move(*cell(page, 44, 20))
    expect(readout).to_contain_text(re.compile(r"lr \S+, μ \S+: ends at a minimum · final loss"))
    measured, theory = map(float, re.findall(r"([\d.]+) (?:measured|by theory)", readout.inner_text()))
    assert abs(measured - theory) < 0.01
    until(page, f"{PATH} === 201")  # the path of that run, beside the map
    nothing_is_found(page, ".descent-map")
    page.get_by_role("combobox", name="Shown").click()
    page.get_by_role("option", name="Final loss").click()
    expect(legend).to_contain_text(
        "Final loss above the lowest known: ≤ "
    )  # the scale leaves out a few cells at its ends
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".descent-map-inset")).to_be_visible()
    assert not page.evaluate(SIDEWAYS)


def test_the_keyboard_finds_a_cell_and_races_with_its_values(visit: Visit) -> None:
    page = visit(path=BOWL, ready="")
    done(page)
    page.get_by_role("application").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    readout = page.locator(".descent-map-readout")
    expect(readout).to_contain_text("lr ")
    lr, mu = re.findall(r"(?:lr|μ) ([\d.]+)", readout.inner_text())[:2]
    page.keyboard.press("Enter")
    until(page, "d.paintCount > 0")
    until(page, "location.search.includes('mu')")
    assert asked(page)["run"] == [f"momentum(lr={lr},mu={mu})"]
