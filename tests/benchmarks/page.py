"""The page in a real browser: how soon a changed slider is seen, and what a frame of playback costs."""

import json
from collections.abc import Iterator
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.table import Row
from tests.serving import WEBGL, chromium, serving

PRESSES = 15
VIEW = {"viewport": {"width": 1440, "height": 900}, "bypass_csp": True}  # the app forbids eval, measuring needs it

# Milliseconds from the key press on the focused slider to the frame in which the picture differs.
AWAIT_CHANGE = """([mark, when]) => new Promise((resolve) => {
  const [read, time] = [mark, when].map((code) => new Function("return " + code));
  const before = read();
  let pressed = null;
  document.addEventListener("keydown", () => { pressed = performance.now(); }, { once: true, capture: true });
  const look = () => {
    const now = pressed !== null && read(); // nothing, while a chart is being made anew
    if (now && now !== before) resolve(time() - pressed);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
# What changes with the picture, and when it did: the frame's own script draws ours; theirs is seen before its paint.
OURS = "window.__descent?.painted", "window.__descent.paintedAt"
LINES = "[...document.querySelectorAll('.scatterlayer path.js-line')].map((path) => path.getAttribute('d')).join()"
THEIRS = LINES, "performance.now()"


def rows() -> Iterator[Row]:
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        with (
            serving() as ours,
            serving("tests/benchmarks/same_page.py") as same,
            serving("tests/benchmarks/rival.py") as bare,
        ):
            yield changed_slider(*(browser.new_page(**VIEW) for _ in range(3)), (ours, same, bare))
            yield playback(browser.new_page(**VIEW), ours)
            drawing = chromium(playwright, *WEBGL)
            yield playback_in_space(drawing.new_page(**VIEW), ours)
            drawing.close()
        browser.close()


def changed_slider(page: Page, same: Page, bare: Page, addresses: tuple[str, str, str]) -> Row:
    """Four runs of 400 steps on the ravine; the pages in turn, so that a drift of the machine meets all of them."""
    for tab, address in zip((page, same, bare), addresses, strict=True):
        tab.goto(address)
    scene(page, OURS, runs=4, steps=400)
    page.evaluate("window.__descent.seek(400)")
    scene(same, THEIRS, runs=4, steps=400)
    bare.wait_for_function(THEIRS[0])
    tabs = ((page, OURS), (same, THEIRS), (bare, THEIRS))
    times: dict[Page, list[float]] = {tab: [] for tab, _ in tabs}
    for press in range(PRESSES):
        for tab, mark in tabs:
            times[tab].append(milliseconds(tab, mark, "ArrowLeft" if press % 2 else "ArrowRight"))
            tab.wait_for_timeout(400)
    mine, rival, plain = (median(times[tab][1:]) for tab, _ in tabs)  # the first press of each warms it up
    return Row(
        f"slider key press to new paths on screen, 4 runs x 400 steps, median of {PRESSES - 1}",
        f"{mine:.0f} ms",
        f"the same page with the picture by st.plotly_chart {rival:.0f} ms: {mine / rival:.2f} of it; "
        f"a bare page, one slider and a chart, {plain:.0f} ms: {mine / plain:.2f} of it",
        "at most 150 ms, and a third of the same page",
        mine <= 150 and 3 * mine <= rival,
    )


def milliseconds(page: Page, mark: tuple[str, str], key: str) -> float:
    page.locator("[data-testid=stSlider] input[type=range]").first.focus()
    page.evaluate(f"window.__change = ({AWAIT_CHANGE})({json.dumps(mark)}), 0")
    page.keyboard.press(key)
    return float(page.evaluate("window.__change"))


def playback(page: Page, ours: str) -> Row:
    """Script time of each animation frame while eight runs of 1000 steps play, as the player itself records it."""
    page.goto(ours)
    scene(page, OURS, runs=8, steps=1000)
    frames = played(page, 1000)
    p95 = quantiles(frames, n=20)[-1]
    return Row(
        f"playback, 8 runs x 1000 steps: script time a frame, 95th percentile of {len(frames)} frames",
        f"{p95:.2f} ms",
        f"median {median(frames):.2f} ms, a frame at 60 a second has 16.7 ms",
        "at most 2 ms",
        p95 <= 2,
    )


def playback_in_space(page: Page, ours: str) -> Row:
    """The same for sixteen runs of 2000 steps over the surface in 3-D, and what a turned camera costs in script."""
    page.goto(ours)
    scene(page, OURS, runs=16, steps=2000)
    page.get_by_role("button", name="3-D").click()
    page.wait_for_function("window.__descent.space?.heads?.length === 16")
    frames = played(page, 2000)
    turned = page.evaluate("""() => Array.from({ length: 20 }, () => {
      const begun = performance.now();
      window.__descent.space.project();
      return performance.now() - begun;
    })""")
    p95 = quantiles(frames, n=20)[-1]
    return Row(
        f"playback in 3-D, 16 runs x 2000 steps: script time a frame, 95th percentile of {len(frames)} frames",
        f"{p95:.2f} ms",
        f"median {median(frames):.2f} ms; to draw all paths again after the camera turned {median(turned):.0f} ms",
        "at most 6 ms",
        p95 <= 6,
    )


def played(page: Page, steps: int) -> list[float]:
    """Milliseconds of script in each frame, the newest first, of one play from the first step on."""
    page.evaluate("window.__descent.seek(0)")
    page.locator(".descent").focus()
    begun = page.evaluate("window.__descent.count")
    page.keyboard.press("Space")
    page.wait_for_function(f"window.__descent.step >= {0.99 * steps}", timeout=60_000)
    return page.evaluate(
        """(begun) => {
          const { frames, count } = window.__descent;
          const kept = Math.min(count - begun, frames.length);
          return Array.from({ length: kept }, (_, i) => frames[(count - 1 - i) % frames.length]);
        }""",
        begun,
    )


def scene(page: Page, mark: tuple[str, str], runs: int, steps: int) -> None:
    """The first view with its second run duplicated until there are `runs`, and `steps` steps."""
    page.wait_for_function(mark[0])
    field = page.get_by_label("Steps", exact=True)
    field.fill(str(steps))
    field.press("Enter")
    for wanted in range(3, runs + 1):
        page.get_by_role("button", name="Duplicate").last.click()
        page.wait_for_function(f"document.querySelectorAll('table tbody tr').length === {wanted}")
    page.wait_for_timeout(1000)
