"""Keys wherever the page has its focus, dialogs over the race, large type and full screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import live, open_scene
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, until

pytestmark = pytest.mark.browser


def test_keys_work_wherever_the_page_is_focused_and_none_is_taken_while_typing(visit: Visit) -> None:
    page = visit(moving=True)
    page.mouse.click(1150, 20)  # the header, where no name of a page is
    press = page.keyboard.press
    until(page, "d.playing")
    press("Space")
    until(page, "!d.playing")
    press("End")
    until(page, "d.step === 150")
    press("ArrowLeft")
    until(page, "d.step === 149")
    press("Home")
    until(page, "d.step === 0")
    press("+")
    expect(page.get_by_label("Speed")).to_have_value("2")
    press("-")
    press("-")
    expect(page.get_by_label("Speed")).to_have_value("0.5")
    press("2")
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_have_count(0)
    press("2")
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_have_count(1)
    press("l")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    live(page, "seek(7)")
    field = page.get_by_label("Start x")
    field.focus()
    for key in ("End", "1", "Space", "l"):
        press(key)
    assert live(page, "step") == 7 and not live(page, "playing")
    expect(page.get_by_role("row", name=re.compile("Momentum"))).to_have_count(1)


def test_the_race_waits_under_a_dialog_and_goes_on_after_it(visit: Visit) -> None:
    page = visit(moving=True)
    ours, streamlits = page.get_by_role("dialog", name="Keys"), page.get_by_role("dialog", name="Momentum")
    page.get_by_role("button", name="Loop").click()
    page.get_by_label("Speed").select_option("0.1")
    for opened, press in (
        (ours, page.get_by_role("button", name="Keys", exact=True).click),
        (streamlits, page.get_by_role("button", name="Formula and code").first.click),
    ):
        until(page, "d.playing")
        press()
        expect(opened).to_be_visible()
        until(page, "!d.playing")
        page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
        until(page, "d.playing")
    page.keyboard.press("Space")
    until(page, "!d.playing")
    page.keyboard.press("?")
    expect(ours).to_be_visible()
    ours.get_by_role("button", name="Close").click()
    expect(ours).to_be_hidden()
    assert not live(page, "playing")


def test_one_switch_makes_everything_as_large_as_a_back_row_needs(visit: Visit) -> None:
    page = visit()
    size = "parseFloat(getComputedStyle(document.querySelector('%s')).fontSize)"
    parts = (".descent-table", ".descent-counter", "[data-testid=stSidebar] label p")
    for part in parts:
        page.wait_for_selector(part, state="attached")
    before = [page.evaluate(size % part) for part in parts]
    button = page.get_by_role("button", name="Large type, for a projector")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    after = [page.evaluate(size % part) for part in parts]
    assert [a / b for a, b in zip(after, before, strict=True)] == pytest.approx([1.6] * 3, rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_f_fills_the_screen_and_leaves_it(page: Page) -> None:
    page.locator(".descent").focus()
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.className === 'descent'")
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()


def test_space_pauses_after_a_scene_or_a_button_was_clicked(visit: Visit) -> None:
    page = visit(moving=True)
    open_scene(page, "Who leaves the saddle?")
    expect(page.get_by_role("row", name=re.compile("RMSprop"))).to_be_visible()
    until(page, "d.playing && d.step > 3")
    page.keyboard.press("Space")
    until(page, "!d.playing")
    at_rest(page)
    expect(page.get_by_role("row", name=re.compile("RMSprop"))).to_be_visible()  # the scene is the one that was chosen
    page.get_by_role("button", name="To the start").click()
    page.keyboard.press("Space")
    until(page, "d.playing && d.step > 3")


def test_the_hint_of_a_button_goes_with_the_next_key(page: Page) -> None:
    page.get_by_role("button", name="To the start").focus()
    page.keyboard.press("Tab")
    hint = page.locator(".descent-explanation")
    expect(hint).to_have_text("One step back")
    page.keyboard.press("ArrowRight")
    until(page, "d.step === 1")
    expect(hint).to_be_hidden()


def test_space_presses_what_was_reached_by_keys(page: Page) -> None:
    live(page, "seek(9)")
    page.get_by_role("button", name="To the start").focus()
    page.keyboard.press("Tab")  # One step back
    page.keyboard.press("Space")
    until(page, "d.step === 8 && !d.playing")
