"""A lecture in a real browser: by the keys of a presenter remote, and its way out on a phone."""

import re

import pytest
from playwright.sync_api import expect

from app.scene_text.writer import write_query
from tests.browser.axe import nothing_is_found
from tests.browser.held_messages import hold_messages
from tests.browser.lecture_links import ADAM, NEWTON, at, link
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser

BEGIN_AND_RELEASE = """async () => {
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }));
  await new Promise(requestAnimationFrame);
  await window.release();
}"""


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


def test_a_race_that_is_begun_before_its_landscape_has_come_runs(visit: Visit) -> None:
    page = visit(1280, 720, link(2), moving=True, meddle=hold_messages("race/mount.js", "receiveStage"))
    at(page, 2, 3)
    page.evaluate("window.isHeld = true")
    page.keyboard.press("PageUp")
    until(page, "!window.isHeld && d.column(0, 'loss').length === 251 && d.step === 0 && !d.playing")
    page.evaluate(BEGIN_AND_RELEASE)  # before the server has heard of it
    until(page, "d.playing && d.step > 1")


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
    for part in (asked.locator(".descent-question"), *page.locator(".descent-taken").all()):
        assert part.evaluate("(part) => getComputedStyle(part).fontSize") == "22.4px"
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
    at_rest(page)  # the server knows that the code is in the corner
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
    page = visit(path=link(1, "?surface=beale()\n?run=adam(lr=1e9)\nnonsense\n?surface=bowl() Who?\n"))
    expect(page.locator(".st-key-faults")).to_contain_text("playlist, 2: lr=1e9")
    expect(page.locator(".st-key-faults")).to_contain_text("playlist, 3: nonsense")
    expect(page.locator(".descent-surface b")).to_have_text("Beale")
    page.get_by_role("button", name="Got it").click()
    expect(page.locator(".st-key-faults")).to_have_count(0)
    page.locator(".descent").focus()
    page.keyboard.press("o")
    scenes = page.locator(".descent-overview .descent-scene")
    scenes.last.click()  # the good ones are there
    expect(page.locator(".descent-surface b")).to_have_text("Bowl")
    expect(page.locator(".descent-asked")).to_contain_text("Who?")
    page.keyboard.press("o")
    scenes.first.click()
    expect(page.locator(".descent-surface b")).to_have_text("Beale")
    page.get_by_role("button", name="Leave lecture mode").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Surface")).to_have_value(re.compile("^Beale "))


def test_the_type_of_a_rule_gives_way_to_longer_numbers(visit: Visit) -> None:
    """4.5 becomes -0.002266 and 1.759e-4 on the way, and no box changes by that."""
    page = visit(1024, 768, "?surface=ravine()&run=momentum(lr=0.005)&run=nesterov(lr=0.005)&mode=lecture")
    until(page, "d.drawn === 0 && !d.playing")
    page.keyboard.press("e")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".descent-rule-step")).to_have_text("step 1")
    at_rest(page)
    lines = page.locator(".descent-rule-lines")
    for key, step in (("End", "step 150"), *[("ArrowLeft", f"step {k}") for k in range(149, 140, -1)]):
        page.keyboard.press(key)
        expect(page.locator(".descent-rule-step")).to_have_text(step)
        eventually(page, lambda: lines.evaluate("(box) => box.scrollWidth <= box.clientWidth + 1"))
