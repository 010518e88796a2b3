"""Actions and checks that tests of several pages share."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import until

# whether a part of the landscape is marked as not computed
IS_HATCHED = """(() => {
  const canvas = document.querySelector(".descent-layer-unknown");
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
})()"""
SIDEWAYS = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


def done(page: Page, maps: int = 1) -> None:
    expect(page.locator(".descent-map[data-state=done][data-stride='1']")).to_have_count(maps)


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def exporting(page: Page, kind: str = "Python") -> None:
    page.get_by_role("button", name="Export").click()
    page.locator("[data-testid=stPopoverBody]").get_by_text(kind, exact=True).click()


def live(page: Page, what: str) -> Any:
    return page.evaluate(f"window.__descent.{what}")


def seek(page: Page, k: int) -> None:
    """Go to step k and wait for a frame that shows it."""
    frames = page.evaluate(f"(() => {{ const d = window.__descent; d.seek({k}); return d.count; }})()")
    until(page, f"d.drawn === {k} && !d.playing && d.count > {frames}")


def heads_are_where_plotly_says(page: Page, k: int) -> None:
    """Every head's centre against Plotly's own axes: its internals that the player's sums must agree with."""
    seek(page, k)
    pairs = page.evaluate(  # at once: what comes above the plot may move it
        """(k) => {
          const d = window.__descent;
          return d.heads().map((head, run) => [head, d.pixelOf(...d.point(run, k))]);
        }""",
        k,
    )
    for head, there in pairs:
        assert head == pytest.approx(there, abs=0.5)


def fetch_columns(page: Page, run: int, *names: str) -> list[list[float]]:
    """Whole columns of a run, once they have come."""
    until(page, " && ".join(f"d.column({run}, '{name}')" for name in names))
    return [live(page, f"column({run}, '{name}')") for name in names]


def open_scene(page: Page, title: str) -> None:
    page.get_by_text(title, exact=True).click()


def has_overflow(page: Page) -> bool:
    """Whether the page can be scrolled sideways: the document, or the part of it that Streamlit scrolls."""
    return page.evaluate(
        "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
        ".some((part) => part && part.scrollWidth > part.clientWidth)"
    )


def swipe(page: Page, start: tuple[float, float], way: tuple[float, float], moves: int = 8) -> None:
    """A finger goes down at a point of the window, moves, and is lifted; as the browser gets it from a screen."""
    touch = page.context.new_cdp_session(page)
    (x, y), (dx, dy) = start, way
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for i in range(1, moves + 1):
        there = {"x": x + dx * i / moves, "y": y + dy * i / moves}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()


def pinch(page: Page, middle: tuple[float, float], factor: float, way: tuple[float, float] = (0, 0)) -> None:
    """Two fingers go down one after the other, beside a point of the window; they end `factor` times as far apart."""
    touch = page.context.new_cdp_session(page)
    (x, y), (dx, dy), half = middle, way, 25.0

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch_points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch_points})

    send("touchStart", (x - half, y))
    for i in range(9):
        apart, there = half * (1 + (factor - 1) * i / 8), (x + dx * i / 8, y + dy * i / 8)
        fingers = (there[0] - apart, there[1]), (there[0] + apart, there[1])
        send("touchMove" if i else "touchStart", *fingers)
    send("touchEnd")
    touch.detach()


def find_middle(page: Page, what: str, across: float = 0.5) -> tuple[float, float]:
    """A point of an element in the window, after it was scrolled to the window's middle."""
    part = page.locator(what).first
    part.evaluate("(part) => part.scrollIntoView({ block: 'center' })")
    box = part.bounding_box()
    assert box, what
    return box["x"] + across * box["width"], box["y"] + box["height"] / 2
