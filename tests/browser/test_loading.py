"""Before the page and before its picture there is something to see, and after three seconds a word."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_white_while_scripts_and_picture_are_on_their_way(visit: Visit, address: str, scheme: str) -> None:
    held: list[Route] = []
    released: list[str] = []

    def keep(route: Route) -> None:
        if any(part in route.request.url for part in released):
            route.continue_()
        else:
            held.append(route)

    def release(part: str) -> None:
        released.append(part)
        for route in [route for route in held if part in route.request.url]:
            held.remove(route)
            route.continue_()

    page = visit(ready="", path="_stcore/health", color_scheme=scheme)
    for files in ("**/static/js/*", "**/player/plotly-*"):
        page.route(files, keep)
    page.goto(address, wait_until="commit")
    frame = page.locator("#descent-loading")
    expect(frame).to_be_visible()
    expect(frame.get_by_text("The page is loading…")).to_be_visible()
    background = frame.evaluate("(frame) => getComputedStyle(frame).backgroundColor")
    assert background == {"light": "rgb(251, 251, 249)", "dark": "rgb(16, 20, 26)"}[scheme]
    release("/static/js/")
    expect(page.get_by_label("Steps", exact=True)).to_be_visible()  # the panel can be used
    expect(frame).to_have_count(0)
    waiting = page.locator(".descent-loading, .descent:empty")
    expect(waiting.first).to_be_visible()
    assert "loading" in waiting.first.evaluate("(part) => getComputedStyle(part, '::after').content")
    release("/player/plotly-")
    until(page, "d && d.paintCount > 0")
    expect(waiting).to_have_count(0)
