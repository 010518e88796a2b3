"""A value is typed beside a slider, and the slider, the paths and the address follow."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.page_actions import asked, live
from tests.browser.visits import Visit
from tests.browser.waiting import eventually

pytestmark = pytest.mark.browser


def test_a_value_is_typed_beside_a_slider(visit: Visit) -> None:
    page = visit()
    card = page.locator(".st-key-card0")
    field, slider = card.get_by_label("lr (α) of Momentum, typed"), card.locator(".st-key-0-lr input[type=range]")
    expect(field).to_have_value("0.005")
    field.fill("1/80")
    field.press("Enter")
    eventually(page, lambda: asked(page).get("run", [""])[0] == "momentum(lr=0.0125)")
    expect(slider).to_have_attribute("aria-valuetext", "0.0125")
    expect(field).to_be_focused()  # also where the slider was made anew, for a value between its stops
    first = live(page, "point(0, 20)")
    slider.press("ArrowRight")
    expect(field).to_have_value("0.014")
    eventually(page, lambda: live(page, "point(0, 20)") != first)

    field.fill("99")
    field.press("Enter")
    expect(card.get_by_text("lr goes from 1e−6 to 10: it is 10 now.")).to_be_visible()
    expect(field).to_have_value("10")
    field.fill("fast")
    field.press("Tab")
    expect(card.get_by_text("“fast” is not a number.")).to_be_visible()
    expect(field).to_have_value("fast")
    field.focus()
    field.fill("0,02")
    field.press("Escape")
    expect(field).to_have_value("10")


def test_a_typed_value_that_was_lost_on_its_way_is_sent_again(visit: Visit) -> None:
    lost: list[bytes] = []

    def lose_first(page: Page) -> None:
        def route(browser: WebSocketRoute) -> None:
            server = browser.connect_to_server()

            def pass_on(message: str | bytes) -> None:
                if isinstance(message, bytes) and b'"1/80"' in message and not lost:
                    lost.append(message)
                else:
                    server.send(message)

            browser.on_message(pass_on)

        page.route_web_socket("**/_stcore/stream", route)

    page = visit(meddle=lose_first)
    field = page.locator(".st-key-card0").get_by_label("lr (α) of Momentum, typed")
    field.fill("1/80")
    field.press("Enter")
    eventually(page, lambda: asked(page).get("run", [""])[0] == "momentum(lr=0.0125)")
    assert len(lost) == 1
