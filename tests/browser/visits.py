"""Pages that are watched: errors, foreign requests, and whether a test left a page as it found it."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, expect

from tests.browser.waiting import SECONDS, at_rest, eventually, until
from tests.support.server_and_browser import ROOT

Visit = Callable[..., Page]

FAILURES = ROOT / "failures"  # screenshots and console lines of failed tests; git ignores it

STATE = """() => {
  const { mode, view } = window.__descent;
  const all = (what, tell) => [...document.querySelectorAll(what)].map(tell);
  return {
    mode, view,
    panel: all("[data-testid=stSidebar] input", (field) => field.closest(".st-key-panel_run") ? "" : field.value),
    chosen: all(".descent select", (choice) => choice.value),
    pressed: all(".descent [aria-pressed]", (button) => [button.textContent, button.ariaPressed]),
    checked: all(".descent input[type=checkbox]", (box) => box.checked),
    open: all("details[open] > summary, dialog[open], [aria-expanded=true], [role=dialog]", (part) => part.tagName),
    whole: document.fullscreenElement?.className,
    large: getComputedStyle(document.querySelector(".descent")).fontSize,
    kept: {...localStorage},
  };
}"""

# what the player, the watcher of the session and the choice of colours know, where there are any
KNOWN = """() => {
  const { __descent: d, __descentVisit: visit, __descentTheme: theme } = window;
  const script = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
  const { unheard, kept, isDisconnected, reloadCount } = visit ?? {};
  return JSON.stringify({
    script, step: d?.step, playing: d?.playing,
    past: kept?.past?.length, unheard: unheard?.past?.length, isDisconnected, reloadCount,
    colours: [theme?.choice, theme?.isSystemDark, document.documentElement.style.colorScheme],
    visibility: document.visibilityState,
  });
}"""


def save_pages(test: str, pages: list[Page]) -> str:
    """Write a screenshot and the console's lines of each page into `FAILURES`; the paths and lines, to be printed."""
    told = []
    for number, page in enumerate(page for page in pages if not page.url.endswith(("about:blank", "/_stcore/health"))):
        stem = re.sub(r"\W+", "-", test.removeprefix("tests/browser/"))[:120]
        picture = FAILURES / f"{stem}-{number}.png"
        FAILURES.mkdir(exist_ok=True)
        lines: list[str] = []
        try:
            lines.append(page.evaluate(KNOWN))
            lines += [f"{message.type}: {message.text}" for message in page.console_messages()]
            lines += [f"uncaught: {error.stack or error}" for error in page.page_errors()]
            page.screenshot(path=picture, timeout=5000)
        except Error as error:  # the page crashed, or shows a dialog
            lines.append(f"no screenshot: {error.message}")
        picture.with_suffix(".txt").write_text("\n".join((page.url, *lines)) + "\n")
        told.append("\n".join((str(picture.relative_to(ROOT)), page.url, *lines)))
    return "\n".join(told)


def heard(page: Page, complaints: list[str]) -> Page:
    """Record the complaints of a page. Its requests to other servers fail, and are recorded as complaints."""
    page.set_default_timeout(SECONDS * 1000)
    page.on("console", lambda message: complaints.append(message.text) if is_ours(message) else None)
    page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
    return page


class Standing(NamedTuple):
    """A page that stays open, what it complains of, and how it was found."""

    page: Page
    complaints: list[str]
    found: dict[str, Any]


def looked_at(
    which: str, standing: tuple[BrowserContext, dict[str, Standing]], address: str, begin: Callable[[Page], None]
) -> Iterator[Page]:
    context, kept = standing
    if which not in kept:
        complaints: list[str] = []
        page = heard(context.new_page(), complaints)
        page.goto(address)
        until(page, "d.paintCount > 0")
        expect(page.get_by_label("Steps", exact=True)).to_be_visible()  # the panel comes after the picture
        begin(page)
        at_rest(page)  # fields are empty for a moment
        kept[which] = Standing(page, complaints, page.evaluate(STATE))
    page, complaints, found = kept.pop(which)
    begin(page)
    yield page
    with suppress(AssertionError):  # what the test did last may still be on its way to the page
        eventually(page, lambda: page.evaluate(STATE) == found)
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


def is_ours(message: ConsoleMessage) -> bool:
    """An error; but Streamlit, opened by the link of a page that is not the first, asks below it for its server too."""
    return message.type == "error" and not re.search(
        "/(lessons|maps|gradient-check|bug-hunt|training|training-log|about|playlist)/_stcore/",
        message.location.get("url", ""),
    )
