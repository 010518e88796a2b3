"""About in a real browser: found from the race, readable on a phone, a name opens the race with it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


def test_the_page_is_found_and_its_names_open_the_race(visit: Visit) -> None:
    page = visit(color_scheme="light", bypass_csp=True)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    expect(page.locator("table")).to_have_count(3)
    expect(page.get_by_role("row", name=re.compile(r"Adam.*torch\.optim.*optax"))).to_be_visible()
    nothing_is_found(page)
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(SIDEWAYS)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Yogi", exact=True).click()
    race = opened.value
    until(race, "d.paintCount > 0")
    expect(race.locator(".descent-table tbody tr")).to_have_count(1)
    expect(race.locator(".descent-table tbody tr")).to_contain_text("Yogi")
