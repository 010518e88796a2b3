"""Before the page and before its picture there is something to see, and after three seconds a word."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_white_while_scripts_and_picture_are_on_their_way(visit: Visit, scheme: str) -> None:
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    def hold(page: Page) -> None:
        for files in ("**/static/js/*", "**/player/plotly-*"):
            page.route(files, keep)

    page = visit(ready="", meddle=hold, color_scheme=scheme, path="")
    frame = page.locator("#descent-loading")
    expect(frame).to_be_visible()
    expect(frame.get_by_text("The page is loading…")).to_be_visible()
    background = frame.evaluate("(frame) => getComputedStyle(frame).backgroundColor")
    assert background == {"light": "rgb(251, 251, 249)", "dark": "rgb(16, 20, 26)"}[scheme]
    page.unroute("**/static/js/*")
    for route in [route for route in held if "/static/js/" in route.request.url]:
        held.remove(route)
        route.continue_()
    expect(page.get_by_label("Steps", exact=True)).to_be_visible()  # the panel can be used
    expect(frame).to_have_count(0)
    waiting = page.locator(".descent-loading, .descent:empty")
    expect(waiting.first).to_be_visible()
    assert "loading" in waiting.first.evaluate("(part) => getComputedStyle(part, '::after').content")
    page.unroute("**/player/plotly-*")
    for route in held:
        route.continue_()
    until(page, "d && d.paintCount > 0")
    expect(waiting).to_have_count(0)
