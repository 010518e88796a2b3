"""A popover stays as its visitor left it, however late the server's answers come."""

import pytest
from playwright.sync_api import expect

from tests.browser.slow_server import SlowServer
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser


RECORD_CHANGES = """(button) => {
  window.changes = [];
  const record = () => window.changes.push(button.getAttribute("aria-expanded"));
  new MutationObserver(record).observe(button, { attributeFilter: ["aria-expanded"] });
}"""


def test_a_late_answer_neither_closes_nor_opens_a_popover(visit: Visit) -> None:
    server = SlowServer()
    page = visit(meddle=server.connect)
    button, popover = page.get_by_role("button", name="Share"), page.locator("[data-testid=stPopoverBody]")
    content = popover.get_by_role("button", name="Show this scene")
    button.evaluate(RECORD_CHANGES)
    at_rest(page)

    server.hold()
    button.click()
    eventually(page, lambda: server.count_ended_runs() > 0)
    page.keyboard.press("Escape")
    server.release()
    at_rest(page)
    assert page.evaluate("changes") == ["true", "false"]

    button.click()
    expect(content).to_be_visible()
    at_rest(page)
    server.hold()
    page.keyboard.press("Escape")
    eventually(page, lambda: server.count_ended_runs() > 0)
    button.click()
    server.release()
    expect(content).to_be_visible()
    at_rest(page)
    assert page.evaluate("changes") == ["true", "false", "true", "false", "true"]
