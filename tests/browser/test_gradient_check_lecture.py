"""A lecture on the gradient check in a real browser: on projectors, by keys and a presenter's remote, and back."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import has_overflow
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser
SMALL = "gradient-check?of=network(data=xor,samples=8,width=4)"
READY = "document.querySelector('.descent-check[data-state=done]')"
LECTURE = f"{SMALL}&mode=lecture"
# what an audience must see: [what, its box, whether something of it is hidden]
SEEN = """() => [".descent-check-verdict", ".descent-check-plot", ".descent-check-legend", ".descent-check-chips",
  ".descent-check-trap", ".descent-check-tools"].map((what) => {
  const part = document.querySelector(what), { left, top, right, bottom } = part.getBoundingClientRect();
  const isHidden = part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1;
  return [what, left, top, right, bottom, isHidden];
})"""


def find_pressed(page: Page) -> list[str]:
    return page.locator(".descent-chip[aria-pressed=true]").all_inner_texts()


def shows_trap(page: Page, *titles: str) -> None:
    eventually(page, lambda: find_pressed(page) == list(titles))
    expect(page.locator(".descent-check[data-state=done]")).to_have_count(1)


@pytest.mark.parametrize("width, height", [(1024, 768), (1920, 1080)])
def test_the_picture_fills_a_projector_and_nothing_is_scrolled_away(width: int, height: int, visit: Visit) -> None:
    page = visit(width, height, LECTURE, READY, bypass_csp=True)
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(1.6 * 15)
    for key in range(11):  # with the text of each trap
        page.keyboard.press("t")
        expect(page.locator(".descent-chip").nth(key)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".descent-check[data-state=done]")).to_have_count(1, timeout=60_000)
        at_rest(page)
        for what, left, top, right, bottom, is_hidden in page.evaluate(SEEN):
            assert left >= 0 and top >= 0 and right <= width and bottom <= height and not is_hidden, (key, what)
        plot = page.locator(".descent-check-plot").bounding_box()
        assert plot and plot["width"] > 0.5 * width, key
        assert plot["height"] > height / 3, key  # with a line of text more or less, as fonts are
    assert not has_overflow(page)
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.descent-check-sentence p')).fontSize)")
    assert size >= 1.4 * 22.4 - 0.1  # that of a race's lecture, times the sentence's
    nothing_is_found(page, ".descent-check")


def test_a_lecturer_enters_by_a_key_goes_through_traps_and_leaves_to_the_page_as_it_was(visit: Visit) -> None:
    page = visit(1280, 720, SMALL, READY)
    press, root = page.keyboard.press, page.locator(".descent-check")
    before = page.url
    press("m")
    expect(root).to_have_class(re.compile("descent-lecturing"))
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    page.wait_for_url(re.compile("mode=lecture"))
    press("PageDown")  # a presenter's remote
    shows_trap(page, "Forward instead of centred")
    press("PageDown")
    shows_trap(page, "Single precision")
    press("r")
    expect(page.locator(".descent-check-sentence p")).to_contain_text("No fault found", timeout=60_000)
    press("PageUp")
    shows_trap(page, "Forward instead of centred")
    press("5")
    shows_trap(page, "A kink within h")
    press("5")
    shows_trap(page)
    press("ArrowLeft")
    expect(root).to_have_attribute("data-h", "0.000008")
    page.wait_for_url(re.compile("h%3D8e-0?6"))
    press("ArrowRight")
    expect(root).to_have_attribute("data-h", "0.00001")
    press("b")
    expect(page.locator(".descent-dark")).to_be_visible()
    press("Escape")
    expect(page.locator(".descent-dark")).to_be_hidden()
    expect(root).to_have_class(re.compile("descent-lecturing"))
    press("Escape")
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()
    expect(root).not_to_have_class(re.compile("descent-lecturing"))
    expect(page.get_by_role("button", name="Take it home")).to_be_visible()
    expect(page.locator(".descent-check-entries")).to_be_visible()
    page.wait_for_url(lambda url: unquote(url) == unquote(before))


def test_buttons_do_what_the_keys_do_and_the_audience_gets_a_code(visit: Visit) -> None:
    page = visit(1366, 800, SMALL, READY)
    page.get_by_role("button", name="Large type, for a projector").click()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(24)
    page.keyboard.press("p")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(15)
    page.get_by_role("button", name="Lecture mode: verdict, chart and traps alone, in large type").click()
    expect(page.locator(".descent-check")).to_have_class(re.compile("descent-lecturing"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next trap, previous trap")
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    link = page.locator(".descent-scan-link")
    expect(link).to_contain_text("/gradient-check?of=network")
    assert "mode" not in link.inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Leave lecture mode").press("Enter")
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()


@pytest.mark.parametrize("width, height", [(1024, 768), (1920, 1080), (390, 844)])
def test_the_code_in_a_corner_takes_no_room_from_the_check(width: int, height: int, visit: Visit) -> None:
    page = visit(width, height, LECTURE, READY, bypass_csp=True)
    at_rest(page)
    before = page.evaluate(SEEN)
    page.keyboard.press("q")
    expect(page.locator("dialog.descent-scan")).to_be_visible()
    page.keyboard.press("q")
    corner, plot = page.locator(".descent-scan-corner"), page.locator(".descent-check-plot")
    expect(corner).to_be_visible()
    at_rest(page)
    assert page.evaluate(SEEN) == before
    words = corner.locator("span").evaluate(
        """(span) => {
          const range = document.createRange();
          range.selectNodeContents(span);
          return range.getBoundingClientRect().right;
        }"""
    )
    cross = corner.get_by_role("button").last.bounding_box()
    assert cross and words <= cross["x"] + 1
    code, chart = corner.bounding_box(), plot.bounding_box()
    assert code and chart
    assert code["y"] >= chart["y"] - 1  # below the verdict and the legend
    assert code["y"] + code["height"] <= chart["y"] + chart["height"]
    assert code["x"] >= chart["x"]
    assert code["x"] + code["width"] <= chart["x"] + 0.6 * chart["width"]  # the best h, and h, are in sight


def test_what_is_being_computed_does_not_lie_over_the_legend(visit: Visit) -> None:
    slow = (
        "gradient-check?of=network(samples=1797,width=90,activation=relu)&mode=lecture"  # seconds; no other test has it
    )
    page = visit(1024, 768, slow, ready="", bypass_csp=True)
    boxes = page.wait_for_function(
        """() => {
          const bar = document.querySelector(".descent-check-progress progress");
          if (!bar?.checkVisibility()) return null;
          const others = [".descent-check-legend", ".descent-check-plot"].map((part) => document.querySelector(part));
          return [bar.parentElement, ...others].map((part) => part.getBoundingClientRect().toJSON());
        }""",
        polling=20,
    ).json_value()
    progress, legend, plot = boxes
    assert progress["height"] > 10
    for other in (legend, plot):
        assert progress["top"] >= other["bottom"] - 1 or progress["bottom"] <= other["top"] + 1
