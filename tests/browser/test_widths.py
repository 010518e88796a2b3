"""No page scrolls sideways: at any width, which is any zoom too, with normal and with large type, in both languages."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from app.maps.catalogue import MAP_TYPES
from tests.browser.page_actions import has_overflow
from tests.browser.visits import Visit
from tests.browser.waiting import eventually, until

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 960, 1024, 1366, 3840)
LARGE_TYPE_WIDTHS = (320, 768, 1024, 1366)
MAP = "document.querySelector('.descent-map[data-state=done]')"
CHECK = "document.querySelector('.descent-check[data-state=done]')"
HUNT = "document.querySelector('.descent-hunt[data-number]')"
LOG = "document.querySelector('.st-key-to_training')"
TRAINING = "document.querySelector('.descent-training[data-state=done]')"
PAGES = {
    "": "d.paintCount > 0",
    "?language=zh": "d.paintCount > 0",
    "?run=adam(lr=0.1,beta1=0.95)&run=trust_region()&view=contour(over=gradients)": "d.paintCount > 0",
    "lessons": "document.querySelector('.st-key-contents')",
    "lessons?lesson=ball&language=zh": "d.paintCount > 0",
    **{f"maps?map={kind}(){'&language=zh' if kind == 'rates' else ''}": MAP for kind in MAP_TYPES},
    "gradient-check?of=network(samples=5,width=4)": CHECK,
    "gradient-check?of=rosenbrock()&trap=kink&language=zh": CHECK,
    "bug-hunt?hunt=7": HUNT,
    "bug-hunt?hunt=4&language=zh": HUNT,
    "training?data=xor(epochs=3)&train=network(width=4)&train=network(width=5)": TRAINING,
    "training?data=digits(epochs=2,sample_count=60)&train=network(width=4,depth=5)&language=zh": TRAINING,
    "training-log": LOG,
    "training-log?language=zh": LOG,
    "playlist": "document.querySelector('.st-key-playlist')",
    "about": "document.querySelector('.st-key-about table')",
}


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_and_the_playback_bar_and_the_table_stay_within(visit: Visit, path: str) -> None:
    page = visit(path=path, ready=PAGES[path])
    if "lesson=" in path:
        page.locator(".st-key-ask button").first.click()
        expect(page.locator(".st-key-tell h2")).to_be_visible()
    if path.startswith("training-log"):
        page.locator("[class*=st-key-log-sample_here] button").click()
        until(page, TRAINING)
    for is_large, widths in ((False, WIDTHS), (True, LARGE_TYPE_WIDTHS)):
        page.evaluate(f"document.documentElement.classList.toggle('descent-projector', {str(is_large).lower()})")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 700})
            eventually(page, partial(is_within, page, width))


def is_within(page: Page, width: int) -> None:
    assert not has_overflow(page), width
    assert list_outside(page) == [], width


def list_outside(page: Page) -> list[str]:
    """The parts of the playback bar that are not within it, and the cells of the runs' table that are out of sight."""
    return page.evaluate(
        """[["descent-time, .descent-options", "> *"], ["descent-verdicts", "th, td"]].flatMap(([host, parts]) =>
          [...document.querySelectorAll("." + host)].flatMap((whole) => {
            const { left, right } = whole.getBoundingClientRect();
            return [...whole.querySelectorAll(":scope " + parts)].filter((part) => {
              const box = part.getBoundingClientRect();
              return box.width > 1 && (box.left < left - 1 || box.right > right + 1);
            }).map((part) => part.className);
          })
        )"""
    )
