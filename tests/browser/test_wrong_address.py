"""An address without a page is said in the page's language, and the race is behind it."""

import pytest
from playwright.sync_api import Browser, expect

SENTENCES = {"en": "There is no page at this address", "zh": "这个地址没有对应的页面"}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_wrong_address_is_said_in_the_visitors_language(browser: Browser, address: str, language: str) -> None:
    with browser.new_context() as context:  # of its own: Streamlit complains of the address in the console
        page = context.new_page()
        page.goto(f"{address.rstrip('/')}/nowhere?language={language}")
        said = page.get_by_role("dialog")
        expect(said).to_contain_text(SENTENCES[language])
        expect(said).not_to_contain_text("main page")
        said.get_by_role("button").click()
        expect(said).to_have_count(0)
        expect(page.locator(".descent-landscape").first).to_be_visible()
