"""The one WebGL context: freed when nobody looks, made again when the browser takes it, and done without."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from app.browser.player_labels import LABELS
from tests.browser.surface_view_helpers import SCENE, in_space, live, projected, settled
from tests.browser.waiting import until
from tests.support.server_and_browser import launch_chromium, serve_app

pytestmark = pytest.mark.browser
ALIVE = "window.made.filter((gl) => !gl.isContextLost()).length"
COUNTING = """window.made = [];
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const found = get.call(this, kind, ...rest);
  if (found && kind.includes("webgl") && !window.made.includes(found)) window.made.push(found);
  return found;
};"""


@pytest.fixture(scope="module")
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Its first page keeps what the others have compiled."""
    with browser.new_context(viewport={"width": 800, "height": 560}) as opened:
        opened.new_page().goto(f"{address}/_stcore/health")
        yield opened


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that remembers every context it made, and that plotly.js may complain in of one that is taken away."""
    opened = context.new_page()
    opened.add_init_script(COUNTING)
    opened.goto(address)
    until(opened, "d.paintCount")
    yield opened
    opened.close()


def camera(page: Page) -> list[float]:
    return page.evaluate(f"[...{SCENE}.glplot.cameraParams.view]")


def take_away(page: Page) -> None:
    page.evaluate(f"{SCENE}.glplot.gl.getExtension('WEBGL_lose_context').loseContext()")


def test_there_is_one_at_most_and_it_is_freed_when_nobody_looks(page: Page) -> None:
    until(page, "window.made.length")  # found out whether there is WebGL
    assert page.evaluate(ALIVE) == 0
    in_space(page, 5)
    live(page, "space.controls.rotateBy(0.3, 0.1)")
    settled(page, 5)
    before = camera(page)
    for mode in ("contour", "space"):
        page.locator(".descent").focus()
        page.keyboard.press("v")
        until(page, f"d.mode === '{mode}'")
    settled(page, 5)
    assert page.evaluate(ALIVE) == 1
    page.get_by_role("button", name="Contour").click()
    until(page, f"{ALIVE} === 0")  # after ten seconds
    in_space(page, 5)
    assert page.evaluate(ALIVE) == 1
    assert np.allclose(camera(page), before, atol=1e-4)


def test_none_is_left_when_the_visitor_goes_to_another_page(browser: Browser) -> None:
    with serve_app("tests/browser/two_pages_app.py") as address, browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(COUNTING)
        page.goto(address)
        until(page, "d.paintCount")
        in_space(page, 5)
        assert page.evaluate(ALIVE) == 1
        page.get_by_role("link", name="Elsewhere").click()
        page.get_by_text("Nothing is drawn here.").wait_for()
        until(page, f"{ALIVE} === 0")
        assert page.locator(".descent").count() == 0
        page.get_by_role("link", name="Race").click()
        until(page, "document.querySelector('.descent-start')")
        in_space(page, 5)
        assert page.evaluate(ALIVE) == 1


def test_one_that_the_browser_takes_away_is_made_again_and_nothing_moves(page: Page) -> None:
    in_space(page, 25)
    live(page, "space.controls.rotateBy(0.4, 0.2)")
    live(page, "space.zoom(0.8)")
    settled(page, 25)
    before, heads = camera(page), live(page, "heads()")
    take_away(page)
    until(page, f"{ALIVE} === 1 && d.space.plotlySurface.glplot")
    settled(page, 25)
    assert (live(page, "mode"), live(page, "step")) == ("space", 25)
    assert np.allclose(camera(page), before, atol=1e-4)
    np.testing.assert_allclose(live(page, "heads()"), heads, atol=0.5)
    np.testing.assert_allclose(projected(page, live(page, "point(0, 25)"))[0], heads[0], atol=0.5)
    live(page, "space.controls.rotateBy(0.4, 0)")
    settled(page, 25)
    assert not np.allclose(camera(page), before, atol=1e-2)


def test_one_that_is_taken_again_and_again_is_given_up_and_the_contours_go_on(page: Page) -> None:
    in_space(page, 25)
    for _ in range(2):
        take_away(page)
        until(page, "d.space.plotlySurface.glplot || d.mode === 'contour'")
    notice = page.locator(".descent-notice")
    expect(notice).to_have_text(LABELS["lost_space"])
    until(page, f"d.mode === 'contour' && d.drawn === 25 && {ALIVE} === 0")
    expect(page.locator(".descent-view").first).to_be_visible()
    in_space(page, 25)
    expect(notice).to_be_empty()


def test_one_that_is_taken_while_the_contours_are_shown_is_missed_by_nobody(page: Page) -> None:
    in_space(page, 25)
    page.get_by_role("button", name="Contour").click()
    until(page, "d.mode === 'contour'")
    take_away(page)
    until(page, f"{ALIVE} === 0")
    expect(page.locator(".descent-notice")).to_be_empty()
    in_space(page, 25)
    assert page.evaluate(ALIVE) == 1


def test_without_webgl_the_choice_says_so_and_the_contours_go_on(driver: Playwright, address: str) -> None:
    opened = launch_chromium(driver, "--disable-gpu", "--disable-software-rasterizer", "--disable-3d-apis")
    page = opened.new_page()
    page.goto(address)
    choice = page.get_by_role("button", name="3-D")
    expect(choice).to_have_attribute("aria-disabled", "true")
    expect(choice).to_have_attribute("title", LABELS["no_space"])
    notice = page.get_by_role("status").filter(has_text=LABELS["no_space"])
    for press in (lambda: choice.click(force=True), lambda: page.keyboard.press("v")):
        press()
        expect(notice).to_be_visible()
        assert live(page, "mode") == "contour"
        page.get_by_role("button", name="Contour").click()
        expect(notice).to_have_count(0)
    live(page, "seek(40)")
    until(page, "d.drawn === 40")
    opened.close()
