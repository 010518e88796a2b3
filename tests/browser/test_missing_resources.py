"""Resources that do not arrive, or are refused: a script that is blocked, a file that is sent without a cookie."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.waiting import SECONDS, until

MISSING = {"": "could not be loaded from the server", "language=zh": "没有从服务器"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own: what cannot be had is complained of in the console."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", reduced_motion="reduce")
    page, broken = context.new_page(), []
    page.set_default_timeout(SECONDS * 1000)
    page.on("pageerror", lambda error: broken.append(error.stack or str(error)))
    yield page
    context.close()
    assert not broken


class Blocked:
    """Files that do not come the first times: they are cut off, missing, or something else, in turns."""

    def __init__(self, page: Page, files: str, often: float = float("inf")) -> None:
        self.often, self.asked = often, []
        page.route(re.compile(files), self.answer)

    def answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if self.times(route.request.url) > self.often:
            route.continue_()
        elif len(self.asked) % 3 == 1:
            route.abort("connectionreset")
        elif len(self.asked) % 3 == 2:
            route.fulfill(status=404, body="Not Found")
        else:
            route.fulfill(body="export const", content_type="text/javascript")  # what came until it broke off

    def times(self, url: str) -> int:
        """How often this file was asked for, by whatever address."""
        return sum(name(other) == name(url) for other in self.asked)


def name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


PLACES = [
    ("?surface=bowl()&run=adam()", "/player/plotly-"),
    ("?surface=bowl()&run=adam()&language=zh", r"/race/mount\.js"),
    ("maps?surface=bowl()&run=adam()&steps=9", r"/maps/mount\.js"),
    ("maps?surface=bowl()&run=adam()&steps=9", r"/basins/view\.js"),
]


@pytest.mark.parametrize(("path", "files"), PLACES)
def test_a_script_that_does_not_come_is_said_in_its_place_and_can_be_tried_again(
    page: Page, address: str, path: str, files: str
) -> None:
    blocked = Blocked(page, files)
    page.goto(f"{address}/{path}")
    note = page.locator(".descent-missing")
    said = MISSING["language=zh" if "zh" in path else ""]
    expect(note).to_contain_text(said)
    assert len(set(blocked.asked)) == 3, "tried a few times, each time by another address"
    assert len(blocked.asked) <= 4, "what the page fetches early is asked for once more"
    expect(page.get_by_text(re.compile("TypeError|dynamically imported|Traceback"))).to_have_count(0)
    blocked.often = 0
    note.get_by_role("button").click()
    if "maps" in path:
        page.locator(".descent-map[data-state]").wait_for()
    else:
        until(page, "d.paintCount > 0")
    expect(note).to_have_count(0)


def test_a_script_that_comes_at_the_second_try_is_not_missed(page: Page, address: str) -> None:
    blocked = Blocked(page, r"/(mount|shared_modules)\.js|/plotly-|equations\.css", often=1)
    page.goto(f"{address}/?surface=bowl()&run=adam()")
    until(page, "d.paintCount > 0")
    expect(page.locator(".descent-missing")).to_have_count(0)
    assert {name(url) for url in blocked.asked if blocked.times(url) > 1} >= {"mount.js", "shared_modules.js"}


@pytest.mark.parametrize(
    ("path", "field"), [("playlist", ".st-key-playlist_file"), ("?language=zh", ".st-key-scene_file")]
)
def test_a_file_that_is_refused_for_want_of_a_cookie_is_said_with_the_field_as_the_way(
    page: Page, address: str, path: str, field: str
) -> None:
    """As in a frame of another page, where the browser keeps no cookies."""
    page.goto(f"{address}/{path}")
    if field == ".st-key-scene_file":
        page.get_by_role("button", name="分享").click()
    uploader = page.locator(field)
    upload = uploader.locator("input[type=file]")
    upload.wait_for(state="attached")
    page.context.clear_cookies()
    upload.set_input_files([{"name": "mine.txt", "mimeType": "text/plain", "buffer": b"?surface=bowl()"}])
    said = "Cookie" if "zh" in path else "paste it into the field"
    expect(uploader.locator(".descent-unsent")).to_contain_text(said)
    expect(uploader.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_text(re.compile("AxiosError|status code"))).to_have_count(0)
    uploader.get_by_test_id("stFileChip").hover()
    expect(page.get_by_test_id("stTooltipErrorContent")).to_contain_text(said)


def test_a_refusal_that_is_there_before_the_module_that_says_it_is_said_too(page: Page, address: str) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/player/shared_modules\.js"), lambda route: held.append(route))  # noqa: PLW0108 -- no built-in
    page.goto(f"{address}/playlist")
    uploader = page.locator(".st-key-playlist_file")
    upload = uploader.locator("input[type=file]")
    upload.wait_for(state="attached")
    page.context.clear_cookies()
    upload.set_input_files([{"name": "mine.txt", "mimeType": "text/plain", "buffer": b"?surface=bowl()"}])
    expect(uploader.get_by_role("alert")).to_contain_text("403")
    for route in held:
        route.continue_()
    expect(uploader.locator(".descent-unsent")).to_contain_text("paste it into the field")
    expect(page.get_by_text(re.compile("AxiosError|status code"))).to_have_count(0)
