"""One server and one browser for all browser tests; a fresh visitor for each."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.support.server_and_browser import ROOT, chromium, serving

SECONDS = 40  # a shared machine may be slow; nothing here waits longer than it has to
Visit = Callable[..., Page]
Contexts = dict[tuple[Browser, str], BrowserContext]
MEDIA = ("color_scheme", "forced_colors")  # of a page; the rest is of its context
CONTEXTS = 4  # that are kept: a process each
WARM = [
    "--process-per-site",  # what one page has compiled, the next of the same visitor has too
    "--disable-features=ScriptStreaming",  # and nothing parses it once more beside
    "--js-flags=--no-opt --no-maglev --always-sparkplug --no-flush-bytecode",  # nor optimizes what runs for seconds
]

FAILURES = ROOT / "failures"  # screenshots and console lines of failed tests; git ignores it

expect.set_options(timeout=SECONDS * 1000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Save every page that is open when a test fails; fixtures that fail while they close pages do so themselves."""
    report = yield
    if report.failed and call.when != "teardown" and isinstance(item, pytest.Function):
        browsers = {value for value in item.funcargs.values() if isinstance(value, Browser)}
        contexts = {context for browser in browsers for context in browser.contexts}
        saved = save_pages(item.nodeid, [page for context in contexts for page in context.pages])
        if saved:
            report.sections.append(("pages that were open", saved))
    return report


def save_pages(test: str, pages: list[Page]) -> str:
    """Write a screenshot and the console's lines of each page into `FAILURES`; the paths and lines, to be printed."""
    told = []
    for number, page in enumerate(page for page in pages if not page.url.endswith(("about:blank", "/_stcore/health"))):
        stem = re.sub(r"\W+", "-", test.removeprefix("tests/browser/"))[:120]
        picture = FAILURES / f"{stem}-{number}.png"
        FAILURES.mkdir(exist_ok=True)
        try:
            lines = [f"{message.type}: {message.text}" for message in page.console_messages()]
            lines += [f"uncaught: {error.stack or error}" for error in page.page_errors()]
            page.screenshot(path=picture, timeout=5000)
        except Error as error:  # the page crashed, or shows a dialog
            lines.append(f"no screenshot: {error.message}")
        picture.with_suffix(".txt").write_text("\n".join((page.url, *lines)) + "\n")
        told.append("\n".join((str(picture.relative_to(ROOT)), page.url, *lines)))
    return "\n".join(told)


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
def visit(browser: Browser, address: str, visitors: Contexts, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens the race page for a new visitor; afterwards, what it complained of or asked others for fails the test.

    Who wants it `moving` has no setting against motion, as most: the race begins by itself, and sixty pictures a second
    take three quarters of a core. Else it stands at its end.
    """
    pages, complaints = [], []

    def open_page(
        width: int = 1440,
        height: int = 900,
        path: str = "",
        ready: str = "d && d.painted > 0",
        meddle: Callable[[Page], None] | None = None,
        moving: bool = False,
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
        page = heard(context.new_page(), address, complaints)
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media, reduced_motion="no-preference" if moving else "reduce")
        if meddle:
            meddle(page)
        page.goto(address.rstrip("/") + "/" + path)
        if ready:
            until(page, ready)
        return page

    yield open_page
    saved = save_pages(request.node.nodeid, pages) if complaints else ""
    for context in {page.context for page in pages}:
        context.clear_cookies()
        for page in context.pages[1:]:
            page.evaluate("localStorage.clear()")
            page.close()
    assert not complaints, saved


def heard(page: Page, address: str, complaints: list[str]) -> Page:
    """What the page complains of, or asks others for, is written down."""
    page.set_default_timeout(SECONDS * 1000)
    page.on("console", lambda message: complaints.append(message.text) if is_ours(message) else None)
    page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
    page.on("request", lambda request: complaints.append(request.url) if foreign(request.url, address) else None)
    return page


class Standing(NamedTuple):
    """A page that stays open, what it complains of, and how it was found."""

    page: Page
    complaints: list[str]
    found: dict[str, Any]


@pytest.fixture(scope="session")
def standing(browser: Browser) -> Iterator[tuple[BrowserContext, dict[str, Standing]]]:
    context = browser.new_context()
    yield context, {}
    context.close()


@pytest.fixture
def page(standing: tuple[BrowserContext, dict[str, Standing]], address: str) -> Iterator[Page]:
    """The first race, paused at its start; the page stays open for whoever looks next.

    For tests that only look: most of a test's time goes into opening the page. Whoever leaves it otherwise than it was
    found, but for the step, fails; the next has a new one.
    """
    yield from looked_at("race", standing, address, begun)


def looked_at(
    which: str, standing: tuple[BrowserContext, dict[str, Standing]], address: str, begin: Callable[[Page], None]
) -> Iterator[Page]:
    context, kept = standing
    if which not in kept:
        complaints: list[str] = []
        page = heard(context.new_page(), address, complaints)
        page.goto(address)
        until(page, "d && d.painted > 0")
        expect(page.get_by_label("Steps", exact=True)).to_be_visible()  # the panel comes after the picture
        begin(page)
        kept[which] = Standing(page, complaints, page.evaluate(STATE))
    page, complaints, found = kept.pop(which)
    begin(page)
    yield page
    now = page.evaluate(STATE)
    saved = ""
    if now == found and not complaints:
        kept[which] = Standing(page, complaints, found)
    else:
        saved = save_pages(f"{which}-page-left-otherwise", [page])
        page.close()
    assert not complaints, saved
    assert now == found, f"left otherwise than found; {saved}"


def begun(page: Page, width: int = 1440, height: int = 900) -> None:
    page.bring_to_front()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    expect(page.locator(".descent")).to_have_attribute("data-theme", "light")
    page.mouse.move(700, 20)
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0), window.__descent.seek(0)")
    until(page, "d.drawn === 0 && !d.playing")


STATE = """() => {
  const { mode, view } = window.__descent;
  const all = (what, tell) => [...document.querySelectorAll(what)].map(tell);
  return {
    mode, view,
    panel: all("[data-testid=stSidebar] input", (field) => field.closest(".st-key-stamp") ? "" : field.value),
    undo: all(".st-key-top button", (button) => button.disabled),
    chosen: all(".descent select", (choice) => choice.value),
    pressed: all(".descent [aria-pressed]", (button) => [button.textContent, button.ariaPressed]),
    checked: all(".descent input[type=checkbox]", (box) => box.checked),
    open: all("details[open] > summary, dialog[open], [aria-expanded=true], [role=dialog]", (part) => part.tagName),
    whole: document.fullscreenElement?.className,
    large: getComputedStyle(document.querySelector(".descent")).fontSize,
    kept: {...localStorage},
  };
}"""


def until(page: Page, condition: str) -> None:
    """Wait until something is so in the player, `d`; asked from here, for the page's policy forbids it to evaluate."""
    deadline = time.monotonic() + SECONDS
    while not page.evaluate(f"(() => {{ const d = window.__descent; return Boolean({condition}); }})()"):
        assert time.monotonic() < deadline, f"never came true: {condition}"
        page.wait_for_timeout(20)


def eventually(page: Page, check: Callable[[], bool | None]) -> None:
    """Repeat a check until it neither fails nor is False: what the page shows comes frames after what it was told."""
    deadline = time.monotonic() + SECONDS
    while True:
        late = time.monotonic() > deadline
        try:
            if check() is not False:
                return
            assert not late, "it never came true"
        except AssertionError:
            if late:
                raise
        page.wait_for_timeout(20)


AT_REST = """(seconds) => new Promise((resolve) => {
  const deadline = performance.now() + 1000 * seconds;
  let before, same = 0;
  const look = () => {
    const app = document.querySelector("[data-test-script-state]");
    const busy = app && app.dataset.testScriptState !== "notRunning";
    const fades = (part) => part.playState === "running" && part.effect.getTiming().iterations < 9;
    const fading = document.getAnimations().some(fades);
    const boxes = document.querySelectorAll("html, .stApp [class*=st-key], .descent, .descent > *, .descent canvas");
    const layout = [...boxes].map((part) => Object.values(part.getBoundingClientRect().toJSON())).join();
    same = !busy && !fading && layout === before ? same + 1 : 0;
    before = layout;
    if (same === 3 || performance.now() > deadline) resolve(same === 3);
    else requestAnimationFrame(look);
  };
  look();
})"""


def at_rest(page: Page) -> None:
    """Wait until the page has answered: Streamlit's script has ended, and in three frames nothing fades or moves."""
    assert page.evaluate(AT_REST, SECONDS), "the page never came to rest"


def is_ours(message: ConsoleMessage) -> bool:
    """An error; but Streamlit, opened by the link of a page that is not the first, asks below it for its server too."""
    return message.type == "error" and not re.search(
        "/(lessons|maps|about|playlist)/_stcore/", message.location.get("url", "")
    )


def foreign(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:", "file:"))
