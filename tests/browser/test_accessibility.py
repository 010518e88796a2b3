"""For everyone: nothing for axe-core to find in any state, text at 7:1, no need of a pointer, small screens."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings, nothing_is_found
from tests.browser.surface_view_helpers import settled
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser


def paused(page: Page, step: int) -> None:
    page.evaluate(f"window.__descent.seek({step})")
    until(page, f"d.drawn === {step} && !d.playing")
    at_rest(page)


def playing(page: Page) -> None:
    until(page, "d.playing")


def looking_closely(page: Page) -> None:
    paused(page, 40)
    page.get_by_role("button", name="Momentum", exact=True).click()
    expect(page.locator("section.descent-rule")).to_be_visible()
    page.get_by_text("The race in words and numbers").click()
    page.locator(".descent-menu summary").click()
    page.get_by_role("checkbox", name="The next update").check()


def diverged(page: Page) -> None:
    page.get_by_text("Too long a step", exact=True).click()
    expect(page.locator(".descent-verdict", has_text="Diverged at step")).to_be_visible()
    paused(page, 60)


def listing_keys(page: Page) -> None:
    page.locator(".descent").focus()
    page.keyboard.press("?")


def explaining(page: Page) -> None:
    page.get_by_role("button", name="Formula and code").first.click()
    expect(page.get_by_role("dialog").locator(".katex").first).to_be_visible()


def choosing(page: Page) -> None:
    page.get_by_role("button", name="More").first.click()
    expect(page.get_by_text("Averaging or clipping")).to_be_visible()


def projected(page: Page) -> None:
    page.get_by_role("button", name="Large type, for a projector").click()
    paused(page, 30)


def point_at_path(page: Page) -> bool:
    page.mouse.move(*page.evaluate("window.__descent.pixelOf(...window.__descent.point(0, 5))"))
    return page.locator(".descent-tip").is_visible()


def in_space(page: Page) -> None:
    """Playing in 3-D, arrows on and a path pointed at."""
    paused(page, 100)
    page.get_by_role("button", name="3-D").click()
    until(page, "d.space?.heads?.length && d.mode === 'space'")
    page.locator(".descent-menu summary").click()
    for name in ("The next update", "Downhill, −∇f"):
        page.get_by_role("checkbox", name=name).check()
    page.locator(".descent-menu summary").click()
    settled(page, 100)
    eventually(page, lambda: point_at_path(page))  # the line that explains the arrows moves the picture down
    page.evaluate("window.__descent.seek(0)")
    page.locator(".descent").focus()
    page.keyboard.press("Space")
    playing(page)


def exporting(page: Page) -> None:
    page.get_by_role("button", name="Export").click()
    page.get_by_text("PyTorch or SciPy").click()
    expect(page.locator("[data-testid=stPopoverBody] code")).to_contain_text("torch.optim")


def saving(page: Page) -> None:
    """The menu is open, and says what came of the last choice."""
    paused(page, 40)
    page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_download():
        page.get_by_role("button", name="Picture (PNG)").click()
    expect(page.locator(".descent-save [role=status]")).to_contain_text("ravine-step-40.png")


STATES: tuple[tuple[Callable[[Page], None], ...], ...] = (  # one after the other, what is open closed by Escape
    (playing, listing_keys, explaining), (choosing, exporting, saving), (projected, diverged), (looking_closely,),
    (in_space,),
)  # fmt: skip


@pytest.mark.parametrize("states", STATES, ids=lambda states: "-".join(state.__name__ for state in states))
def test_axe_finds_nothing(visit: Visit, states: tuple[Callable[[Page], None], ...]) -> None:
    size = (1000, 640) if in_space in states else (1440, 900)  # every frame of a WebGL picture is the processor's work
    page = visit(*size, moving=playing in states, color_scheme="light", bypass_csp=True)
    for state in states:
        state(page)
        nothing_is_found(page, ".descent")
        page.keyboard.press("Escape")


def test_axe_finds_nothing_on_a_phone(visit: Visit) -> None:
    page = visit(width=390, height=844, bypass_csp=True, has_touch=True)
    paused(page, 40)
    assert findings(page) == []


def test_a_first_visit_needs_no_pointer(visit: Visit) -> None:
    """A surface, two runs, the start by arrow keys, play, scrub: by Tab, letters, Enter and arrows alone."""
    page = visit()
    press = page.keyboard.press

    def tab_to(name: str, tag: str | None = None) -> None:
        for _ in range(120):
            press("Tab")
            here = page.evaluate(
                """() => { const e = document.activeElement;
                return [e.getAttribute("aria-label") || e.textContent || "", e.tagName.toLowerCase()]; }"""
            )
            if re.fullmatch(name, here[0].strip()) and tag in (None, here[1]):
                return
        raise AssertionError(f"no {name} in the order of the keys")

    expect(page.get_by_label("Steps", exact=True)).to_be_visible()  # the panel comes after the picture
    tab_to("Surface.*|.*Surface", tag="input")
    page.keyboard.type("Himmelblau")
    press("Enter")
    until(page, "d.view[0][1] === 5")
    tab_to(".*Duplicate the last run")
    press("Enter")
    expect(page.locator(".descent-table tbody tr")).to_have_count(3)
    x = page.evaluate("window.__descent.point(0, 0)[0]")
    tab_to("Start point.*")
    for _ in range(5):
        press("ArrowRight")
    until(page, f"d.point(0, 0)[0] > {x} + 0.4")
    expect(page.get_by_label("Start x")).not_to_have_value(f"{x:.5g}")
    tab_to("To the start")
    press("Enter")
    if not page.evaluate("window.__descent.playing"):
        tab_to("Play")
        press("Enter")
    until(page, "d.playing && d.step > 3")
    tab_to("Step", tag="input")
    press("End")
    until(page, "d.step === 150")
    press("ArrowLeft")
    until(page, "d.step === 149")


def test_small_and_zoomed_pages_are_usable(visit: Visit) -> None:
    page = visit(width=320, height=640, device_scale_factor=2, has_touch=True)
    is_usable(page, 320)
    page.set_viewport_size({"width": 720, "height": 450})  # a zoom of 200 %
    until(page, "document.querySelector('.descent-plot').clientWidth > 320")
    is_usable(page, 720)


def is_usable(page: Page, width: int) -> None:
    paused(page, 30)
    for tool in page.locator(".descent-bar").locator("button:visible, summary:visible, select:visible").all():
        box = tool.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width, tool.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("Play", "To the end", "Loop"):
        button = page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    page.get_by_role("slider", name="Step", exact=True).fill("50")
    until(page, "d.step === 50")


def test_focus_is_seen_on_everything_that_can_have_it(page: Page) -> None:
    paused(page, 10)
    page.locator(".descent").focus()
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            const ring = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1.5;
            return [Boolean(e.closest(".descent")), ring, e.outerHTML.slice(0, 120)]; }"""
        )
        if here[0] and not here[1]:
            unseen.append(here[2])
    assert unseen == []
