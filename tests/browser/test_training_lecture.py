"""A lecture on trainings in a real browser, and the page's keys: on projectors, by a presenter's remote, and back."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import has_overflow
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser
THREE = "training?data=digits(epochs=6,sample_count=200)" + "".join(
    f"&train=network(width=12,optimizer=sgd(lr={lr}))" for lr in (0.005, 0.1, 0.3)
)
READY = "document.querySelector('.descent-training[data-state=done]')"
# what an audience must see: [what, its box, whether something of it is hidden]
SEEN = """() => [".descent-training-top", ".descent-training-loss .descent-training-plot",
  ".descent-training-accuracy .descent-training-plot", "section.descent-training-table .descent-scroll",
  ".descent-training-readings", ".descent-transport", ".descent-training-tools"].map((what) => {
  const part = document.querySelector(what), { left, top, right, bottom } = part.getBoundingClientRect();
  const isHidden = part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1;
  return [what, left, top, right, bottom, isHidden];
})"""
SIZES = """() => [...document.querySelectorAll(`.descent-training-top p,
  .descent-training-charts section:not([hidden]) p,
  .descent-training-name, .descent-training-table td, .descent-training-sayings p, .descent-counter`)]
  .filter((part) => part.getClientRects().length).map((part) => parseFloat(getComputedStyle(part).fontSize))"""
SCALES = "() => document.querySelector('.descent-training-loss .descent-segments [aria-pressed=true]').textContent"


def shows(page: Page, trainings: int, selected: int) -> None:
    expect(page.locator(".descent-training-table tbody tr")).to_have_count(trainings)
    expect(page.locator(".descent-training-selected")).to_contain_text(f"{selected} · SGD")


def stands_at(page: Page, epoch: int) -> None:
    expect(page.locator(".descent-training")).to_have_attribute("data-epoch", str(epoch))


@pytest.mark.parametrize("width, height, language", [(1024, 768, "en"), (1366, 768, "zh"), (1920, 1080, "en")])
def test_the_picture_fills_a_projector_and_nothing_is_scrolled_away(
    width: int, height: int, language: str, visit: Visit
) -> None:
    page = visit(width, height, f"{THREE}&mode=lecture&language={language}", READY, bypass_csp=True)
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    for number in (1, 2, 3):  # with the readings of each
        page.keyboard.press(str(number))
        shows(page, 3, number)
        at_rest(page)
        for what, left, top, right, bottom, is_hidden in page.evaluate(SEEN):
            assert left >= 0 and top >= 0 and right <= width and bottom <= height and not is_hidden, (number, what)
        assert min(page.evaluate(SIZES)) >= 17, number
        plot = page.locator(".descent-training-plot").first.bounding_box()
        assert plot and plot["width"] > 0.3 * width and plot["height"] > 0.4 * height, number
    assert not has_overflow(page)
    expect(page.locator(".descent-training-top p")).to_contain_text("64-12-10")
    nothing_is_found(page, ".descent-training")


def test_a_presenters_remote_shows_one_training_after_another(visit: Visit) -> None:
    page = visit(1280, 720, THREE, READY)
    press, root, before = page.keyboard.press, page.locator(".descent-training"), page.url
    press("m")
    expect(root).to_have_class(re.compile("descent-lecturing"))
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    page.wait_for_url(re.compile("mode=lecture"))
    shows(page, 3, 1)  # as it was, until the first press
    page.get_by_label("Speed").select_option("4")
    press("PageDown")
    shows(page, 1, 1)
    stands_at(page, 6)  # it has played to its end
    expect(page.locator(".descent-training-readings")).to_be_visible()
    plot = page.locator(".descent-training-plot").first.bounding_box()
    press("PageDown")
    expect(page.locator(".descent-training-readings")).to_be_hidden()  # they would tell the end
    shows(page, 2, 2)
    press("PageDown")
    shows(page, 3, 3)
    press("PageDown")  # there is no other
    shows(page, 3, 3)
    assert page.locator(".descent-training-plot").first.bounding_box() == plot  # the charts stayed where they were
    press("PageUp")
    shows(page, 2, 2)
    stands_at(page, 6)
    press("1")
    shows(page, 2, 1)
    press("3")  # it is not seen
    press("Home")
    stands_at(page, 0)
    shows(page, 2, 1)
    press("b")
    expect(page.locator(".descent-dark")).to_be_visible()
    press("Escape")
    expect(page.locator(".descent-dark")).to_be_hidden()
    press("q")
    link = page.locator(".descent-scan-link")
    expect(link).to_contain_text("/training?data=digits")
    assert "mode" not in link.inner_text()
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press("Escape")
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()
    expect(root).not_to_have_class(re.compile("descent-lecturing"))
    shows(page, 3, 1)
    expect(page.locator(".descent-training-inside")).to_be_visible()
    page.wait_for_url(lambda url: unquote(url) == unquote(before))


def test_keys_and_buttons_of_the_page(visit: Visit) -> None:
    page = visit(1366, 800, THREE, READY)
    press, root = page.keyboard.press, page.locator(".descent-training")
    stands_at(page, 6)
    press("ArrowLeft")
    stands_at(page, 5)
    press("Home")
    stands_at(page, 0)
    press("ArrowRight")
    stands_at(page, 1)
    press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    press("End")
    stands_at(page, 6)
    assert page.evaluate(SCALES) == "log"
    press("l")
    eventually(page, lambda: page.evaluate(SCALES) == "linear")
    press("2")
    shows(page, 3, 2)
    press("8")  # there is none
    shows(page, 3, 2)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    page.get_by_role("button", name="Large type, for a projector").click()
    assert page.evaluate(size) == pytest.approx(24)
    press("p")
    assert page.evaluate(size) == pytest.approx(15)
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Select a training")
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    field = page.get_by_label("Smoothing")
    field.focus()
    press("m")  # is the field's
    expect(root).not_to_have_class(re.compile("descent-lecturing"))
    page.get_by_role("button", name="Lecture mode: charts, clock, table and what the curves say").click()
    expect(root).to_have_class(re.compile("descent-lecturing"))
    page.get_by_role("button", name="Leave lecture mode").press("Enter")
    expect(page.locator("[data-testid=stSidebar]")).to_be_visible()
