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
    for width, height in ((1920, 1080), (1366, 768), (1280, 720), (1024, 768), (390, 844), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        eventually(page, partial(fits, page, width, height))
        if width >= 1024:
            eventually(page, partial(verdicts_are_whole, page))
            eventually(page, partial(surface_and_question_are_legible, page, width))
    for width, height in ((1920, 1080), (1366, 768), (1024, 768), (683, 384)):  # the last: the second at 200 %
        page.set_viewport_size({"width": width, "height": height})
        keys_are_seen(page, width, height)


def surface_and_question_are_legible(page: Page, width: int) -> None:
    """The surface's name and formula, and the question, can be read from the back row."""
    heading = page.locator(".descent-surface")
    expect(heading.locator("b")).to_have_text("Rosenbrock")
    line, left = heading.bounding_box(), page.locator(".descent-left").bounding_box()
    assert line and left
    for part in ("b", "math"):
        box = heading.locator(part).bounding_box()
        assert box and box["y"] + box["height"] <= line["y"] + line["height"] + 1, (width, part)  # no line below
        assert box["x"] >= left["x"] and box["x"] + box["width"] <= left["x"] + left["width"], (width, part)
    for part in (".descent-surface b", ".descent-surface math", ".descent-question"):
        size = page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('{part}')).fontSize)")
        assert size >= (17 if "math" in part else 22), (width, part, size)


def keys_are_seen(page: Page, width: int, height: int) -> None:
    """The list of keys is within the window, and whole, or scrolls in itself with its button in sight."""
    page.keyboard.press("?")
    at_rest(page)
    keys = page.locator(".descent-help")
    box = keys.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width, width
    assert box["y"] >= 0 and box["y"] + box["height"] <= height, width
    assert page.evaluate("document.querySelector('.descent-help dd').getBoundingClientRect().width > 150")
    if height > 700:
        assert keys.evaluate("(keys) => keys.scrollHeight <= keys.clientHeight"), width
    assert keys.evaluate("(keys) => keys.scrollWidth <= keys.clientWidth"), width
    last = keys.locator("dd").last
    last.scroll_into_view_if_needed()
    for part in (last, keys.get_by_role("button", name="Close")):
        seen = part.bounding_box()
        assert seen and seen["y"] >= box["y"] and seen["y"] + seen["height"] <= box["y"] + box["height"], width
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


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
    canvases = (".descent-landscape", ".descent-chart")
    eventually(page, lambda: all(ink(page, name) > 0 for name in canvases))  # the first frame is drawn
    before = {name: ink(page, name) for name in canvases}
    page.locator(".descent").focus()
    page.keyboard.press("p")
    eventually(page, partial(has_more_ink, page, before))


FOUR = "&".join(f"run={run}" for run in ("sgd(lr=0.001)", "momentum(lr=0.001)", "adam(lr=0.1)", "newton()"))


def test_large_type_has_picture_clock_and_table_in_one_screenful(visit: Visit) -> None:
    """At 1366 x 768, in Chinese, with the rule of a run and in full screen; what gave way to the table stands below."""
    page = visit(1366, 768, f"?surface=rosenbrock()&start=-1.2,1&steps=200&{FOUR}&language=zh")
    page.locator(".descent").evaluate("(player) => player.focus({ preventScroll: true })")
    page.keyboard.press("p")
    at_rest(page)
    in_sight = [".descent-landscape", ".descent-transport", ".descent-counter", ".descent-chart"]
    rows = [f".descent-table tbody tr:nth-child({i})" for i in (1, 2, 3, 4)]
    eventually(page, partial(are_in_sight, page, in_sight + rows))
    large = "[...document.querySelectorAll('.descent-table tbody :is(button, .descent-detail, .descent-verdict)')]"
    sizes = page.evaluate(f"{large}.map((part) => parseFloat(getComputedStyle(part).fontSize))")
    assert len(sizes) == 12 and min(sizes) >= 17
    assert page.evaluate("getComputedStyle(document.querySelector('.descent-start'), '::before').scale") == "1.6"
    land = page.locator(".descent-landscape").bounding_box()
    assert land and land["height"] > 400
    lower = page.locator(".descent-lower").bounding_box()
    assert lower and lower["y"] > 768 and lower["height"] > 150
    page.locator(".descent-name").first.click()
    eventually(page, partial(are_in_sight, page, [".descent-landscape", ".descent-transport", ".descent-rule"]))
    lines = page.locator(".descent-rule-lines")
    eventually(page, lambda: lines.evaluate("(lines) => lines.scrollWidth <= lines.clientWidth"))
    page.locator(".descent-focus select").select_option(index=0)
    page.locator(".descent").evaluate("(player) => player.focus({ preventScroll: true })")
    page.keyboard.press("f")
    eventually(page, lambda: page.evaluate("Boolean(document.fullscreenElement)"))
    eventually(page, partial(are_in_sight, page, [".descent-surface b", ".descent-surface math", *in_sight, *rows]))
    assert page.evaluate(BOTTOMS) == sorted(page.evaluate(BOTTOMS))
    page.keyboard.press("p")  # in normal type the table stands below, whole
    table = page.locator(".descent-verdicts")
    eventually(page, lambda: table.evaluate("(table) => table.scrollHeight <= table.clientHeight + 1"))
    below = table.bounding_box()
    assert below and below["height"] > 150 and below["width"] > 1000


BOTTOMS = """[".descent-left", ".descent-transport"].map((part) => document.querySelector(part).getBoundingClientRect())
  .flatMap(({ top, bottom }) => [top, bottom])"""


def are_in_sight(page: Page, parts: list[str]) -> None:
    for part in parts:
        box = page.locator(part).first.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 768, (part, box)
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1366, (part, box)


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
