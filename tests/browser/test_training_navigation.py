"""From the training page to others and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.training_helpers import SMALL, done
from tests.browser.visits import Visit

pytestmark = pytest.mark.browser


def test_back_from_the_race_on_a_landscape_leads_to_the_training_and_its_address(visit: Visit) -> None:
    """Streamlit pushes the address of the race under the name of the training page first."""
    page = visit(path=SMALL, ready="")
    done(page)
    page.get_by_role("button", name="Draw the landscape").click()
    section = page.locator(".descent-training-landscape")
    expect(section).to_have_attribute("data-state", "done", timeout=60_000)
    section.get_by_role("button", name="Race on this landscape").click()
    expect(page.get_by_role("row", name="Momentum")).to_be_visible(timeout=60_000)
    page.go_back()
    page.wait_for_url(re.compile(r"training\?data=digits"))
    done(page)
    page.reload()
    done(page)
    expect(page.locator(".descent-training-table tbody tr")).to_contain_text("lr 0.005")
