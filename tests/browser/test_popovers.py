"""A popover stays as its visitor left it, however late the server's answers come."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser


class SlowServer:
    """Streamlit's connection to a page; what the server says waits between `hold` and `release`."""

    def __init__(self) -> None:
        self.is_held = False
        self.held: list[str | bytes] = []

    def connect(self, page: Page) -> None:
        page.route_web_socket("**/_stcore/stream", self.route)

    def route(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        self.server = browser.connect_to_server()
        self.server.on_message(lambda message: self.held.append(message) if self.is_held else browser.send(message))

    def hold(self) -> None:
        self.is_held = True

    def has_answered(self) -> bool:
        """Has a run of the script ended since `hold`?"""
        messages = [ForwardMsg.FromString(message) for message in self.held if isinstance(message, bytes)]
        return any(message.WhichOneof("type") == "script_finished" for message in messages)

    def release(self) -> None:
        self.is_held = False
        for message in self.held:
            self.browser.send(message)
        self.held = []


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
    eventually(page, server.has_answered)
    page.keyboard.press("Escape")
    server.release()
    at_rest(page)
    assert page.evaluate("changes") == ["true", "false"]

    button.click()
    expect(content).to_be_visible()
    at_rest(page)
    server.hold()
    page.keyboard.press("Escape")
    eventually(page, server.has_answered)
    button.click()
    server.release()
    expect(content).to_be_visible()
    at_rest(page)
    assert page.evaluate("changes") == ["true", "false", "true", "false", "true"]
