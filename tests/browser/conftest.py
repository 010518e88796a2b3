"""One server for all browser tests, one browser for each process of them; a fresh visitor for each test."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.visits import Standing, Visit, begun, heard, looked_at, save_pages
from tests.browser.waiting import SCRIPT_ENDED, SECONDS, until
from tests.support.server_and_browser import ROOT, launch_chromium, serve_app

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

SERVED = pytest.StashKey[str]()
Contexts = dict[tuple[Browser, str], BrowserContext]
MEDIA = (
    "color_scheme",
    "forced_colors",
)  # of a page; the rest is of its context, whose first page takes twice the time
CONTEXTS = 4  # that are kept: a process each
WARM = [
    "--process-per-site",  # what one page has compiled, the next of the same visitor has too
    "--disable-features=ScriptStreaming",  # and nothing parses it once more beside
    "--js-flags=--no-opt --always-sparkplug --no-flush-bytecode",  # nor optimizes what runs for seconds
]

expect.set_options(timeout=SECONDS * 1000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Save every page that is open when a test fails; fixtures that fail while they close pages do so themselves.

    The end of a log is often all that is kept of it. So the summary there says in which lines of the tests it was, and
    leaves out the page's text, which the failure above it has.
    """
    report = yield
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash and call.excinfo:
        own = [entry for entry in call.excinfo.traceback if ROOT / "tests" in Path(entry.path).parents]
        lines = ", ".join(f"{entry.path.name}:{entry.lineno + 1}" for entry in own)
        crash.message = f"{lines}: {crash.message.partition('Aria snapshot:')[0].rstrip()}"
    if report.failed and call.when != "teardown" and isinstance(item, pytest.Function):
        browsers = {value for value in item.funcargs.values() if isinstance(value, Browser)}
        contexts = {context for browser in browsers for context in browser.contexts}
        saved = save_pages(item.nodeid, [page for context in contexts for page in context.pages])
        if saved:
            report.sections.append(("pages that were open", saved))
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "WorkerController") -> None:
    """Give each process of the tests the address of one server: what it has computed for one, the others have too."""
    config = node.config
    if SERVED not in config.stash:
        server = ExitStack()
        config.stash[SERVED] = server.enter_context(serve_app(DESCENT_PSEUDO="1"))
        config.add_cleanup(server.close)
    node.workerinput["address"] = str(config.stash[SERVED])


@pytest.fixture(scope="session")
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    served = getattr(request.config, "workerinput", {}).get("address")
    with nullcontext(served) if served else serve_app(DESCENT_PSEUDO="1") as url:
        yield url


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    opened = launch_chromium(driver, *WARM)
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
        ready: str = "d.paintCount > 0",
        meddle: Callable[[Page], None] | None = None,
        moving: bool = False,
        bypass_csp: bool = False,
        permissions: Sequence[str] = (),
        **special: object,
    ) -> Page:
        """Open a page of a context that has what is `special`; `bypass_csp` and `permissions` end with the test."""
        media = {name: special.pop(name) for name in MEDIA if name in special}
        known = (browser, repr(sorted(special.items())))
        context = visitors.pop(known, None)
        if context is None:
            context = browser.new_context(**special)
            context.new_page().goto(f"{address}/_stcore/health")
        visitors[known] = context
        while len(visitors) > CONTEXTS:
            visitors.pop(next(iter(visitors))).close()
        page = heard(context.new_page(), complaints)
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media, reduced_motion="no-preference" if moving else "reduce")
        if bypass_csp:
            context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
        if permissions:
            context.grant_permissions(permissions)
        if meddle:
            meddle(page)
        page.goto(address.rstrip("/") + "/" + path)
        if ready:
            until(page, ready)
        if ready and not moving:  # Streamlit may lose a press on what its first run has not finished yet
            until(page, SCRIPT_ENDED)
        return page

    yield open_page
    saved = save_pages(request.node.nodeid, pages) if complaints else ""
    for context in {page.context for page in pages}:
        context.clear_cookies()
        context.clear_permissions()
        for page in context.pages[1:]:
            page.evaluate("localStorage.clear()")
            page.close()
    assert not complaints, saved


@pytest.fixture(scope="session")
def standing(browser: Browser) -> Iterator[tuple[BrowserContext, dict[str, Standing]]]:
    context = browser.new_context()
    yield context, {}
    context.close()


@pytest.fixture
def page(standing: tuple[BrowserContext, dict[str, Standing]], address: str) -> Iterator[Page]:
    """The first race, paused at its start; the page stays open for whoever looks next.

    For tests that only look: most of a test's time goes into opening the page. Whoever leaves it otherwise than it was
    found, but for the step and what may be undone, fails; the next has a new one.
    """
    yield from looked_at("race", standing, address, begun)
