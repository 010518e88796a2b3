"""One server and one browser for all browser tests; a fresh visitor for each."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.serving import chromium, serving

SECONDS = 20  # a shared machine may be slow; nothing here waits longer than it has to
Visit = Callable[..., Page]
Contexts = dict[tuple[Browser, str], BrowserContext]
MEDIA = ("color_scheme", "reduced_motion", "forced_colors")  # of a page; the rest is of its context
CONTEXTS = 4  # that are kept: a process each
WARM = [
    "--process-per-site",  # what one page has compiled, the next of the same visitor has too
    "--disable-features=ScriptStreaming",  # and nothing parses it once more beside
    "--js-flags=--no-opt --no-maglev",  # nor optimizes for the hour what runs for seconds
]

expect.set_options(timeout=SECONDS * 1000)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving(DESCENT_PSEUDO="1") as url:
        yield url


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    opened = chromium(driver, *WARM)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def visitors() -> Iterator[Contexts]:
    """The contexts of each browser, by what is special about them, the last used last.

    The first page of each keeps its process, and what that has compiled, alive: a visit then takes half of the work.
    """
    kept: Contexts = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def visit(browser: Browser, address: str, visitors: Contexts) -> Iterator[Visit]:
    """Opens the race page for a new visitor; afterwards, what it complained of or asked others for fails the test."""
    pages, complaints = [], []

    def open_page(
        width: int = 1440,
        height: int = 900,
        path: str = "",
        ready: str = "d && d.painted > 0",
        meddle: Callable[[Page], None] | None = None,
        **special: object,
    ) -> Page:
        media = {name: special.pop(name) for name in MEDIA if name in special}
        known = (browser, repr(sorted(special.items())))
        context = visitors.pop(known, None)
        if context is None:
            context = browser.new_context(**special)
            context.new_page().goto(f"{address}/_stcore/health")
        visitors[known] = context
        while len(visitors) > CONTEXTS:
            visitors.pop(next(iter(visitors))).close()
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media)
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", lambda message: complaints.append(message.text) if is_ours(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if foreign(request.url, address) else None)
        if meddle:
            meddle(page)
        page.goto(address.rstrip("/") + "/" + path)
        if ready:
            until(page, ready)
        return page

    yield open_page
    for context in {page.context for page in pages}:
        context.clear_cookies()
        for page in context.pages[1:]:
            page.evaluate("localStorage.clear()")
            page.close()
    assert not complaints


def until(page: Page, condition: str) -> None:
    """Wait until something is so in the player, `d`; asked from here, for the page's policy forbids it to evaluate."""
    deadline = time.monotonic() + SECONDS
    while not page.evaluate(f"(() => {{ const d = window.__descent; return Boolean({condition}); }})()"):
        assert time.monotonic() < deadline, f"never came true: {condition}"
        page.wait_for_timeout(20)


def is_ours(message: ConsoleMessage) -> bool:
    """An error; but Streamlit, opened by the link of a page that is not the first, asks below it for its server too."""
    return message.type == "error" and not re.search(
        "/(lessons|maps|about|playlist)/_stcore/", message.location.get("url", "")
    )


def foreign(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:", "file:"))
