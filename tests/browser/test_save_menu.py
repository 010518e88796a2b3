"""The menu of what can be saved: by keys, by fingers, and in a lesson."""

import re
from io import BytesIO
from urllib.parse import unquote

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.browser.player_labels import LABELS
from tests.browser.saved_files import at, chunk, heads_have_their_colours, menu, saved
from tests.browser.surface_view_helpers import live
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


def test_a_lesson_is_saved_too_and_its_link_is_the_races(visit: Visit) -> None:
    page = visit(path="lessons?lesson=ball")
    page.get_by_role("button", name="Show me without a prediction").click()
    until(page, "d.column(0, 'loss')?.length > 20")
    name, content = saved(at(page, 20), "png")
    assert re.fullmatch(r"\w+-step-20\.png", name)
    link = chunk(content, b"tEXt").split(b"\0")[1].decode()
    assert "/lessons" not in unquote(link)
    page.goto(link)
    until(page, "d.paintCount && d.drawn === 20")
    assert page.locator("[data-testid=stSidebar]").is_visible()


def in_full_screen(page: Page) -> None:
    page.get_by_role("button", name=LABELS["full"], exact=True).click()
    until(page, "document.fullscreenElement")


def projected(page: Page) -> None:
    page.get_by_role("button", name=LABELS["projector"], exact=True).click()


def test_the_menu_needs_no_pointer(visit: Visit) -> None:
    """Nor in large type, nor where the player fills the screen."""
    page = at(visit(), 20)
    for state in (None, projected, in_full_screen):
        if state:
            state(page)
        by_keys(page)


def by_keys(page: Page) -> None:
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    for key, kind in (
        ("ArrowDown", "png"),
        ("ArrowDown", "svg"),
        ("ArrowUp", "png"),
        ("ArrowUp", "gif"),
        ("ArrowDown", "png"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=LABELS[f"save_{kind}"], exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    assert live(page, "step") == 20


@pytest.mark.parametrize("width, height", [(320, 640), (1440, 900)])
def test_the_menu_is_on_the_page_and_large_enough_for_fingers(visit: Visit, width: int, height: int) -> None:
    page = at(visit(width, height, has_touch=True, is_mobile=width < 400), 20)
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    opener.scroll_into_view_if_needed()
    menu(page)
    for tool in [opener, *page.locator(".descent-choice:visible").all()]:
        box = tool.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44 - 0.01
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    picture = Image.open(BytesIO(saved(page, "png").content))
    heads_have_their_colours(page, saved(page, "png").content, "light")
    assert picture.width > width
