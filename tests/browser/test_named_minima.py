"""Every minimum in sight has its name beside it, or where one points at it or goes to it by keys."""

import pytest
from playwright.sync_api import Page, expect

from surfaces.catalogue import SURFACES
from tests.browser.page_actions import live
from tests.browser.surface_view_helpers import in_space
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser

# texts that are written on canvases from now on
LISTEN = """() => {
  window.__written = new Set();
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    window.__written.add(text);
    return write.call(this, text, ...place);
  };
}"""
RUNS = "&steps=60&run=sgd()&run=adam(lr=0.1)&run=momentum()"


def listen(page: Page) -> None:
    page.add_init_script(f"({LISTEN})()")


@pytest.mark.parametrize("name", ["himmelblau", "six_hump_camel", "rastrigin", "ackley"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_every_minimum_in_sight_is_labelled(visit: Visit, name: str, width: int, height: int) -> None:
    page = visit(width, height, f"?surface={name}(){RUNS}", meddle=listen)
    (left, right), (bottom, top) = live(page, "view")
    minima = [(x, y) for x, y in SURFACES[name]().minima if left < x < right and bottom < y < top]
    assert minima

    def all_named() -> bool:
        written: list[str] = page.evaluate("[...window.__written]")
        return all(any(f"({near(x)}, {near(y)})" in text for text in written) for x, y in minima)

    def near(value: float) -> str:
        places = 2 if max(right - left, top - bottom) >= 10 else 3
        text = f"{value:.{places}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")

    eventually(page, all_named)


@pytest.mark.parametrize("mode", ["Contour", "3-D"])
def test_a_minimum_is_named_where_one_points_and_by_keys(visit: Visit, mode: str) -> None:
    page = visit(1366, 768, f"?surface=himmelblau(){RUNS}")
    if mode == "3-D":
        in_space(page)
    at_rest(page)
    minima = SURFACES["himmelblau"]().minima
    readout = page.locator(".descent-value")
    seen = 0
    for x, y in minima:
        page.mouse.move(700, 20)
        expect(readout).to_be_hidden()
        px, py = page.evaluate(f"window.__descent.pixelOf({x}, {y})")
        page.mouse.move(px + 4, py - 3)
        expect(readout).to_be_visible()
        eventually(page, lambda: "f = " in readout.inner_text())
        seen += readout.inner_text().startswith("minimum (")
    assert seen == len(minima) or (mode == "3-D" and seen > 1)  # a hill may hide one
    page.mouse.move(700, 20)
    star = page.locator(".descent-minimum")
    star.focus()
    names = set()
    for _ in range(len(minima)):
        expect(readout).to_contain_text("f = ")
        names.add(star.get_attribute("aria-label"))
        page.keyboard.press("ArrowRight")
    assert len(names) == seen
    page.keyboard.press("Tab")
    expect(readout).to_be_hidden()
