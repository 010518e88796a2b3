"""A server that is killed and started again, or has let a session go: every page goes on where it was, by itself."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from app.scene_text.playlist import pack
from tests.browser import waiting
from tests.browser.waiting import SECONDS
from tests.support.server_and_browser import ServerAddress, serve_app

AWAY = re.compile("The server is not responding")
WHOLE = "document.querySelector('[data-test-script-state]').dataset.testScriptState === 'notRunning'"
PATIENCE_SECONDS = 3 * SECONDS  # for a server and six pages at once
LECTURE = pack("?surface=ravine()&run=momentum(lr=0.005) Which?\n?surface=rosenbrock()&steps=60&run=newton()")
SHORT = "1"  # second for which a session that is disconnected is kept


class Server:
    """One that can be killed and started again on the same port."""

    def __init__(self) -> None:
        self.running = ExitStack()
        self.address: ServerAddress
        self.start()

    def start(self, port: int = 0) -> None:
        self.address = self.running.enter_context(serve_app(port=port, STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL=SHORT))

    def kill(self) -> None:
        os.kill(self.address.pid, signal.SIGKILL)
        self.running.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.running.close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens pages of this server, which may complain of one that is away, but of nothing else."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", reduced_motion="reduce")
    broken: list[str] = []

    def one(path: str, meddle: Callable[[Page], None] | None = None) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.on("pageerror", lambda error: broken.append(error.stack or str(error)))
        if meddle:
            meddle(page)
        page.goto(f"{server.address}/{path}")
        until(page, f"visit && visit.token && {WHOLE}")
        return page

    yield one
    context.close()
    assert not broken


def until(page: Page, condition: str) -> None:
    """Wait until something is so on a page that may be loaded again meanwhile."""
    waiting.until(page, condition, PATIENCE_SECONDS)


def press(page: Page, key: str = "ArrowRight") -> None:
    """A slider's key, and the address that follows from it."""
    before = page.url
    page.locator(".st-key-card0").get_by_role("slider").first.focus()
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)


def undone(page: Page, run: str) -> None:
    """Undo brings this run back, into the address too."""
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(lambda url: run in unquote(url))


PAGES = {
    "race": "?surface=rosenbrock()&run=adam(lr=0.05)",
    "lesson": "lessons?lesson=adagrad",
    "maps": "maps?surface=himmelblau()&steps=20&run=adam()",
    "playlist": f"playlist?playlist={LECTURE}",
    "about": "about",
    "check": "gradient-check?of=network(data=xor,samples=8,width=4)",
    "lecture": f"?playlist={LECTURE}&place=1&mode=lecture",
}


def test_every_page_goes_on_where_it_was_after_the_server_was_killed(
    server: Server, open_page: Callable[..., Page]
) -> None:
    pages = {name: open_page(path) for name, path in PAGES.items()}
    race, maps, lecture, about, check = (pages[name] for name in ("race", "maps", "lecture", "about", "check"))
    until(race, "d.paintCount > 0")
    press(race)
    press(race)
    race.evaluate("window.__descent.seek(42)")
    race.wait_for_url(re.compile("step=42"))
    press(maps)
    for trap in ("Single precision", "h too small"):
        check.get_by_role("button", name=trap).click()
        expect(check.get_by_role("button", name=trap)).to_have_attribute("aria-pressed", "true")
    until(lecture, "d.paintCount > 0")
    lecture.get_by_role("button", name="Show what happens").click()
    until(lecture, "d.column(0, 'loss').length > 2")
    lecture.evaluate("window.__descent.seek(33)")
    lecture.wait_for_url(re.compile("step=33"))
    expect(about.get_by_role("heading", name="Versions")).to_be_attached()
    about.evaluate("document.querySelector('[data-testid=stMain]').scrollTop = 300")
    until(race, "visit.kept.past.length === 2")
    until(maps, "visit.kept.past.length === 1")
    until(check, "visit.kept.check.past.length === 2")
    until(lecture, "visit.kept.revealed.length === 1")
    urls = {name: page.url for name, page in pages.items()}

    server.kill()
    for page in pages.values():
        page.evaluate("window.stale = true")
        notice = page.get_by_role("status").filter(has_text=AWAY)
        expect(notice).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
        away, room = (f"document.querySelector('{part}').offsetHeight" for part in (".descent-away", ".stApp"))
        until(page, f"{away} > 0 && {away} + {room} <= 900")  # nothing is covered, once the page has made room
    server.start(server.address.port)
    for page in pages.values():
        until(page, f"!window.stale && visit && visit.token && {WHOLE}")
        expect(page.get_by_text(AWAY)).to_have_count(0)

    until(race, "d.paintCount > 0 && d.step === 42 && !d.playing")
    race.wait_for_url(urls["race"])
    expect(race.locator(".st-key-card0").get_by_role("slider").first).to_have_attribute("aria-valuetext", "0.063")
    undone(race, "adam(lr=0.056)")
    undone(race, "adam(lr=0.05)")
    maps.wait_for_url(urls["maps"])
    undone(maps, "adam()")
    check.wait_for_url(urls["check"])
    undone(check, "trap=single")
    check.get_by_role("button", name="Undo").click()
    check.wait_for_url(lambda url: "trap" not in url and "of=network" in url)
    until(lecture, "d.paintCount > 0 && d.step === 33 && !d.playing && d.column(0, 'loss').length > 2")
    expect(pages["playlist"].get_by_label("Scenes")).to_have_value(re.compile("surface=ravine"))
    expect(pages["lesson"].get_by_role("button", name="Show me without a prediction")).to_be_visible()
    # Content above the window that gets its height late changes the position: the browser keeps the text in its place.
    until(about, "Math.abs(document.querySelector('[data-testid=stMain]').scrollTop - 300) <= 16")
    for name in ("lesson", "playlist", "about", "lecture"):
        pages[name].wait_for_url(urls[name])


def test_a_session_that_was_let_go_is_noticed_and_the_race_plays_on(
    server: Server, open_page: Callable[..., Page]
) -> None:
    """As on a phone in a pocket: the server lives, but has forgotten the session while nobody was connected."""
    open_sockets: list[WebSocketRoute] = []
    there = True

    def connect(socket: WebSocketRoute) -> None:
        if there:
            socket.connect_to_server()
            open_sockets.append(socket)
        else:
            socket.close()

    page = open_page(PAGES["race"], lambda page: page.route_web_socket(re.compile("."), connect))
    until(page, "d.paintCount > 0")
    press(page)
    until(page, "visit.kept.past.length === 1")
    page.evaluate("""() => {
      window.stale = true;
      window.__descent.seek(30);
      document.querySelector(".descent-transport select").value = "0.25";
      document.querySelector(".descent-transport select").dispatchEvent(new Event("change"));
    }""")
    page.wait_for_url(re.compile("step=30"))
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "d.playing")
    path = page.evaluate("window.__descentVisit.path")
    there = False
    for socket in open_sockets:
        socket.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while page.request.get(f"{server.address}/{path}").json()["session"]:
        assert time.monotonic() < deadline, "the session was never let go"
        page.wait_for_timeout(50)
    there = True
    until(page, "!window.stale && visit && visit.token && d.paintCount > 0 && d.playing && d.step >= 30")
    assert page.locator(".descent-transport select").first.input_value() == "0.25"
    page.get_by_role("button", name="Pause", exact=True).click()
    undone(page, "adam(lr=0.05)")
