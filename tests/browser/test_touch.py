"""A phone: real swipes and taps, the panel as a sheet, and what has to be in sight without scrolling."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from app.maps.catalogue import MAP_TYPES
from tests.browser.page_actions import find_middle, live, pinch, swipe
from tests.browser.slow_server import SlowServer, is_part_of_panel
from tests.browser.surface_view_helpers import in_space
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser

PHONE = {"has_touch": True, "is_mobile": True}
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
RACE = "[window.__descent.point(0, 0), window.__descent.step]"


def scrolls_only(page: Page, what: str, state: str, across: float = 0.5) -> None:
    """A swipe over this part scrolls the page, up or down, and changes nothing."""
    for way in (-120, 120):
        place = find_middle(page, what, across)
        at_rest(page)
        before, scrolled = page.evaluate(state), page.evaluate(SCROLLED)
        swipe(page, place, (3, way))
        if way < 0 or scrolled > 50:  # else there is nothing above
            eventually(page, lambda scrolled=scrolled: page.evaluate(SCROLLED) != scrolled)
        at_rest(page)
        assert page.evaluate(state) == before, (what, way)


def test_a_swipe_over_the_race_scrolls_and_a_tap_or_a_drag_acts(visit: Visit) -> None:
    page = visit(390, 500, **PHONE)
    for what in (".descent-landscape", ".descent-start span", ".descent-chart", ".descent-scrub"):
        scrolls_only(page, what, RACE, across=0.6)
    x, y = find_middle(page, ".descent-chart")
    swipe(page, (x, y), (60, 4))
    until(page, "d.step > 75 && d.step < 150")  # across a chart it seeks
    step = live(page, "step")
    page.touchscreen.tap(x - 80, y)
    until(page, f"d.step < {step}")
    x, y = find_middle(page, ".descent-landscape", 0.7)
    page.touchscreen.tap(x, y)
    until(page, "d.point(0, 0)[0] > -5")
    start = live(page, "point(0, 0)")
    place = find_middle(page, ".descent-start")
    page.touchscreen.tap(place[0] + 8, place[1] - 8)  # beside its middle: it stays
    at_rest(page)
    assert live(page, "point(0, 0)") == start
    swipe(page, place, (-60, 0))
    until(page, f"d.point(0, 0)[0] < {start[0]} - 0.5")


@pytest.mark.parametrize("kind", MAP_TYPES)
def test_a_swipe_over_a_map_picks_nothing(visit: Visit, kind: str) -> None:
    page = visit(390, 500, f"maps?map={kind}()", "document.querySelector('.descent-map[data-state=done]')", **PHONE)
    state = (
        "[location.pathname, [...document.querySelectorAll('.descent-map-readout')].map((part) => part.textContent)]"
    )
    if "point_touch" in MAP_TYPES[kind].labels:
        expect(page.locator(".descent-map-readout").first).to_contain_text("Tap ")  # and not "point" or "click"
    for _ in range(2):  # a second tap at one place would go to the race
        scrolls_only(page, ".descent-map-plot", state)
    assert re.search(r"/maps\b", page.url)


def test_two_fingers_zoom_and_move_the_contours_and_nothing_else(visit: Visit) -> None:
    page = visit(390, 844, "?surface=himmelblau()&steps=100", **PHONE)
    find_middle(page, ".descent-landscape")
    start = live(page, "point(0, 0)")
    box = page.locator(".descent-landscape").bounding_box()
    assert box
    place = box["x"] + 0.6 * box["width"], box["y"] + 0.3 * box["height"]
    pinch(page, place, 3)
    until(page, "Math.abs(d.view[0][1] - d.view[0][0] - 10 / 3) < 0.4")  # 10 wide before; touches are rounded
    zoomed = live(page, "view")
    expect(page.get_by_text("not computed here")).to_have_count(0)
    pinch(page, place, 1, (0, 60))
    height = zoomed[1][1] - zoomed[1][0]
    until(page, f"d.view[1][0] > {zoomed[1][0] + 0.1 * height}")  # 60 pixels are more than a tenth
    until(page, f"Math.abs(d.view[1][1] - d.view[1][0] - {height}) < 0.05 * {height}")
    ring = find_middle(page, ".descent-start")  # on the ring lies the first finger: no drag begins
    pinch(page, (ring[0] + 25, ring[1]), 2, (30, 0))
    until(page, f"d.view[0][1] - d.view[0][0] < 0.7 * {zoomed[0][1] - zoomed[0][0]}")
    at_rest(page)
    assert page.evaluate("visualViewport.scale") == 1
    assert live(page, "point(0, 0)") == start
    swipe(page, find_middle(page, ".descent-start"), (0, -500))  # beyond the picture
    until(page, f"d.point(0, 0)[1] > {start[1]}")
    at_rest(page)
    assert live(page, "point(0, 0)")[1] <= live(page, "view")[1][1] + 0.001  # a start has three decimal places


def test_a_drag_of_the_start_ends_where_it_began_when_a_second_finger_comes(visit: Visit) -> None:
    page = visit(390, 844, "?surface=himmelblau()&steps=100", **PHONE)
    x, y = find_middle(page, ".descent-start")
    start = live(page, "point(0, 0)")
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *places: float) -> None:
        points = [{"x": place, "y": y, "id": i} for i, place in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", x)
    for i in range(1, 6):
        send("touchMove", x - 10 * i)
    until(page, f"d.point(0, 0)[0] < {start[0] - 0.5}")
    send("touchStart", x - 50, x + 60)
    until(page, f"d.point(0, 0)[0] === {start[0]}")
    send("touchMove", x - 90, x + 90)
    send("touchEnd")
    at_rest(page)
    assert live(page, "point(0, 0)") == start


@pytest.mark.parametrize("kind, parameter", [("basins", "x"), ("rates", "low")])
def test_two_fingers_zoom_a_map(visit: Visit, kind: str, parameter: str) -> None:
    page = visit(390, 844, f"maps?map={kind}()", "document.querySelector('.descent-map[data-state=done]')", **PHONE)
    width = "(([low, high]) => high - low)(document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range)"
    before = page.evaluate(width)
    pinch(page, find_middle(page, ".descent-map-plot"), 2)
    eventually(page, lambda: abs(page.evaluate(width) / before - 0.5) < 0.1)
    eventually(page, lambda: f"({parameter}=" in unquote(page.url))  # the server computes the part that is seen
    assert page.evaluate("visualViewport.scale") == 1


def test_in_space_one_finger_scrolls_or_turns_and_two_zoom(visit: Visit) -> None:
    page = visit(390, 500, **PHONE)
    in_space(page, 0)
    controls = "(({ azimuth, elevation, distance }) => [azimuth, elevation, distance])(window.__descent.space.controls)"
    scrolls_only(page, ".descent-orbit", f"[{controls}, {RACE}]")
    x, y = find_middle(page, ".descent-orbit ~ .descent-start")
    start, before = live(page, "point(0, 0)"), page.evaluate(controls)
    swipe(page, (x, y), (60, 4))  # from the start too, which a finger does not drag here
    eventually(page, lambda: page.evaluate(controls)[0] != before[0])
    before = page.evaluate(controls)
    pinch(page, find_middle(page, ".descent-orbit"), 2)
    eventually(page, lambda: abs(page.evaluate(controls)[2] / before[2] - 0.5) < 0.1)
    assert page.evaluate("visualViewport.scale") == 1
    assert live(page, "point(0, 0)") == start


def test_a_phone_shows_pages_names_and_picture_while_sliders_move(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    pages = page.locator(".st-key-pages")
    for name in ("Race", "Lessons", "Maps"):
        expect(pages.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    for name in ("Gradient check", "Training", "Playlist", "About"):  # a swipe away
        pages.get_by_role("link", name=name, exact=True).scroll_into_view_if_needed()
        expect(pages.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    for name in ("Momentum", "Nesterov"):
        expect(page.locator(".descent-legend").get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
    for name in ("Speed", "Race by"):
        expect(page.locator(".descent-speed").get_by_text(name, exact=True)).to_be_visible()
    expect(page.locator(".descent-scrub")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Expand sidebar").tap()
    expect(page.get_by_role("combobox", name="Surface")).to_be_in_viewport()
    sheet = page.locator("[data-testid=stSidebar]")

    def is_picture_above() -> bool:
        picture, panel = page.locator(".descent-landscape").bounding_box(), sheet.bounding_box()
        if not picture or not panel or panel["y"] + panel["height"] > 845:  # it is still on its way up
            return False
        return picture["y"] > 40 and picture["y"] + picture["height"] <= panel["y"] + 1

    eventually(page, is_picture_above)
    slider = sheet.get_by_role("slider", name="lr").first
    group = sheet.locator(".stSlider [role=group]").first
    group.evaluate("(part) => part.scrollIntoView({ block: 'center' })")
    box, value = group.bounding_box(), slider.input_value()
    assert box
    scrolled = sheet.locator("[data-testid=stSidebarContent]")
    before = scrolled.evaluate("(part) => part.scrollTop")
    swipe(page, (box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2), (2, -100))
    eventually(page, lambda: scrolled.evaluate("(part) => part.scrollTop") > before)
    at_rest(page)
    assert slider.input_value() == value  # it began beside the thumb
    thumb = sheet.locator(".stSlider [style*='left:']").first
    thumb.evaluate("(part) => part.scrollIntoView({ block: 'center' })")
    box = thumb.bounding_box()
    assert box
    point = live(page, "point(0, 20)")
    swipe(page, (box["x"] + 3, box["y"] + 18), (-25, 0))  # a finger need not hit it
    until(page, f"d.point(0, 20)[0] !== {point[0]}")
    eventually(page, is_picture_above)
    page.get_by_role("button", name="Collapse sidebar").tap()
    expect(sheet).to_be_hidden()
    main = page.locator("[data-testid=stMain]")
    main.evaluate("(part) => part.scrollTo(0, 300)")
    pages.get_by_role("link", name="Lessons").tap()
    expect(page.get_by_role("heading", name="Lessons")).to_be_in_viewport()
    eventually(page, lambda: main.evaluate("(part) => part.scrollTop") == 0)
    expect(sheet).to_be_hidden()


def test_held_across_a_phone_shows_playback_without_scrolling(visit: Visit) -> None:
    page = visit(844, 390, **PHONE)
    panel = page.locator("[data-testid=stSidebar]")
    expect(panel).to_have_attribute("data-collapsed", "true")  # nobody asked for it
    for width, height in ((844, 390), (667, 375)):
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        for name in ("To the start", "One step back", "Play", "One step forward", "To the end"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
        expect(page.locator(".descent-scrub")).to_be_in_viewport(ratio=1)
        picture, bar = page.locator(".descent-landscape").bounding_box(), page.locator(".descent-time").bounding_box()
        assert picture and bar and bar["y"] - picture["y"] > 120
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Expand sidebar").tap()
    expect(panel).to_have_attribute("data-collapsed", "false")
    page.set_viewport_size({"width": 844, "height": 390})  # turned while it is open
    expect(page.locator(".descent-landscape")).to_be_in_viewport(ratio=0.95)


def test_a_panel_that_comes_after_the_picture_is_closed_on_a_phone_held_across_too(visit: Visit) -> None:
    server = SlowServer()
    server.hold(is_part_of_panel)
    page = visit(844, 390, ready="", meddle=server.connect, **PHONE)
    until(page, "d.paintCount > 0")
    panel = page.locator("[data-testid=stSidebar]")
    expect(panel).to_have_count(0)
    server.release()
    expect(panel).to_have_attribute("data-collapsed", "true")
    at_rest(page)
    expect(panel).to_have_attribute("data-collapsed", "true")
    page.get_by_role("button", name="Expand sidebar").tap()
    expect(panel).to_have_attribute("data-collapsed", "false")


def test_an_abbreviation_explains_itself_to_a_finger_that_rests_on_it_and_to_the_keyboard(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    hint = page.locator(".descent > .descent-explanation")
    page.locator("[title='Loop']").first.scroll_into_view_if_needed()
    x, y = find_middle(page, "[title='Loop']")
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    expect(hint).to_have_text("Loop")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(hint).to_be_hidden()
    page.keyboard.press("Tab")
    page.locator("[title='Loop']").first.focus()
    expect(hint).to_have_text("Loop")
    page.keyboard.press("Escape")
    expect(hint).to_be_hidden()
