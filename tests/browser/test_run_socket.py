"""The runs take a way of their own to the player, and Streamlit's where that one fails."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocket, WebSocketRoute, expect

from tests.browser.visits import Visit
from tests.browser.waiting import until

FEED = "/player/feed/"


def press(page: Page) -> None:
    """A slider's key, and the paths that follow from it."""
    before = page.evaluate("window.__descent.paintCount")
    loss = page.evaluate("window.__descent.column(0, 'loss').at(-1)")
    page.locator(".st-key-card0").get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    until(page, f"d.paintCount > {before} && d.column(0, 'loss').at(-1) !== {loss}")


def test_changed_runs_come_by_the_feed_and_are_those_of_the_link(visit: Visit) -> None:
    received: dict[str, list[int]] = {FEED: [], "stream": []}

    def listen(socket: WebSocket) -> None:
        way = FEED if FEED in socket.url else "stream"
        socket.on("framereceived", lambda frame: received[way].append(len(frame)))

    page = visit(meddle=lambda page: page.on("websocket", listen))
    first, panel_run = page.url, page.locator(".st-key-panel_run input")
    expect(panel_run).not_to_have_value("")
    written = panel_run.input_value()
    press(page)  # it leaves the prepared idea, which the panel says
    page.wait_for_url(lambda url: url != first)
    expect(panel_run).not_to_have_value(written)  # the panel has come, to its end
    for frames in received.values():
        frames.clear()
    before = page.url
    press(page)
    page.wait_for_url(lambda url: url != before)
    columns = "[0, 1].map((run) => ['x', 'y', 'loss'].map((name) => d.column(run, name)))"
    shown = page.evaluate(f"((d) => {columns})(window.__descent)")
    floats = sum(4 * len(column) for run in shown for column in run)
    assert sum(received[FEED]) > floats and max(received["stream"]) < floats / 3
    again = visit(path=page.evaluate("location.search"))
    assert again.evaluate(f"((d) => {columns})(window.__descent)") == shown


def refused(route: WebSocketRoute) -> None:
    route.close()


def swallowed(route: WebSocketRoute) -> None:
    route.connect_to_server().on_message(lambda message: None)


def garbled(route: WebSocketRoute) -> None:
    route.connect_to_server().on_message(lambda message: route.send(bytes(message)[:200]))


@pytest.mark.parametrize("broken", [refused, swallowed, garbled])
def test_where_the_feed_fails_streamlit_brings_the_runs(visit: Visit, broken: Callable[[WebSocketRoute], None]) -> None:
    page = visit(meddle=lambda page: page.route_web_socket(lambda url: FEED in url, broken))
    press(page)
    press(page)


def test_a_view_that_was_zoomed_while_the_feed_was_away_is_drawn_once_it_is_back(visit: Visit) -> None:
    connected: list[WebSocketRoute] = []
    away: list[bool] = []

    def route(browser: WebSocketRoute) -> None:
        if away:
            return browser.close()
        browser.connect_to_server()
        connected.append(browser)

    page = visit(meddle=lambda page: page.route_web_socket(lambda url: FEED in url, route))
    is_drawn = "d.view.every((ends, i) => ends.every((end, j) => Math.abs(end - d.computedWindow[i][j]) < 0.01))"
    until(page, is_drawn)
    left = page.evaluate("window.__descent.view[0][0]")
    away.append(True)
    connected[-1].close()
    page.wait_for_timeout(300)  # until the page knows; it tries to connect again after a second
    page.get_by_role("button", name="Zoom in").first.click()
    until(page, f"d.view[0][0] > {left} + 1")
    page.wait_for_timeout(300)  # longer than a view that has settled waits before it is asked for
    away.clear()
    until(page, is_drawn)
