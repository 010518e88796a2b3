"""Suspense in a real browser: nothing tells what the race has not reached; and numbers that stand still."""

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from app.scene_text.playlist import pack
from tests.browser.page_actions import asked, live, seek
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser
RACE = "surface=rosenbrock()&steps=400&run=newton()&run=adam(lr=0.05)&run=sgd(lr=0.9)"
OPEN, STILL, WAITS = "Still racing.", "Still descending", "Waits at the start."

AHEAD = """() => {
  const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return [...document.querySelectorAll(".descent-view:not(.descent-hidden), .descent-chart")].map((view) => {
    const [faint, run] = ["ghost", "trail"].map((name) => pixels(view.querySelector(`.descent-layer-${name}`)));
    let count = 0;
    for (let i = 3; i < faint.length; i += 4) if (faint[i] > 0 && run[i] === 0) count += 1;
    return count;
  });
}"""

WATCH = """() => new Promise((resolve) => {
  const told = [];
  const text = (what) => document.querySelector(what).textContent;
  const look = () => {
    told.push([text(".descent-counter b"), text(".descent-table .descent-at_step").replace(/\\D/g, "")]);
    if (told.length < 40) requestAnimationFrame(look);
    else resolve(told);
  };
  requestAnimationFrame(look);
})"""

FOLLOW = """() => {
  window.told = [];
  const look = () => {
    const d = window.__descent;
    const cells = [...document.querySelectorAll(".descent-table tbody .descent-verdict")];
    window.told.push([d.step, d.column(0, "loss").length, cells.map((cell) => cell.textContent)]);
    if (d.step < 12) requestAnimationFrame(look);
  };
  look();
}"""

PLACES = """() => {
  const boxes = (what) => [...document.querySelectorAll(what)].map((part) => part.getBoundingClientRect());
  const [table] = boxes(".descent-table");
  return boxes(".descent-table :is(th, td)").flatMap(({ x, y }) => [x - table.x, y - table.y]);
}"""


def verdicts(page: Page) -> list[str]:
    return page.locator(".descent-table tbody .descent-verdict").all_text_contents()


def ahead(page: Page) -> list[int]:
    """How many pixels of faint paths lie beside the paths that were run: in the landscape and in both charts."""
    return page.evaluate(AHEAD)


def is_open(page: Page) -> bool:
    return max(ahead(page)) < 30


def is_told(page: Page) -> bool:
    return min(ahead(page)) > 60


def test_the_reveal_of_a_lecture_tells_no_more_than_the_race_has_reached(visit: Visit) -> None:
    link = "?" + urlencode({"playlist": pack(f"?{RACE} Who is first?\n"), "mode": "lecture"})
    page = visit(1440, 900, link, moving=True)
    expect(page.locator(".descent-asked")).to_contain_text("Who is first?")
    page.evaluate(FOLLOW)
    page.keyboard.press("Space")
    until(page, "d.column(0, 'loss').length === 401 && window.told.at(-1)[0] >= 12")
    told = page.evaluate("window.told")
    revealed = [(step, texts) for step, length, texts in told if length == 401]
    assert revealed[0][0] < 5 and set(revealed[0][1]) <= {WAITS, OPEN}  # not the verdicts with the runs
    assert {texts[1] for _, texts in revealed} <= {WAITS, OPEN}  # Adam's is known at the end
    seek(page, 0)  # it went on meanwhile, and what was seen stays known
    seek(page, 1)
    eventually(page, lambda: verdicts(page) == [OPEN] * 3)
    assert is_open(page)
    assert not page.get_by_text("0 or below").is_visible()
    pressed = page.get_by_role("button", name="Show what is ahead")
    expect(pressed).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("a")  # the switch tells all at once
    eventually(page, lambda: OPEN not in verdicts(page) and is_told(page))
    eventually(page, lambda: asked(page).get("view") == ["contour(future=shown,step=1)"])
    page.keyboard.press("a")
    eventually(page, lambda: verdicts(page) == [OPEN] * 3 and is_open(page))
    seek(page, 20)  # Newton has arrived, and plain descent is lost
    eventually(page, lambda: [text == OPEN for text in verdicts(page)] == [False, True, False])
    seek(page, 400)
    eventually(page, lambda: verdicts(page)[1].startswith(STILL))
    seek(page, 20)  # what was seen may be looked at again
    eventually(page, lambda: verdicts(page)[1].startswith(STILL) and is_told(page))
    seek(page, 0)
    eventually(page, lambda: verdicts(page) == [OPEN] * 3 and is_open(page))


def test_in_suspense_neither_3d_nor_words_nor_pointing_tell_and_the_link_says_so(visit: Visit) -> None:
    page = visit(1440, 900, f"?{RACE}&view=space(future=hidden,step=10)")
    until(page, "d.mode === 'space' && d.space && d.space.heads")
    edge = ahead(page)[0]  # of the surface
    assert max(ahead(page)[1:]) < 30 and verdicts(page)[1] == OPEN
    page.get_by_text("The race in words and numbers").click()
    words = page.locator(".descent-twin")
    expect(words.get_by_role("rowheader").last).to_have_text("10")
    expect(words).not_to_contain_text(STILL)
    page.get_by_role("button", name="Show what is ahead").click()
    eventually(page, lambda: asked(page)["view"] == ["space(step=10)"])
    eventually(page, lambda: min(ahead(page)[1:]) > 60 and ahead(page)[0] > edge + 60)
    expect(words.get_by_role("rowheader").last).to_have_text("400")
    page.get_by_role("button", name="Show what is ahead").click()
    page.get_by_role("button", name="Contour").click()
    eventually(page, lambda: is_open(page))
    chart = page.locator(".descent-chart").first.bounding_box()
    assert chart
    page.mouse.move(chart["x"] + 0.8 * chart["width"], chart["y"] + 0.5 * chart["height"])
    adam = page.locator(".descent-table tbody tr").nth(1)
    expect(page.locator(".descent-tip")).to_contain_text(adam.locator(".descent-loss").inner_text())  # at step 10


def test_play_in_a_lesson_that_waits_says_so_and_shows_it_without_a_prediction(visit: Visit) -> None:
    page = visit(1366, 768, "lessons?lesson=ball", moving=True)
    notice = page.locator(".descent-waits")
    expect(notice).to_be_hidden()
    for press in ("Play", "One step forward", "To the end"):
        page.locator(".descent").get_by_role("button", name=press).click()
        expect(notice).to_contain_text("The race waits for your prediction.")
    notice.get_by_role("button", name="Show me without a prediction").click()
    until(page, "d.column(0, 'loss').length > 1")
    expect(notice).to_be_hidden()
    seek(page, 0)
    seek(page, 1)
    eventually(page, lambda: set(verdicts(page)) == {OPEN} and is_open(page))
    switch = page.get_by_role("button", name="Show what is ahead")
    expect(switch).to_have_attribute("aria-pressed", "false")  # off in a lesson
    switch.click()
    eventually(page, lambda: OPEN not in verdicts(page) and is_told(page))


def places(page: Page) -> list[float]:
    return page.evaluate(PLACES)


@pytest.mark.parametrize("width", [1366, 1024])
def test_numbers_change_where_they_stand_and_clock_and_table_say_the_same_step(visit: Visit, width: int) -> None:
    runs = "&".join(f"run=adam(lr={lr})" for lr in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5))
    page = visit(width, 768, f"?surface=rosenbrock()&start=-1.2,1&steps=300&{runs}&view=contour(step=0)")
    at_rest(page)
    expect(page.get_by_role("button", name="Show what is ahead")).to_have_attribute("aria-pressed", "true")
    assert OPEN not in verdicts(page) and is_told(page)  # in a race of one's own all is shown at once
    stand = places(page)
    for k in (1, 2, 3, 7, 10, 33, 99, 100, 201, 300):
        seek(page, k)
        assert places(page) == pytest.approx(stand, abs=0.01), f"moved at step {k}"
    for speed in ("0.1×", "1×", "16×"):
        seek(page, 0)
        page.locator(".descent-speed select").first.select_option(label=speed)
        page.get_by_role("button", name="Play", exact=True).click()
        told = page.evaluate(WATCH)
        assert all(clock == table for clock, table in told), (speed, told)
    page.locator(".descent-speed select").first.select_option(label="1×")


def inside(page: Page, box: Any) -> bool:
    return bool(box) and box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]  # type: ignore[index]


def test_the_rule_opens_in_sight_the_label_gives_way_and_names_of_pages_show_the_focus(visit: Visit) -> None:
    page = visit(1366, 768, "?surface=rosenbrock()&steps=150&run=momentum()&run=nesterov()&view=contour(step=0)")
    page.locator(".descent-name").first.click()
    rule = page.locator(".descent-rule")
    eventually(page, lambda: inside(page, rule.bounding_box()))
    at_rest(page)
    scrubber = page.locator(".descent-scrub").bounding_box()
    assert inside(page, scrubber) and inside(page, rule.bounding_box())

    label = page.locator(".descent-view:not(.descent-hidden) .descent-start span")
    expect(label).to_be_visible()
    for k in range(12):  # a head is never under it
        seek(page, k)
        box = label.bounding_box()
        if label.is_visible() and box:
            for x, y in live(page, "heads()"):
                assert not (box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]), k
    page.get_by_label("Start x", exact=True).fill("-1.5")
    page.get_by_label("Start x", exact=True).press("Enter")
    expect(label).to_be_hidden()  # it was moved

    page.keyboard.press("Tab")
    page.get_by_role("link", name="Lessons").focus()
    page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outline.replace(/rgb.*?\\)/, '').trim()"
    assert page.evaluate(outline) == "solid 2px"
