"""Where the focus of a visitor with a keyboard alone goes: popovers, replaced controls, the sidebar, new pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser

IS_FOCUSED = "(part) => part === document.activeElement"
HAS_FOCUS = "(part) => part.contains(document.activeElement)"
TAB_STOP = """() => {
  const { activeElement: stop } = document;
  const isOutlined = (part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(part);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1.5;
  };
  return {
    name: stop.outerHTML.slice(0, 150),
    isUnmarkedField: stop.matches("[data-testid=stSidebar] input") && !isOutlined(stop)
      && !isOutlined(stop.parentElement) && !isOutlined(stop.parentElement.parentElement),
    isMain: stop.id === "stMain",
    isUnderHeader: Boolean(stop.closest("[data-testid=stMain]")) && !stop.closest(".st-key-header")
      && stop.getBoundingClientRect().top < 48,
  };
}"""


def walk(page: Page, presses: int, key: str = "Tab") -> list[dict[str, object]]:
    stops = []
    for _ in range(presses):
        page.keyboard.press(key)
        stops.append(page.evaluate(TAB_STOP))
    return stops


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(100):
        if page.locator(selector).first.evaluate(IS_FOCUSED):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not reach {selector}")


def open_menu(page: Page, name: str) -> None:
    """Open the menu of the first run by keys, and go to the element called `name` in it."""
    page.get_by_role("button", name="More").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("switch", name="Show this run")).to_be_focused()
    tab_to(page, f"[data-testid=stPopoverBody] {name}")


def test_a_popover_opened_by_a_key_takes_the_focus_and_keeps_it_until_escape(visit: Visit) -> None:
    page = visit()
    button, popover = page.get_by_role("button", name="Share"), page.locator("[data-testid=stPopoverBody]")
    button.focus()
    page.keyboard.press("Enter")
    eventually(page, lambda: popover.evaluate(HAS_FOCUS))
    expect(popover.get_by_role("button", name="Show this scene")).to_be_visible()
    expect(popover.get_by_role("button", name="Copy the link")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(popover.get_by_role("button", name="Show this scene")).to_be_focused()
    page.keyboard.press("Tab")
    expect(popover.get_by_role("button", name="Copy the link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.click()  # a pointer's focus is moved nowhere
    expect(popover.get_by_role("button", name="Show this scene")).to_be_visible()
    at_rest(page)
    assert not popover.evaluate(HAS_FOCUS)


def test_what_is_replaced_keeps_the_focus_and_what_is_removed_gives_it_to_its_neighbour(visit: Visit) -> None:
    page = visit()
    open_menu(page, "[aria-label='Schedule for lr']")
    page.keyboard.type("Step")
    expect(page.get_by_role("option", name="Step decay")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("step_decay"))
    at_rest(page)
    expect(page.get_by_role("combobox", name="Schedule for lr")).to_be_focused()
    page.keyboard.press("Escape")
    tab_to(page, ".st-key-0-remove button")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-card0")).to_have_count(0)
    expect(page.locator(".st-key-card1 :focus")).to_have_count(1)


def test_what_is_typed_on_a_slider_is_its_value_and_no_shortcut(visit: Visit) -> None:
    page = visit()
    field = page.get_by_label("lr (α) of Momentum, typed")
    field.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("al")  # would hide what is ahead, and loop
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "false")
    page.keyboard.type("0.012")
    expect(field).to_be_focused()
    expect(field).to_have_value("0.012")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"run=momentum\(lr=0\.012\)&run=nesterov\(lr=0\.005\)$"))  # both are shown
    expect(field).to_be_focused()


def test_one_tab_leaves_a_list_after_a_choice_by_enter(visit: Visit) -> None:
    page = visit()
    page.get_by_role("combobox", name="Surface").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("beale")
    expect(page.get_by_role("option", name="Beale Valley")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("surface=beale"))
    at_rest(page)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Start x")).to_be_focused()


def test_a_new_page_has_the_focus_at_its_heading_and_an_answer_at_its_explanation(visit: Visit) -> None:
    page = visit(path="lessons", ready="")
    at_rest(page)  # what keeps the focus has come
    page.get_by_role("link", name=re.compile("Start here")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("button", name="Shorter and shorter").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-tell")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Next: ")).click()
    expect(page.get_by_role("heading", name=re.compile("too low, good"))).to_be_visible()
    at_rest(page)
    expect(page.get_by_role("heading", level=1)).not_to_be_focused()  # after a click


def test_focus_is_marked_in_the_panel_and_never_lies_under_the_header(visit: Visit) -> None:
    page = visit(height=450)  # so that the page scrolls
    expect(page.get_by_label("Steps", exact=True)).to_be_visible()
    stops = walk(page, 55) + walk(page, 40, "Shift+Tab")
    for fault in ("isUnmarkedField", "isMain", "isUnderHeader"):
        assert [stop["name"] for stop in stops if stop[fault]] == [], fault


def test_keys_open_and_close_the_sheet(visit: Visit) -> None:
    page = visit(width=720, height=450)
    sidebar, opener = page.locator("[data-testid=stSidebar]"), page.get_by_role("button", name="Expand sidebar")
    closer = page.get_by_role("button", name="Collapse sidebar")
    opener.focus()
    for key in ("Escape", "Enter"):
        page.keyboard.press("Enter")
        expect(closer).to_be_focused()
        if key == "Escape":
            page.get_by_label("Start x").focus()
        page.keyboard.press(key)
        expect(sidebar).to_have_attribute("data-collapsed", "true")
        expect(opener).to_be_focused()
    tab_to(page, ".st-key-pages a")
    offset = "(link) => parseFloat(getComputedStyle(link).outlineOffset)"
    assert page.locator(".st-key-pages a").first.evaluate(offset) < 0  # the bar would cut off the mark
