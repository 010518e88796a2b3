"""A lecture in a real browser: by the keys of a presenter remote, on every screen, in a frame of slides."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from app.model.presets import DEFAULT_SCENE, PRESETS
from app.scene_text.playlist import pack
from app.scene_text.writer import write_query
from tests.browser.axe import findings, nothing_is_found
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser
ADAM, NEWTON = PRESETS["The Adam family"], PRESETS["Newton or L-BFGS"]
QUESTION = "Which one is there <b>first</b>?"
TEXT = f"?{write_query(ADAM)}\n?{write_query(NEWTON)} {QUESTION}\n?{write_query(DEFAULT_SCENE)} predict\n"


def link(place: int, text: str = TEXT, **more: str) -> str:
    return "?" + urlencode({"playlist": pack(text), "place": place, "mode": "lecture", **more})


def at(page: Page, place: int, runs: int) -> None:
    expect(page.locator(".descent-place")).to_have_text(f"{place} / 3")
    expect(page.locator(".descent-table tbody tr")).to_have_count(runs)


def test_a_lecture_by_the_keys_of_a_remote(visit: Visit) -> None:
    page = visit(1280, 720, link(1), moving=True)
    press, asked = page.keyboard.press, page.locator(".descent-asked")
    at(page, 1, 5)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(1.6 * 15)
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    press("PageDown")  # the race begins
    until(page, "d.playing && d.step > 1")
    press("PageDown")
    at(page, 2, 3)
    expect(asked).to_contain_text("Which one is there <b>first</b>?")
    until(page, "d.step === 0 && !d.playing && d.column(0, 'loss').length === 1")
    before = page.locator(".descent-landscape").bounding_box()
    press("PageDown")  # what happens is shown before the lecture goes on
    expect(asked.get_by_role("button", name="Show what happens")).to_be_hidden()
    until(page, "d.playing && d.column(0, 'loss').length === 61")
    after = page.locator(".descent-landscape").bounding_box()
    assert before and after and after["height"] > before["height"]
    laid = "document.querySelector('.descent-landscape .js-plotly-plot')._fullLayout.height"
    until(page, f"Math.abs({laid} - {after['height']}) < 1")  # Plotly takes the room that the question leaves
    press("PageDown")
    at(page, 3, 2)
    expect(asked).to_contain_text("What will happen?")
    press("Space")
    until(page, "d.playing && d.step > 2")
    press("PageDown")  # there is no other
    press("b")
    dark = page.locator(".descent-dark")
    expect(dark).to_be_visible()
    until(page, "!d.playing")
    press("PageUp")
    expect(dark).to_be_visible()
    press(".")
    expect(dark).to_be_hidden()
    until(page, "d.playing")
    press("PageUp")
    at(page, 2, 3)
    expect(asked.get_by_role("button", name="Show what happens")).to_be_hidden()  # it has been answered
    page.wait_for_url("**&place=2&mode=lecture")
    press("?")
    expect(page.locator(".descent-help")).to_contain_text("next scene, or show what happens")
    press("Escape")
    press("Escape")
    expect(page.get_by_role("combobox", name="Surface")).to_have_value(re.compile("^Rosenbrock "))
    page.wait_for_url("**&place=2")
    expect(page.get_by_text("Scene 2 of 3")).to_be_visible()
    page.get_by_role("button", name="Back to the lecture").click()
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    at(page, 2, 3)
    press("Escape")
    expect(page.get_by_text("Scene 2 of 3")).to_be_visible()
    page.locator(".descent").focus()
    press("m")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()


CHOICES = f"?{write_query(NEWTON)} Which? | Newton | L-BFGS\n?{write_query(ADAM)}\n?lesson=ball\n"


def test_a_question_is_counted_and_nothing_is_told_before_the_lecturer_shows_it(visit: Visit) -> None:
    page = visit(1024, 768, link(1, CHOICES), moving=True)
    press, asked = page.keyboard.press, page.locator(".descent-asked")
    for key in "2122":
        press(key)
    expect(page.locator(".descent-taken")).to_have_text(["1Newton1", "2L-BFGS3"])
    expect(page.locator(".descent-taken[aria-pressed=true]")).to_contain_text("L-BFGS")
    press("Escape")  # the race page waits as well, and so does Space there
    expect(page.get_by_text("Scene 1 of 3")).to_be_visible()
    until(page, "d.column(0, 'loss').length === 1")
    expect(asked.get_by_role("button", name="Show what happens")).to_be_visible()
    press("m")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    press("PageDown")
    until(page, "d.playing && d.column(0, 'loss').length === 61")
    expect(asked).to_contain_text("Which?")  # it can be read again, with what was said
    expect(page.locator(".descent-taken")).to_have_text(["1Newton1", "2L-BFGS3"])
    press("PageDown")
    at(page, 2, 5)
    until(page, "d.drawn === 0 && !d.playing && d.column(0, 'loss').length > 1")  # nobody has asked for it yet
    press("PageDown")
    until(page, "d.playing && d.step > 1")
    press("PageDown")
    at(page, 3, 2)
    expect(page.locator(".descent-taken")).to_have_count(3)
    press("r")
    until(page, "d.playing && d.step > 1")
    expect(page.locator(".descent-right-choice")).to_have_count(0)
    press("End")
    expect(page.locator(".descent-right-choice")).to_have_text("✓Momentum, the ball")


def test_the_rule_takes_the_place_of_the_curves_by_a_key_and_by_a_name(visit: Visit) -> None:
    page = visit(1024, 768, f"?{write_query(NEWTON)}&mode=lecture")
    until(page, "d.drawn === 0 && !d.playing")  # without motion, too, a lecture begins at the start
    rule, curves = page.locator(".descent-rule"), page.locator(".descent-right")
    page.keyboard.press("e")
    expect(rule).to_contain_text("The rule with its numbers: Newton")
    expect(curves).to_be_hidden()
    box = page.locator(".descent-focus").bounding_box()
    assert box and box["width"] > 400 and box["y"] + box["height"] < 768
    size = "parseFloat(getComputedStyle(document.querySelector('.descent-rule-lines')).fontSize)"
    eventually(page, lambda: page.evaluate(size) >= 13)
    page.get_by_role("button", name="L-BFGS", exact=True).click()
    expect(rule).to_contain_text("The rule with its numbers: L-BFGS")
    page.keyboard.press("Escape")
    expect(rule).to_be_hidden()
    expect(curves).to_be_visible()
    page.keyboard.press("e")
    expect(curves).to_be_hidden()
    page.keyboard.press("e")
    expect(curves).to_be_visible()
    page.keyboard.press("ArrowRight")
    until(page, "d.drawn === 1")


def test_the_code_to_scan_and_all_scenes_are_shown_by_a_key(visit: Visit) -> None:
    page = visit(1280, 720, link(1), bypass_csp=True)
    at(page, 1, 5)
    code, corner = page.locator(".descent-scan"), page.locator(".descent-scan-corner")
    page.keyboard.press("q")
    expect(code.locator("svg")).to_be_visible()
    expect(code).to_contain_text(f"?{write_query(ADAM)}")
    nothing_is_found(page, ".descent-scan")
    page.keyboard.press("PageDown")  # the audience is still scanning
    at(page, 1, 5)
    page.keyboard.press("q")
    expect(code).to_be_hidden()
    small = corner.locator(".descent-code svg").bounding_box()
    assert small and 120 < small["width"] < 320
    modules = corner.locator(".descent-code path").last
    drawn = modules.get_attribute("d")
    page.keyboard.press("PageDown")
    until(page, "d.playing")
    page.keyboard.press("PageDown")
    at(page, 2, 3)
    expect(modules).not_to_have_attribute("d", drawn or "")  # it stays, and follows the scene
    corner.get_by_role("button", name="Remove the code").click()
    expect(corner).to_be_hidden()
    page.locator(".descent").focus()
    page.keyboard.press("o")
    scenes = page.locator(".descent-overview .descent-scene")
    expect(scenes).to_have_count(3)
    expect(scenes.nth(1)).to_have_attribute("aria-current", "true")
    nothing_is_found(page, ".descent-overview")
    scenes.nth(2).click()
    at(page, 3, 2)
    expect(page.locator(".descent-overview")).to_be_hidden()


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


def test_on_a_phone_the_way_out_is_seen_and_covers_nothing(visit: Visit) -> None:
    page = visit(390, 800, "?mode=lecture", has_touch=True, is_mobile=True)
    way_out = page.get_by_role("button", name="Leave lecture mode")
    expect(way_out).to_be_visible()
    page.locator(".descent-menu summary").tap()
    expect(page.locator(".descent-menu[open]")).to_be_visible()
    page.locator(".descent-menu summary").tap()
    way_out.tap()
    expect(page.locator("[data-testid=stHeader]")).to_be_visible()


def test_a_damaged_link_is_said_in_a_lecture_too(visit: Visit) -> None:
    page = visit(path=link(1, "?surface=beale()\n?run=adam(lr=1e9)\n"))
    expect(page.locator(".st-key-faults")).to_contain_text("playlist, 2: lr=1e9")
    page.get_by_role("button", name="Got it").click()
    expect(page.locator(".st-key-faults")).to_have_count(0)
    page.get_by_role("button", name="Leave lecture mode").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Surface")).to_have_value(re.compile("^Beale "))


def test_it_works_in_the_frame_of_a_slide(visit: Visit, address: str, tmp_path: Path) -> None:
    """Also one that is opened from a disk. The first click there brings it the keys, and does not move the start."""
    src = f"{address}/{link(1, embed='true')}".replace("&", "&amp;")
    (tmp_path / "slide.html").write_text(f'<iframe src="{src}" width="960" height="540"></iframe>', encoding="utf-8")
    page = visit(1280, 720)
    page.goto((tmp_path / "slide.html").as_uri())
    slide = page.frame_locator("iframe")
    expect(slide.locator(".descent-table tbody tr")).to_have_count(5)
    start = slide.locator(".descent-start")
    expect(start).to_be_visible()
    before = start.get_attribute("style")
    slide.locator(".descent-landscape").click(position={"x": 200, "y": 100})
    page.keyboard.press("PageDown")
    expect(slide.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(slide.locator(".descent-asked")).to_be_visible()
    page.keyboard.press("PageUp")
    expect(slide.locator(".descent-table tbody tr")).to_have_count(5)
    expect(slide.locator(".descent-asked")).to_be_hidden()
    expect(start).to_have_attribute("style", before or "")


def test_a_frame_shows_the_picture_alone(visit: Visit, address: str, tmp_path: Path) -> None:
    src = f"{address}/?{write_query(ADAM)}&embed=true".replace("&", "&amp;")
    frames = "".join(f'<iframe src="{src}" width="{w}" height="{h}"></iframe>' for w, h in ((960, 540), (520, 300)))
    (tmp_path / "page.html").write_text(frames, encoding="utf-8")
    page = visit(1600, 700)
    page.goto((tmp_path / "page.html").as_uri())
    for index in range(2):
        frame = page.frame_locator("iframe").nth(index)
        expect(frame.locator(".descent-table tbody tr")).to_have_count(5)
        expect(frame.locator("[data-testid=stSidebar], [data-testid=stHeader]").first).to_be_hidden()
        outer = page.locator("iframe").nth(index).bounding_box()
        assert outer
        for part in (".descent-landscape", ".descent-transport", ".descent-verdicts"):
            eventually(page, partial(is_within, frame.locator(part).first, outer))
        expect(frame.get_by_role("link", name="Open in Descent")).to_have_attribute(
            "href", f"{address}/?{write_query(ADAM)}"
        )
    expect(page.frame_locator("iframe").first.get_by_role("button", name="Play")).to_be_visible()


def is_within(part: Locator, outer: FloatRect) -> None:
    box = part.bounding_box()
    assert box and box["width"] > 0.2 * outer["width"] and box["height"] > 20, box
    assert box["x"] >= outer["x"] and box["x"] + box["width"] <= outer["x"] + outer["width"] + 3, box
    assert box["y"] >= outer["y"] and box["y"] + box["height"] <= outer["y"] + outer["height"] + 3, box


def titles(page: Page) -> list[str]:
    return page.locator(".descent-scenes b").all_inner_texts()


def shows(page: Page, *expected: str) -> None:
    eventually(page, lambda: titles(page) == list(expected))


MOVED = "?surface=bowl()\n# mine\n?surface=beale() predict\n?surface=ravine()\n"


def test_scenes_are_moved_by_buttons_mouse_and_finger(visit: Visit) -> None:
    text = "# mine\n?surface=beale() predict\n?surface=bowl()\n?surface=ravine()\n"
    page = visit(1280, 1300, f"playlist?playlist={pack(text)}", ready="", has_touch=True)
    field = page.get_by_role("textbox", name="Scenes")
    shows(page, "Beale", "Bowl", "Ravine")
    button = page.get_by_role("button", name="Earlier: Bowl")
    button.focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value(MOVED)
    shows(page, "Bowl", "Beale", "Ravine")
    focused = "document.activeElement.dataset.act"
    eventually(page, lambda: page.evaluate(focused) == "move_down")  # it is the first now
    drag(page, page.locator(".descent-thumbnail").nth(2), page.locator(".descent-thumbnail").first)
    shows(page, "Ravine", "Bowl", "Beale")
    expect(field).to_have_value("?surface=ravine()\n?surface=bowl()\n# mine\n?surface=beale() predict\n")
    at_rest(page)
    swipe(page, page.locator(".descent-grip").first, page.locator(".descent-grip").nth(2))
    shows(page, "Bowl", "Beale", "Ravine")
    expect(field).to_have_value(MOVED)
    at_rest(page)
    page.locator(".descent-scene").nth(1).click()
    expect(page.locator(".descent-place")).to_have_text("2 / 3")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")


def centre(part: Locator) -> tuple[float, float]:
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, part: Locator, to: Locator) -> None:
    to.scroll_into_view_if_needed()
    (x, y), (u, v) = centre(part), centre(to)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(u, v, steps=8)
    page.mouse.up()


def swipe(page: Page, part: Locator, to: Locator) -> None:
    """A finger that is laid down, moved and lifted, by the browser's own protocol."""
    (x, y), (_, v) = centre(part), centre(to)
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.25, 0.5, 0.75, 1):
        point = {"x": x, "y": y + share * (v - y)}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_playlist_is_written_and_the_lecture_begins(visit: Visit) -> None:
    page = visit(bypass_csp=True, color_scheme="light", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy embed code").click()
    expect(page.get_by_text("Copied: paste it into a page or a slide.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<iframe src=") and "&amp;embed=true" in copied
    page.get_by_role("button", name="Add this scene to the playlist").click()
    expect(page.get_by_text("The playlist has 1 of 30 scenes.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Playlist").click()
    field = page.get_by_role("textbox", name="Scenes")
    expect(field).to_have_value(f"?{write_query(DEFAULT_SCENE)}\n")
    field.fill(f"# mine\n?{write_query(NEWTON)} predict\nhello\n")
    field.press("Control+Enter")
    expect(page.get_by_text("Line 3:")).to_be_visible()
    expect(page.locator(".descent-scenes li")).to_have_count(1)
    expect(page.get_by_role("link", name="Start the lecture")).to_be_visible()
    field.fill(f"# mine\n?{write_query(NEWTON)} predict\n?{write_query(DEFAULT_SCENE)}\n")
    field.press("Control+Enter")
    expect(page.locator(".descent-scenes")).to_contain_text("Newton, L-BFGS")
    nothing_is_found(page)
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")
    page.reload()
    expect(field).to_have_value(f"# mine\n?{write_query(NEWTON)} predict\n?{write_query(DEFAULT_SCENE)}\n")
    page.get_by_role("link", name="Start the lecture").click()
    expect(page.locator(".descent-place")).to_have_text("1 / 2")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")
