"""The browser's history between pages: one way is one entry."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("link", ["Maps", "Lessons", "Gradient check", "Training", "Playlist", "About"])
def test_the_way_to_another_page_and_back_is_one_press_each(visit: Visit, link: str) -> None:
    page = visit()
    entries = page.evaluate("history.length")
    page.locator("header").get_by_role("link", name=link, exact=True).click()
    eventually(page, lambda: page.url.rpartition("/")[2].startswith(link.lower().replace(" ", "-")))
    at_rest(page)
    there = page.url
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    expect(page.locator(".descent-landscape")).to_be_visible()
    expect(page.locator("[data-testid=stSidebar]").get_by_label("Surface")).to_be_visible()
    at_rest(page)
    assert page.url.rpartition("/")[2] == ""
    page.go_forward()
    eventually(page, lambda: page.url == there)
    at_rest(page)
    assert page.url == there


def test_back_from_the_maps_shows_the_scene_with_which_the_visit_began(visit: Visit) -> None:
    page = visit()
    surface = page.locator("[data-testid=stSidebar]").get_by_label("Surface")
    first = surface.input_value()
    page.locator("header").get_by_role("link", name="Maps", exact=True).click()
    eventually(page, lambda: "himmelblau" in page.url)
    expect(surface).to_have_value(re.compile("^Himmelblau"))
    at_rest(page)
    page.go_back()
    expect(page.locator(".descent-landscape")).to_be_visible()
    expect(surface).to_have_value(first)
    at_rest(page)
    assert page.url.rpartition("/")[2] == ""
