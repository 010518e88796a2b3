"""A lecture in a real browser: by the keys of a presenter remote, on every screen, in a frame of slides."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

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
    press("PageDown")
    at(page, 2, 3)
    expect(asked).to_contain_text("Which one is there <b>first</b>?")
    until(page, "d.step === 0 && !d.playing && d.column(0, 'loss').length === 1")
    before = page.locator(".descent-landscape").bounding_box()
    press("PageDown")  # what happens is shown before the lecture goes on
    expect(asked).to_be_hidden()
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
    expect(asked).to_be_hidden()  # it has been answered
    page.wait_for_url("**&place=2&mode=lecture")
    press("?")
    expect(page.locator(".descent-help")).to_contain_text("Previous scene, next scene")
    press("Escape")
    press("Escape")
    expect(page.get_by_role("combobox", name="Surface")).to_have_value(re.compile("^Rosenbrock "))
    page.wait_for_url("**&place=2")
    page.locator(".descent").focus()
    press("m")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()


def test_a_lecture_fits_every_screen_and_axe_finds_nothing(visit: Visit) -> None:
    page = visit(1280, 720, link(2), bypass_csp=True)
    expect(page.locator(".descent-asked")).to_be_visible()
    nothing_is_found(page, ".descent")
    page.keyboard.press("r")
    expect(page.locator(".descent-asked")).to_be_hidden()
    assert findings(page) == []
    for width, height in ((1920, 1080), (1280, 720), (1024, 768), (390, 844), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        eventually(page, partial(fits, page, width, height))


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
    expect(slide.locator(".descent-asked")).to_be_visible()
    page.keyboard.press("PageUp")
    expect(slide.locator(".descent-table tbody tr")).to_have_count(5)
    expect(slide.locator(".descent-asked")).to_be_hidden()
    expect(start).to_have_attribute("style", before or "")


def test_a_playlist_is_written_and_the_lecture_begins(visit: Visit) -> None:
    page = visit(bypass_csp=True, color_scheme="light")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Add this scene to the playlist").click()
    expect(page.get_by_text("The playlist has 1 of 30 scenes.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Playlist").click()
    field = page.get_by_role("textbox", name="Scenes")
    expect(field).to_have_value(f"?{write_query(DEFAULT_SCENE)}\n")
    field.fill(f"# mine\n?{write_query(NEWTON)} predict\nhello\n")
    field.press("Control+Enter")
    expect(page.get_by_text("Line 3:")).to_be_visible()
    field.fill(f"# mine\n?{write_query(NEWTON)} predict\n?{write_query(DEFAULT_SCENE)}\n")
    field.press("Control+Enter")
    expect(page.get_by_text("Rosenbrock · Newton")).to_be_visible()
    nothing_is_found(page)
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")
    page.reload()
    expect(field).to_have_value(f"# mine\n?{write_query(NEWTON)} predict\n?{write_query(DEFAULT_SCENE)}\n")
    page.get_by_role("link", name="Start the lecture").click()
    expect(page.locator(".descent-place")).to_have_text("1 / 2")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")
