"""Ten minutes of looping playback and two hundred changes of surface and view: what memory is left behind.

`python -m tests.benchmarks.soak MINUTES` (10 if none is given); too long for `make bench` to do each time.
"""

import sys
import time
from collections.abc import Iterator

from playwright.sync_api import CDPSession, sync_playwright

from app.model.presets import PRESETS
from tests.benchmarks.page import VIEW
from tests.benchmarks.table import Row, print_table
from tests.support.server_and_browser import launch_chromium, serve_app

CHANGES = 200
WARM = 8  # changes before the first measure: what is made once is made by then
# Counts the WebGL contexts that are alive.
COUNTING = """
window.contexts = [];
const made = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const context = made.call(this, kind, ...rest);
  if (context && String(kind).startsWith("webgl") && !window.contexts.includes(context)) window.contexts.push(context);
  return context;
};
"""


def rows(minutes: float) -> Iterator[Row]:
    with sync_playwright() as playwright, serve_app() as address:
        browser = launch_chromium(playwright)
        page = browser.new_page(**VIEW)
        page.add_init_script(COUNTING)
        page.goto(address)
        page.wait_for_function("window.__descent?.paintCount")
        page.wait_for_timeout(2000)
        page.get_by_role("button", name="Loop").click()
        link = page.context.new_cdp_session(page)
        titles = list(PRESETS)
        begun, before = time.monotonic(), 0.0
        for change in range(CHANGES + WARM):
            if change == WARM:
                before = megabytes(link)
            if change % 2:
                mode = page.evaluate("window.__descent.mode")
                page.locator(".descent").focus()
                page.keyboard.press("v")
                page.wait_for_function(f"window.__descent.mode !== '{mode}' && window.__descent.heads().length")
            else:
                painted = page.evaluate("window.__descent.paintCount")
                page.get_by_text(titles[(change // 2 + 1) % len(titles)], exact=True).first.click()
                page.wait_for_function(f"window.__descent.paintCount > {painted}")
            if not page.evaluate("window.__descent.playing"):
                page.get_by_role("button", name="Play", exact=True).click()
        while time.monotonic() - begun < 60 * minutes:
            page.wait_for_timeout(1000)
        grown = megabytes(link) - before
        alive = page.evaluate("window.contexts.filter((context) => !context.isContextLost()).length")
        browser.close()
    took = (time.monotonic() - begun) / 60
    yield Row(
        f"memory after {took:.0f} minutes of looping playback and {CHANGES} changes of surface and view",
        f"{grown:+.1f} MB, {alive} WebGL context",
        f"{before:.0f} MB before, after a forced collection both times",
        "at most 20 MB more, one context",
        grown <= 20 and alive <= 1,
    )


def megabytes(link: CDPSession) -> float:
    """JavaScript's heap, the page's own objects and the arrays behind both, after a collection."""
    for _ in range(2):
        link.send("HeapProfiler.collectGarbage")
    use = link.send("Runtime.getHeapUsage")
    return sum(use[part] for part in ("usedSize", "embedderHeapUsedSize", "backingStorageSize")) / 1e6


if __name__ == "__main__":
    print_table(rows(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
