"""A playlist is written, put in order, and shown as a lecture."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.model.presets import DEFAULT_SCENE
from app.scene_text.playlist import pack
from app.scene_text.writer import write_query
from tests.browser.axe import nothing_is_found
from tests.browser.lecture_links import NEWTON
from tests.browser.slow_server import SlowServer
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually

pytestmark = pytest.mark.browser


def titles(page: Page) -> list[str]:
    return page.locator(".descent-scenes b").all_inner_texts()


def shows(page: Page, *expected: str) -> None:
    eventually(page, lambda: titles(page) == list(expected))


MOVED = "?surface=bowl()\n# mine\n?surface=beale() predict\n?surface=ravine()\n"


def test_scenes_are_moved_by_buttons_mouse_and_finger(visit: Visit) -> None:
    text = "# mine\n?surface=beale() predict\n?surface=bowl()\n?surface=ravine()\n"
    page = visit(1280, 1300, f"playlist?playlist={pack(text)}", ready="", has_touch=True)
    field = page.get_by_role("textbox", name="Scenes")
    shows(page, "Beale", "Bowl", "Ravine")
    button = page.get_by_role("button", name="Earlier: Bowl")
    button.focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value(MOVED)
    shows(page, "Bowl", "Beale", "Ravine")
    focused = "document.activeElement.dataset.act"
    eventually(page, lambda: page.evaluate(focused) == "move_down")  # it is the first now
    at_rest(page)  # until then the list may be drawn anew
    drag(page, page.locator(".descent-thumbnail").nth(2), page.locator(".descent-thumbnail").first)
    shows(page, "Ravine", "Bowl", "Beale")
    expect(field).to_have_value("?surface=ravine()\n?surface=bowl()\n# mine\n?surface=beale() predict\n")
    at_rest(page)
    swipe(page, page.locator(".descent-grip").first, page.locator(".descent-grip").nth(2))
    shows(page, "Bowl", "Beale", "Ravine")
    expect(field).to_have_value(MOVED)
    at_rest(page)
    page.locator(".descent-scene").nth(1).click()
    expect(page.locator(".descent-place")).to_have_text("2 / 3")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")


def test_what_is_sent_before_the_moved_text_has_come_does_not_move_it_back(visit: Visit) -> None:
    """The question for news of a picture that is computed, or another press: both bring the text of before."""
    server = SlowServer()
    text = "?surface=beale()\n?surface=bowl()\n"
    page = visit(1280, 1300, f"playlist?playlist={pack(text)}", ready="", meddle=server.connect)
    shows(page, "Beale", "Bowl")
    at_rest(page)
    server.hold()
    page.get_by_role("button", name="Earlier: Bowl").click()
    eventually(page, lambda: server.count_ended_runs() >= 1)
    page.get_by_role("button", name="Add the scene of the race").click()
    eventually(page, lambda: server.count_ended_runs() >= 2)
    server.release()
    shows(page, "Bowl", "Beale", "Ravine")
    field = page.get_by_role("textbox", name="Scenes")
    expect(field).to_have_value(re.compile(r"^\?surface=bowl\(\)\n\?surface=beale\(\)\n\?surface=ravine\(\)"))
    field.fill(text)  # what has been moved can be typed as it was
    field.press("Control+Enter")
    shows(page, "Beale", "Bowl")


def test_a_reload_of_another_page_keeps_the_playlist(visit: Visit) -> None:
    page = visit()
    page.get_by_role("link", name="Playlist").click()
    field = page.get_by_role("textbox", name="Scenes")
    field.fill(MOVED)
    field.press("Control+Enter")
    shows(page, "Bowl", "Beale", "Ravine")
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About", exact=False).first).to_be_visible()
    at_rest(page)
    page.reload()
    page.get_by_role("link", name="Playlist").click()  # as soon as it is there: before the first page is whole
    expect(field).to_have_value(MOVED)


def centre(part: Locator) -> tuple[float, float]:
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, part: Locator, to: Locator) -> None:
    to.scroll_into_view_if_needed()
    (x, y), (u, v) = centre(part), centre(to)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(u, v, steps=8)
    page.mouse.up()


def swipe(page: Page, part: Locator, to: Locator) -> None:
    """A finger that is laid down, moved and lifted, by the browser's own protocol."""
    (x, y), (_, v) = centre(part), centre(to)
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.25, 0.5, 0.75, 1):
        point = {"x": x, "y": y + share * (v - y)}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_playlist_is_written_and_the_lecture_begins(visit: Visit) -> None:
    page = visit(bypass_csp=True, color_scheme="light", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy embed code").click()
    expect(page.get_by_text("Copied: paste it into a page or a slide.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<iframe src=") and "&amp;embed=true" in copied
    page.get_by_role("button", name="Add this scene to the playlist").click()
    expect(page.get_by_text("The playlist has 1 of 30 scenes.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Playlist").click()
    field = page.get_by_role("textbox", name="Scenes")
    expect(field).to_have_value(f"?{write_query(DEFAULT_SCENE)}\n")
    field.fill(f"# mine\n?{write_query(NEWTON)} predict\nhello\n")
    field.press("Control+Enter")
    expect(page.get_by_text("Line 3:")).to_be_visible()
    expect(page.locator(".descent-scenes li")).to_have_count(1)
    expect(page.get_by_role("link", name="Start the lecture")).to_be_visible()
    field.fill(f"# mine\n?{write_query(NEWTON)} predict\n?{write_query(DEFAULT_SCENE)}\n")
    field.press("Control+Enter")
    expect(page.locator(".descent-scenes")).to_contain_text("Newton, L-BFGS")
    nothing_is_found(page)
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")
    page.reload()
    expect(field).to_have_value(f"# mine\n?{write_query(NEWTON)} predict\n?{write_query(DEFAULT_SCENE)}\n")
    page.get_by_role("link", name="Start the lecture").click()
    expect(page.locator(".descent-place")).to_have_text("1 / 2")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")
