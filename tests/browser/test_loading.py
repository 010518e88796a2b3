"""Before the page and before its picture there is something to see, and words that say what is loading."""

import os
import signal

import pytest
from playwright.sync_api import Route, expect

from tests.browser.held_messages import hold_messages
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, until
from tests.support.server_and_browser import serve_app

pytestmark = pytest.mark.browser

# nothing waits, hidden, until it may say what is loading
DELAYS = "(part) => part.getAnimations({ subtree: true }).map(({ effect }) => effect.getTiming().delay)"


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
    expect(frame.get_by_text("The race is loading…")).to_be_visible()
    assert frame.evaluate(DELAYS) == []
    background = frame.evaluate("(frame) => getComputedStyle(frame).backgroundColor")
    assert background == {"light": "rgb(251, 251, 249)", "dark": "rgb(16, 20, 26)"}[scheme]
    release("/static/js/")
    expect(page.get_by_label("Steps", exact=True)).to_be_visible()  # the panel can be used
    expect(frame).to_have_count(0)
    waiting = page.locator(".descent-loading, .descent:empty")
    expect(waiting.first).to_be_visible()
    assert waiting.first.evaluate("(part) => getComputedStyle(part, '::after').content") == '"The race is loading…"'
    assert waiting.first.evaluate(DELAYS) == []
    release("/player/plotly-")
    until(page, "d.paintCount > 0")
    expect(waiting).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "words"),
    [("maps", "The maps are loading…"), ("gradient-check", "The gradient check is loading…"),
     ("training", "The training is loading…"), ("lessons?language=zh", "课程正在加载……")],
)  # fmt: skip
def test_the_words_say_what_is_loading_until_its_place_is_there(
    visit: Visit, address: str, path: str, words: str
) -> None:
    held: list[Route] = []
    is_released = False
    page = visit(ready="", path="_stcore/health")
    page.route("**/static/js/*", lambda route: route.continue_() if is_released else held.append(route))
    page.goto(f"{address}/{path}", wait_until="commit")
    frame = page.locator("#descent-loading")
    expect(frame.get_by_text(words)).to_be_visible()
    is_released = True
    for route in held:
        route.continue_()
    expect(frame).to_have_count(0)
    expect(page.locator("#root :is(.descent, h1)").first).to_be_attached()


def test_a_page_that_was_clicked_is_said_to_be_on_its_way_while_the_server_is_busy(visit: Visit, address: str) -> None:
    page = visit(ready="", path="_stcore/health")
    notice = page.locator("#descent-coming")
    with serve_app() as busy:
        for language, words in {"en": "The maps are loading…", "zh": "地图正在加载……"}.items():
            page.goto(f"{busy}/?language={language}")
            until(page, "d.paintCount > 0")
            at_rest(page)
            os.kill(busy.pid, signal.SIGSTOP)  # as if it answered others
            try:
                page.locator("[data-testid=stTopNav] a[href$=maps]").first.click()
                expect(notice).to_have_text(words)
                expect(notice).to_have_attribute("role", "status")
            finally:
                os.kill(busy.pid, signal.SIGCONT)
            expect(page.locator(".descent-map").first).to_be_visible()
            expect(notice).to_have_count(0)
        page.goto(f"{address}/_stcore/health")  # nobody asks for the server that ends


def test_the_picture_stays_in_its_place_when_the_prepared_scenes_come(visit: Visit) -> None:
    requests: list[Route] = []

    def hold(route: Route) -> None:
        requests.append(route)

    page = visit(meddle=lambda page: page.route("**/ButtonGroup.*.js", hold))
    picture, scene = page.locator(".descent-landscape"), page.get_by_role("radio", name="Too long a step")
    expect(scene).to_have_count(0)
    before = picture.bounding_box()
    requests[0].continue_()
    expect(scene).to_be_visible()
    assert picture.bounding_box() == before


def test_a_message_that_comes_after_a_newer_one_changes_nothing(visit: Visit) -> None:
    trainings = "&".join(f"train=network(width={width})" for width in (4, 5, 6))
    page = visit(
        path=f"training?data=xor(epochs=3)&{trainings}",
        ready="document.querySelector('.descent-training[data-state=done]')",
        meddle=hold_messages("training/mount.js", "mountTrainings"),
    )
    rows, selected = page.locator(".descent-training-table tbody button"), page.locator(".descent-training-selected")
    expect(selected).to_contain_text("1 ·")
    page.evaluate("window.isHeld = true")
    rows.nth(1).click()
    until(page, "!window.isHeld")  # the message is on the page and waits
    rows.nth(2).click()
    expect(selected).to_contain_text("3 ·")
    page.evaluate("window.release()")
    assert "3 ·" in selected.inner_text()
