"""Light or dark: the button in the header, on every page, over a reload and another page, in the picture too."""

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visits import Visit
from tests.browser.waiting import eventually

DARK, LIGHT = "rgb(16, 20, 26)", "rgb(251, 251, 249)"  # the page's grounds, see .streamlit/config.toml
PATHS = ["", "lessons", "lessons?lesson=bias", "maps", "gradient-check", "playlist", "about"]

ASK_ALL_THE_TIME = """() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (matchMedia("(prefers-color-scheme: dark)").matches, port2.postMessage(null));
  port2.postMessage(null);
}"""

# The system, which becomes light when Streamlit has read its first message, or when it has just drawn our dark colours.
CHANGE_WHILE_LOADING = """([moment, ground]) => {
  const query = "(prefers-color-scheme: dark)";
  const askBrowser = matchMedia.bind(window);
  const system = Object.assign(new EventTarget(), { matches: true, media: query });
  window.matchMedia = (asked) => (asked === query ? system : askBrowser(asked));
  const change = () => {
    if (!system.matches) return;
    system.matches = false;
    system.dispatchEvent(new Event("change"));
  };
  if (moment === "first message") {
    window.WebSocket = class extends WebSocket {
      constructor(...given) {
        super(...given);
        this.addEventListener("message", () => setTimeout(change));
      }
    };
  } else {
    new MutationObserver(() => {
      const app = document.querySelector(".stApp");
      if (app && getComputedStyle(app).backgroundColor === ground) change();
    }).observe(document, { subtree: true, childList: true, attributes: true });
  }
}"""


def choose(page: Page, name: str) -> None:
    """Press the button until it says that these are the colours."""
    button = page.locator(".st-key-theme button")
    for _ in range(3):
        if f"Colours: {'as the system' if name == 'system' else name}" in (button.get_attribute("aria-label") or ""):
            return
        before = button.get_attribute("aria-label") or ""
        button.click()
        expect(button).not_to_have_attribute("aria-label", before)
    raise AssertionError(name)


def shows(page: Page, ground: str) -> None:
    expect(page.locator(".stApp")).to_have_css("background-color", ground)
    expect(page.locator("html")).to_have_css("color-scheme", "dark" if ground == DARK else "light")


def test_every_page_has_the_chosen_colours(visit: Visit) -> None:
    """Each is loaded in those that were chosen on the page before, and has the button too."""
    page = visit(path="about", ready="", color_scheme="light")
    shows(page, LIGHT)
    choose(page, "dark")
    shows(page, DARK)
    for path in PATHS:
        page.goto(urljoin(page.url, f"/{path}"))
        shows(page, DARK)
        choose(page, "light")
        shows(page, LIGHT)
        choose(page, "dark")
        shows(page, DARK)


def test_the_picture_follows_at_once_and_nothing_is_loaded_again(visit: Visit) -> None:
    page = visit(color_scheme="light")
    page.evaluate("window.stays = true")
    player = page.locator(".descent").first
    expect(player).to_have_attribute("data-theme", "light")
    choose(page, "dark")
    expect(player).to_have_attribute("data-theme", "dark")
    grid = page.locator(".descent-landscape .xtick text").first
    eventually(page, lambda: bool(re.search(r"fill: rgb\((1[5-9]\d|2\d\d)", grid.get_attribute("style") or "")))
    assert page.evaluate("window.stays")


def test_as_the_system_follows_the_system_and_a_choice_does_not(visit: Visit) -> None:
    page = visit(path="about", ready="", color_scheme="dark")
    shows(page, DARK)
    page.emulate_media(color_scheme="light")
    shows(page, LIGHT)
    choose(page, "dark")
    shows(page, DARK)
    choose(page, "system")
    shows(page, LIGHT)
    assert page.evaluate("localStorage.getItem('descent-theme')") is None


def test_a_change_of_the_system_is_followed_though_the_page_asks_in_the_same_moment(visit: Visit) -> None:
    page = visit(path="about", ready="", color_scheme="dark")
    page.evaluate(ASK_ALL_THE_TIME)
    for ground in (LIGHT, DARK) * 3:
        page.emulate_media(color_scheme="dark" if ground == DARK else "light")
        shows(page, ground)


@pytest.mark.parametrize("moment", ["first message", "first colours"])
def test_a_change_of_the_system_while_the_page_is_loaded_brings_our_colours(visit: Visit, moment: str) -> None:
    script = f"({CHANGE_WHILE_LOADING})({[moment, DARK]})"
    page = visit(path="about", ready="", color_scheme="dark", meddle=lambda page: page.add_init_script(script))
    expect(page.locator(".st-key-theme button")).to_be_visible()
    shows(page, LIGHT)


def test_what_is_shown_while_loading_has_the_chosen_colours(visit: Visit) -> None:
    page = visit(path="about", ready="", color_scheme="light")
    choose(page, "dark")
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route("**/static/js/*.js", keep)
    page.reload(wait_until="commit")
    expect(page.locator("#descent-loading")).to_have_css("background-color", DARK)
    for route in held:
        route.continue_()
    page.unroute_all()
    shows(page, DARK)
