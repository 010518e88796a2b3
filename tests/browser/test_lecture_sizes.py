"""A lecture fits every screen, and can be read from the back row."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings, nothing_is_found
from tests.browser.lecture_links import link
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser


def test_a_lecture_fits_every_screen_and_axe_finds_nothing(visit: Visit) -> None:
    page = visit(1280, 720, link(2), bypass_csp=True)
    expect(page.locator(".descent-asked")).to_be_visible()
    nothing_is_found(page, ".descent")
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Show what happens")).to_be_hidden()
    page.keyboard.press("End")
    assert findings(page) == []
    for width, height in ((1920, 1080), (1280, 720), (1024, 768), (390, 844), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        eventually(page, partial(fits, page, width, height))
        if width >= 1024:
            eventually(page, partial(verdicts_are_whole, page))


VERDICTS = """() => {
  const host = document.querySelector(".descent-verdicts").getBoundingClientRect();
  return [...document.querySelectorAll(".descent-table tbody :is(.descent-verdict, .descent-detail)")].map((cell) => {
    const box = cell.getBoundingClientRect();
    const style = getComputedStyle(cell);
    const whole = cell.scrollWidth <= cell.clientWidth + 1 || style.display === "inline";
    return {
      seen: box.height > 0 && box.bottom <= host.bottom + 1 && whole && style.textOverflow !== "ellipsis",
      size: parseFloat(style.fontSize),
    };
  });
}"""


def verdicts_are_whole(page: Page) -> None:
    """Each verdict and each run's settings are shown to the last word, in type that the back row can read."""
    found = page.evaluate(VERDICTS)
    assert len(found) == 6 and all(cell["seen"] for cell in found), found
    assert min(cell["size"] for cell in found) >= 16, found


def test_large_type_draws_lines_heads_and_curves_larger(visit: Visit) -> None:
    """The width of the inked line of a path across it, and of its curve, grow as the type does."""
    page = visit(1440, 900, "?surface=bowl()&start=-1.5,0&steps=30&run=sgd(lr=0.05)&view=contour(step=30)")
    before = {name: ink(page, name) for name in (".descent-landscape", ".descent-chart")}
    page.locator(".descent").focus()
    page.keyboard.press("p")
    eventually(page, partial(has_more_ink, page, before))


INK = """(selector) => {
  const canvas = document.querySelector(`${selector} .descent-layer-trail`);
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const inked = [];
  for (let x = 0; x < width; x++) {
    let run = 0;
    for (let y = 0; y < height; y++) if (data[4 * (y * width + x) + 3] > 128) run += 1;
    if (run) inked.push(run);
  }
  return inked.sort((a, b) => a - b)[inked.length >> 1] ?? 0;
}"""


def ink(page: Page, name: str) -> float:
    """The median of inked pixels in a column that has any: about the line's width."""
    thin: float = page.evaluate(INK, name)
    return thin


def has_more_ink(page: Page, before: dict[str, float]) -> None:
    head = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.descent-swatch')).width)")
    assert head == pytest.approx(57.6, abs=1)
    for name, thin in before.items():
        assert ink(page, name) >= 1.3 * thin > 0, name


def fits(page: Page, width: int, height: int) -> None:
    for part in (".descent", ".descent-landscape", ".descent-transport", ".descent-verdicts"):
        box = page.locator(part).first.bounding_box()
        assert box and box["x"] >= 0 and box["y"] >= 0, (width, part)
        assert box["x"] + box["width"] <= width + 1 and box["y"] + box["height"] <= height + 1, (width, part)
    land = page.locator(".descent-landscape").bounding_box()
    assert land and land["height"] > 0.2 * height, width
