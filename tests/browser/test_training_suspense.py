"""Suspense of trainings in a real browser: in lectures and lessons nothing tells what the clock has not reached."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visit
from tests.browser.waiting import eventually

pytestmark = pytest.mark.browser
TWO = "training?data=digits(epochs=6,sample_count=200)" + "".join(
    f"&train=network(width=12,optimizer=sgd(lr={lr}))" for lr in (0.005, 0.1)
)
READY = "document.querySelector('.descent-training[data-state=done]')"
NOT_YET = "Shown when the clock reaches the end."
SWITCH = re.compile("^Show what is ahead")

# How many pixels of faint curves lie beside the curves that were run, in loss and accuracy.
AHEAD = """() => {
  const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const sections = document.querySelectorAll(".descent-training-loss, .descent-training-accuracy");
  const plots = [...sections].map((section) => section.querySelector(".descent-training-plot"));
  return plots.map((plot) => {
    const [faint, run] = ["ghost", "trail"].map((name) => pixels(plot.querySelector(`.descent-layer-${name}`)));
    let count = 0;
    for (let i = 3; i < faint.length; i += 4) if (faint[i] > 0 && run[i] === 0) count += 1;
    return count;
  });
}"""


def is_open(page: Page) -> bool:
    return max(page.evaluate(AHEAD)) < 30


def is_told(page: Page) -> bool:
    return min(page.evaluate(AHEAD)) > 60


def stands_at(page: Page, epoch: int) -> None:
    expect(page.locator(".descent-training")).to_have_attribute("data-epoch", str(epoch))


def test_a_lecture_begins_at_the_start_and_tells_the_end_when_the_clock_gets_there(visit: Visit) -> None:
    page = visit(1280, 720, f"{TWO}&mode=lecture", READY)
    press, readings = page.keyboard.press, page.locator(".descent-training-readings")
    stands_at(page, 0)
    eventually(page, lambda: is_open(page))
    expect(readings).to_be_hidden()
    press("ArrowRight")
    stands_at(page, 1)
    assert is_open(page)
    page.get_by_label("Speed").select_option("4")
    press("Space")
    stands_at(page, 6)
    expect(readings).to_be_visible()
    expect(readings.get_by_text(NOT_YET)).to_be_hidden()
    press("ArrowLeft")  # what was seen stays known
    stands_at(page, 5)
    eventually(page, lambda: is_told(page))
    expect(readings).to_be_visible()
    press("Home")
    stands_at(page, 0)
    eventually(page, lambda: is_open(page))
    expect(readings).to_be_hidden()
    switch = page.get_by_role("button", name=SWITCH)
    expect(switch).to_have_attribute("aria-pressed", "false")
    press("a")
    expect(switch).to_have_attribute("aria-pressed", "true")
    eventually(page, lambda: is_told(page))
    expect(readings).to_be_visible()
    page.wait_for_url(re.compile("future=shown"))
    press("a")
    expect(readings).to_be_hidden()
    eventually(page, lambda: is_open(page))
    page.wait_for_url(lambda url: "future" not in url)


def test_a_link_hides_what_is_ahead_outside_of_a_lecture_and_the_words_and_histograms_too(visit: Visit) -> None:
    page = visit(path=f"{TWO}&future=hidden", ready=READY)
    stands_at(page, 0)
    readings, words = page.locator(".descent-training-readings"), page.locator(".descent-twin")
    heat = page.locator(".descent-training-heat canvas").first
    expect(readings).to_contain_text(NOT_YET)
    expect(readings.locator("li").first).to_be_hidden()
    words.locator("summary").click()
    first = words.locator("p").first.inner_text()
    assert heat.evaluate("(canvas) => getComputedStyle(canvas).clipPath").startswith("inset(0")
    page.get_by_role("button", name="One epoch on").click()
    expect(words.locator("p").first).not_to_have_text(first)
    page.get_by_role("button", name="To the end").click()
    expect(readings.locator("li").first).to_be_visible()
    expect(readings.get_by_text(NOT_YET)).to_be_hidden()
    assert heat.evaluate("(canvas) => getComputedStyle(canvas).clipPath") == "none"
    page.get_by_role("button", name="To the first weights").click()
    expect(readings.get_by_text(NOT_YET)).to_be_visible()
    expect(words.locator("p").first).to_have_text(first)
    page.get_by_role("button", name=SWITCH).click()
    expect(readings.locator("li").first).to_be_visible()
    expect(words.locator("p").first).not_to_have_text(first)
    page.wait_for_url(lambda url: "future" not in url)


def test_a_lesson_plays_on_after_the_prediction_and_explains_at_the_end(visit: Visit) -> None:
    page = visit(path="lessons?lesson=heart", ready="", moving=True)
    root, counter = page.locator(".descent-training"), page.locator(".descent-counter")
    expect(root).to_have_attribute("data-done", "1", timeout=60_000)
    expect(counter).to_have_text("epoch 1 / 40")
    page.get_by_role("button", name="Learn the few images by heart").click()
    expect(root).to_have_attribute("data-done", "40")
    expect(page.get_by_text("The explanation comes when the clock is at the end.")).to_be_visible()
    expect(page.get_by_text("and that is right")).to_be_hidden()
    expect(counter).to_have_text("epoch 40 / 40", timeout=60_000)
    expect(page.get_by_text("and that is right")).to_be_visible()
    expect(page.get_by_text("The explanation comes when")).to_be_hidden()
    page.get_by_role("button", name="To the first weights").click()
    eventually(page, lambda: is_open(page))
    expect(page.get_by_text("and that is right")).to_be_visible()  # it has been told
    page.get_by_role("button", name=SWITCH).click()
    eventually(page, lambda: is_told(page))


# The counter's text after so many frames.
LATER = """() => new Promise((resolve) => {
  let left = 60;
  const read = () => document.querySelector(".descent-counter").textContent;
  const look = () => (left-- ? requestAnimationFrame(look) : resolve(read()));
  look();
})"""


def test_in_a_small_window_a_lesson_goes_on_once_its_curves_are_in_sight(visit: Visit) -> None:
    page = visit(390, 400, "lessons?lesson=heart", ready="", moving=True)
    root, counter = page.locator(".descent-training"), page.locator(".descent-counter")
    expect(root).to_have_attribute("data-done", "1", timeout=60_000)
    page.get_by_role("button", name="Learn the few images by heart").click()
    expect(counter).to_have_text("epoch 40 / 40", timeout=60_000)  # the page shows the picture after the answer
    page.goto(page.url)
    expect(root).to_have_attribute("data-done", "40", timeout=60_000)
    assert page.evaluate(LATER) == "epoch 0 / 40"
    page.locator(".descent-training-loss .descent-training-plot").scroll_into_view_if_needed()
    expect(counter).to_have_text("epoch 40 / 40", timeout=60_000)
