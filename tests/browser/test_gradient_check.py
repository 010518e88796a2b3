"""The gradient check in a real browser: h is dragged without the server, traps, keys, a phone."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest

pytestmark = pytest.mark.browser
SMALL = "gradient-check?of=network(data=xor,samples=8,width=4)"


def done(page: Page) -> None:
    expect(page.locator(".descent-check[data-state=done]")).to_have_count(1, timeout=60_000)


def drag(page: Page, start: float, end: float) -> None:
    """Press at a part of the chart's width and move to another, without letting go."""
    box = page.locator(".descent-check-plot").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=12)


def test_h_is_dragged_without_the_server_and_let_go_into_the_link(visit: Visit) -> None:
    sent: list[Any] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))  # noqa: PLW0108 -- Playwright marks the function

    page = visit(path="about", ready="")
    page.on("websocket", watch)
    page.goto(page.url.replace("about", SMALL))
    done(page)
    sentence, root = page.locator(".descent-check-sentence p"), page.locator(".descent-check")
    expect(sentence).to_contain_text("No fault found")
    before = page.locator(".descent-check-table").first.inner_text()
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    sent.clear()
    drag(page, 0.6, 0.2)
    expect(sentence).to_contain_text("Undecided")
    assert page.locator(".descent-check-table").first.inner_text() != before
    assert sent == []
    h = root.get_attribute("data-h")
    page.mouse.up()
    page.wait_for_url(re.compile("h%3D"))
    assert root.get_attribute("data-h") == h
    page.go_back()
    expect(root).to_have_attribute("data-h", "0.00001")


def test_back_leads_to_the_page_as_it_was_opened(visit: Visit) -> None:
    """The first address has no parameters: one that says nothing is a scene like the others."""
    page = visit(path="gradient-check", ready="", bypass_csp=True)
    done(page)
    pressed = page.locator(".descent-chip[aria-pressed=true]")
    for trap in ("A kink within h", "Single precision"):
        page.get_by_role("button", name=trap).click()
        expect(pressed).to_have_text(trap)
        page.wait_for_url(re.compile("trap="))
        done(page)
    page.wait_for_url(re.compile("trap=single"))
    page.go_back()
    expect(pressed).to_have_text("A kink within h")
    done(page)
    page.go_back()
    expect(pressed).to_have_count(0)
    page.wait_for_url(re.compile("/gradient-check$"))


def test_a_trap_goes_on_and_off_and_the_handle_and_the_entries_obey_keys(visit: Visit) -> None:
    page = visit(path=SMALL, ready="", bypass_csp=True)
    done(page)
    handle, sentence = (
        page.get_by_role("slider", name="Step size h", exact=True).last,
        page.locator(".descent-check-sentence p"),
    )
    handle.press("ArrowRight")
    expect(page.locator(".descent-check")).to_have_attribute("data-h", "0.0000125")
    expect(handle).to_have_attribute("aria-valuetext", re.compile("h = 1.25·10⁻⁵, relative error .*No fault found"))
    handle.press("Home")
    expect(page.locator(".descent-check")).to_have_attribute("data-h", "1e-16")
    page.wait_for_url(re.compile("h%3D1e-16"))
    entries = page.get_by_role("application")
    entries.press("ArrowRight")
    expect(page.locator(".descent-check-readout")).to_contain_text("analytic")
    trap = page.get_by_role("button", name="Single precision")
    trap.click()
    expect(trap).to_have_attribute("aria-pressed", "true")
    expect(sentence).to_contain_text("rounding alone")
    nothing_is_found(page, ".descent-check")
    trap.click()
    expect(trap).to_have_attribute("aria-pressed", "false")
    page.wait_for_url(re.compile("of=network"))


def test_the_chart_and_the_entries_are_saved(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    for what, kind, start in (("", "PNG", b"\x89PNG"), ("", "SVG", b"<?xml"), ("the entries ", "CSV", b"entry,h,")):
        with page.expect_download() as coming:
            page.get_by_role("button", name=f"Save {what}as {kind}").click()
        content = Path(coming.value.path()).read_bytes()
        assert coming.value.suggested_filename == f"gradient-check.{kind.lower()}" and content.startswith(start)
        if kind == "SVG":
            assert b"<title" in content and b"gradient-check?of=network" in content  # what it shows, and its link


def test_on_a_phone_a_tap_moves_h_and_an_entry_is_tapped(visit: Visit) -> None:
    page = visit(
        390, 844, SMALL, "document.querySelector('.descent-check[data-state=done]')", has_touch=True, is_mobile=True
    )
    plot = page.locator(".descent-check-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page.locator(".descent-check-sentence p")).to_contain_text("Undecided")
    page.locator(".descent-check-gallery canvas").first.tap()
    expect(page.locator(".descent-check-readout")).to_contain_text("W1[")
    assert not page.evaluate(SIDEWAYS)


KEEP_VERDICTS = """
window.__said = [];
new MutationObserver(() => {
  const text = document.querySelector(".descent-check-sentence p")?.textContent;
  if (text && __said.at(-1) !== text) __said.push(text);
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def test_no_verdict_at_another_h_flashes_while_the_first_step_sizes_come(visit: Visit) -> None:
    """The largest steps come first: at h = 1 this gradient would be called wrong."""
    page = visit(path=SMALL, ready="", meddle=lambda page: page.add_init_script(KEEP_VERDICTS))
    done(page)
    said = page.evaluate("__said")
    waiting = page.evaluate("document.querySelector('.descent-check-waiting')")
    assert waiting is None and said[-1].startswith("No fault found")
    assert set(said[:-1]) <= {"The first step sizes are being computed."}


IN_SIGHT = """() => [...document.querySelectorAll(".descent-chip, .descent-check-plot")].every((part) => {
  const { top, bottom } = part.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
})"""
TRAP_KEYS = "1234567890-"


def test_all_traps_are_in_sight_have_a_key_and_are_undone_by_keys(visit: Visit) -> None:
    page = visit(1366, 900, SMALL, ready="", bypass_csp=True)
    done(page)
    chips = page.locator(".descent-chip")
    expect(chips).to_have_count(len(TRAP_KEYS))
    assert page.evaluate(IN_SIGHT)
    pressed = page.locator(".descent-chip[aria-pressed=true]")
    for index in (9, 10, 0):
        page.keyboard.press(TRAP_KEYS[index])
        expect(chips.nth(index)).to_have_attribute("aria-pressed", "true")
        expect(pressed).to_have_count(1)
    at_rest(page)
    assert page.evaluate(IN_SIGHT)  # with its text
    page.keyboard.press("ControlOrMeta+z")
    expect(chips.nth(10)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ControlOrMeta+z")
    expect(chips.nth(9)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ControlOrMeta+y")
    expect(chips.nth(10)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("slider", name="Samples").focus()  # a slider takes letters, and not those with Ctrl
    page.keyboard.press("ControlOrMeta+Shift+z")
    expect(chips.nth(0)).to_have_attribute("aria-pressed", "true")


def test_a_formula_that_cannot_be_read_marks_verdict_and_picture_until_it_can(visit: Visit) -> None:
    page = visit(path="gradient-check?of=formula&f=x**2&dx=2*x&dy=0", ready="", bypass_csp=True)
    done(page)
    mark, root = page.locator(".descent-check-outdated-words"), page.locator(".descent-check")
    expect(mark).to_be_hidden()
    field = page.get_by_label("∂f/∂x")
    field.fill("2 x +* 1")
    field.press("Enter")
    expect(mark).to_contain_text("cannot be checked")
    expect(root).to_have_class(re.compile("descent-check-outdated"))
    nothing_is_found(page, ".descent-check")
    field.fill("3 x")
    field.press("Enter")
    expect(mark).to_be_hidden()
    expect(page.locator(".descent-check-sentence p")).to_contain_text("Wrong")
