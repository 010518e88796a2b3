"""Requests of a page to other servers are noticed: each test of a page relies on it."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import heard
from tests.browser.waiting import eventually

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("address", ["https://example.org/a.css", "http://192.0.2.1/a.js", "ws://example.org/a"])
def test_a_request_to_another_machine_is_a_complaint(browser: Browser, address: str) -> None:
    complaints: list[str] = []
    with browser.new_context() as context:
        page = heard(context.new_page(), complaints)
        page.evaluate(
            "(url) => { if (url.startsWith('ws')) new WebSocket(url); else document.body.append(Object.assign("
            "document.createElement('img'), { src: url })); }",
            address,
        )
        eventually(page, lambda: bool(complaints))
