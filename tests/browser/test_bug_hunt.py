"""The bug hunt in a real browser: by mouse from the gradient check to the answer, by keys alone on a narrow screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.visits import Visit

pytestmark = pytest.mark.browser
CAREFUL = "check=centred(steps=30,l2=0.1)"
READY = "document.querySelector('.descent-hunt[data-number]')"


def has_checked(page: Page, count: int) -> None:
    expect(page.locator(f".descent-hunt[data-checks='{count}']")).to_have_count(1)


def test_a_hunt_is_played_by_mouse_and_the_way_leads_back(visit: Visit) -> None:
    """Hunt 1: the second of three matrices is not regularized."""
    page = visit(path="gradient-check?of=bowl()", ready="document.querySelector('.descent-check')", bypass_csp=True)
    page.get_by_role("link", name="The bug hunt").click()
    expect(page.locator(".descent-hunt-status")).to_have_text(re.compile(r"spent 0 · par \d+"))
    check, names = page.locator(".descent-hunt-go"), page.locator(".descent-hunt-names button")
    expect(names.first).to_be_disabled()
    check.click()
    has_checked(page, 1)
    expect(page.locator(".descent-hunt-verdict")).to_contain_text("✓ No fault found")
    page.goto(re.sub(r"\?.*", f"?hunt=1&{CAREFUL}", page.url))
    page.get_by_role("button", name="Layer 2").click()
    page.wait_for_url(re.compile("blocks"))
    has_checked(page, 1)  # that before the reload
    block = page.locator(".descent-hunt-block").filter(has_text="W2")
    expect(block).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".descent-hunt-block[aria-pressed=true]")).to_have_count(2)
    check.click()
    has_checked(page, 2)
    expect(block).to_have_attribute("aria-label", re.compile("W2, 10 × 10, will be checked, ✗ largest relative error"))
    page.get_by_role("button", name="b1", exact=True).click()
    expect(page.locator(".descent-hunt-note")).to_contain_text("b1 is not it")
    nothing_is_found(page, ".descent-hunt")
    page.get_by_role("button", name="W2", exact=True).click()
    heading = page.locator(".descent-hunt-ending h2")
    expect(heading).to_contain_text("Found with")
    expect(heading).to_be_focused()
    expect(page.locator(".descent-hunt-lines")).to_contain_text("dW2 = H1.T @ dZ2 + l2 * W2")
    nothing_is_found(page, ".descent-hunt")
    page.get_by_role("link", name="Back to the gradient check").click()
    expect(page.locator(".descent-check")).to_have_count(1)


def test_a_hunt_is_given_up_by_keys_alone_on_a_narrow_screen(visit: Visit) -> None:
    page = visit(320, 700, f"bug-hunt?hunt=4&{CAREFUL}", READY)
    block = page.locator(".descent-hunt-block").first
    block.focus()
    block.press("Space")
    expect(block).to_have_attribute("aria-pressed", "false")
    expect(block).to_be_focused()
    page.locator(".descent-hunt-go").press("Enter")
    has_checked(page, 1)
    expect(page.locator(".descent-hunt-log ol > li")).to_have_count(1)
    assert not page.evaluate(SIDEWAYS)
    page.locator(".descent-hunt-surrender summary").press("Enter")
    page.get_by_role("button", name="Show the bug").press("Enter")
    expect(page.locator(".descent-hunt-ending h2")).to_be_focused()
    assert not page.evaluate(SIDEWAYS)
    page.locator(".descent-hunt-next").press("Enter")
    expect(page.locator(".descent-hunt")).to_have_attribute("data-number", "5")
    expect(page.locator(".descent-hunt-bar > h2")).to_be_focused()
    expect(page.locator(".descent-hunt-ending")).to_be_hidden()


def test_what_is_spent_named_and_seen_outlives_a_reload_and_settings_are_undone_by_keys(visit: Visit) -> None:
    page = visit(path=f"bug-hunt?hunt=1&{CAREFUL}", ready=READY)
    status, log = page.locator(".descent-hunt-status"), page.locator(".descent-hunt-log ol > li")
    page.locator(".descent-hunt-go").click()
    has_checked(page, 1)
    page.get_by_role("button", name="b1", exact=True).click()
    expect(page.locator(".descent-hunt-note")).to_contain_text("b1 is not it")
    spent, entry = status.inner_text(), log.first.inner_text()
    page.reload()
    has_checked(page, 1)
    assert (status.inner_text(), log.first.inner_text()) == (spent, entry)
    expect(page.get_by_role("button", name="✗ b1")).to_be_disabled()
    page.get_by_role("button", name="Layer 2").click()
    page.wait_for_url(re.compile("blocks"))
    page.keyboard.press("ControlOrMeta+z")
    page.wait_for_url(lambda url: "blocks" not in url)
    page.keyboard.press("ControlOrMeta+y")
    page.wait_for_url(re.compile("blocks"))
    page.locator(".descent-hunt-surrender summary").click()
    page.get_by_role("button", name="Show the bug").click()
    heading = page.locator(".descent-hunt-ending h2")
    expect(heading).to_contain_text("Given up")
    page.reload()
    expect(heading).to_contain_text("Given up")
    page.goto(re.sub(r"\?.*", "?hunt=1", page.url))  # the same hunt by another link
    expect(heading).to_contain_text("Given up")
