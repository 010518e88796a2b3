"""A phone: what is on the first screen, the sheet and its menus, lessons, and parts as large as a finger."""

from functools import partial

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.page_actions import find_middle, has_overflow, live, swipe
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser

PHONE = {"has_touch": True, "is_mobile": True}
PAGES = ("Race", "Lessons", "Maps", "Playlist", "About")
FINGER = 44  # pixels that a target has, by Apple's guidelines; WCAG 2.5.5 asks for the same


def list_places(page: Page) -> list[float]:
    """Where the names of the pages begin."""
    boxes = [page.locator(".st-key-pages").get_by_role("link", name=name, exact=True).bounding_box() for name in PAGES]
    return [box["x"] for box in boxes if box]


def open_sheet(page: Page) -> None:
    page.get_by_role("button", name="Expand sidebar").tap()
    expect(page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "false")
    at_rest(page)


def test_the_first_screen_says_what_it_is(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    expect(page.get_by_text("Descent: watch optimizers race to a minimum")).to_be_in_viewport(ratio=1)
    expect(page.locator(".descent-legend").get_by_text("Ravine", exact=True)).to_be_in_viewport(ratio=1)
    for name in ("One step back", "One step forward"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    places = list_places(page)
    page.locator(".st-key-pages").get_by_role("link", name="Lessons").tap()
    expect(page.get_by_role("heading", name="Lessons", exact=True)).to_be_visible()
    assert list_places(page) == pytest.approx(places, abs=3)  # the name of the open page is bold


def is_swiped_into_sight(page: Page, link: Locator) -> None:
    """The link is within the bar, to the pixel in which a scrolled box is rounded; a late font may have moved it."""
    link.scroll_into_view_if_needed()
    box, bar = link.bounding_box(), page.locator(".st-key-pages").bounding_box()
    assert box and bar and box["x"] >= bar["x"] - 1 and box["x"] + box["width"] <= bar["x"] + bar["width"] + 1
    assert box["y"] >= 0 and box["y"] + box["height"] <= bar["y"] + bar["height"] + 1


def test_the_smallest_phone_has_all_pages_and_the_whole_save_menu(visit: Visit) -> None:
    page = visit(320, 568, **PHONE)
    for name in PAGES:
        link = page.locator(".st-key-pages").get_by_role("link", name=name, exact=True)
        eventually(page, partial(is_swiped_into_sight, page, link))
    assert not has_overflow(page)
    tools = page.locator(".descent-left .descent-tools").bounding_box()
    assert tools and tools["height"] < 2 * FINGER  # one line
    page.get_by_role("button", name="Save", exact=True).tap()
    for kind in ("Picture (PNG)", "Film (GIF)"):
        button = page.get_by_role("button", name=kind)
        expect(button).to_be_in_viewport(ratio=1)
        eventually(page, lambda button=button: (button.bounding_box() or {"y": 0})["y"] >= 45)  # the header's height


def test_a_page_name_with_the_focus_is_wholly_in_sight(visit: Visit) -> None:
    page = visit(320, 568, "?language=zh", **PHONE)
    names = page.locator(".st-key-pages a")
    names.first.focus()
    for index in range(names.count()):
        expect(names.nth(index)).to_be_focused()

        def is_in_bar(index: int = index) -> bool:
            box, bar = names.nth(index).bounding_box(), page.locator(".st-key-pages").bounding_box()
            return bool(box and bar and box["x"] >= bar["x"] and box["x"] + box["width"] <= bar["x"] + bar["width"])

        eventually(page, is_in_bar)
        page.keyboard.press("Tab")


def test_a_lesson_waits_until_its_picture_is_in_sight(visit: Visit) -> None:
    page = visit(390, 844, "lessons?lesson=step", moving=True, **PHONE)
    expect(page.locator(".descent-waiting .descent-counter")).to_be_hidden()
    expect(page.locator(".descent-scrub")).to_be_disabled()
    assert page.locator(".descent-scrub").evaluate("(part) => part.style.getPropertyValue('--descent-done')") == "0"
    page.locator(".st-key-ask button").first.tap()
    picture = page.locator(".descent-landscape")
    expect(picture).to_be_in_viewport(ratio=1)
    until(page, "d.position > 0")
    expect(page.locator(".st-key-tell")).not_to_be_in_viewport()  # it stands below the race
    expect(page.locator(".st-key-tell").get_by_text("You predicted")).to_have_count(1)


def test_a_race_out_of_sight_does_not_begin(visit: Visit) -> None:
    page = visit(390, 500, "lessons?lesson=step", moving=True, **PHONE)
    expect(page.locator(".descent-waiting")).to_be_attached()
    page.evaluate("Element.prototype.scrollIntoView = () => {}")  # as if the visitor scrolled back at once
    page.locator(".st-key-ask button").first.dispatch_event("click")
    until(page, "d.playing && d.column(0, 'loss').length > 1")
    at_rest(page)
    expect(page.locator(".descent-landscape")).not_to_be_in_viewport(ratio=0.3)
    assert live(page, "position") == 0
    page.locator(".descent-landscape").scroll_into_view_if_needed()
    until(page, "d.position > 0")


def test_a_menu_over_the_sheet_has_room_and_closes_alone(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    open_sheet(page)
    sheet = page.locator("[data-testid=stSidebar]")
    expect(sheet.get_by_role("button", name="Remove").first).to_be_visible()  # without a menu
    sheet.get_by_role("button", name="More").first.tap()
    menu = page.locator("[data-testid=stPopoverBody]")
    eventually(page, lambda: (menu.bounding_box() or {"height": 0})["height"] > 300)
    at_rest(page)
    start = live(page, "point(0, 0)")
    page.touchscreen.tap(250, 150)  # on the picture
    expect(menu).to_have_count(0)
    at_rest(page)
    expect(sheet).to_have_attribute("data-collapsed", "false")
    assert live(page, "point(0, 0)") == start
    sheet.get_by_role("button", name="Remove").first.tap()
    until(page, "!d.column(1, 'loss')")
    page.get_by_role("button", name="Add a run").tap()
    expect(sheet.get_by_text("Adam", exact=True).first).to_be_in_viewport(ratio=1)


def test_the_sheet_is_closed_by_a_swipe_on_its_bar(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    open_sheet(page)
    sheet = page.locator("[data-testid=stSidebar]")
    swipe(page, find_middle(page, "[data-testid=stSidebarHeader]"), (0, 30))
    at_rest(page)
    expect(sheet).to_have_attribute("data-collapsed", "false")
    swipe(page, find_middle(page, "[data-testid=stSidebarHeader]"), (4, 250))
    expect(sheet).to_have_attribute("data-collapsed", "true")


def test_a_tap_on_a_track_moves_its_slider(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    open_sheet(page)
    group = "[data-testid=stSidebar] .stSlider [role=group]"
    slider = page.locator("[data-testid=stSidebar]").get_by_role("slider", name="lr").first
    x, y = find_middle(page, group, 0.25)
    point = live(page, "point(0, 20)")
    page.touchscreen.tap(x, y)
    eventually(
        page, lambda: 20 < int(slider.input_value()) < 50
    )  # a quarter of 140, but for the margin beside the track
    until(page, f"d.point(0, 20)[0] !== {point[0]}")


def test_fields_bring_the_keys_that_they_need(visit: Visit) -> None:
    page = visit(390, 844, **PHONE)
    open_sheet(page)
    sheet = page.locator("[data-testid=stSidebar]")
    expect(sheet.locator(".descent-typed-value").first).to_have_attribute("inputmode", "decimal")
    sheet.get_by_label("Steps", exact=True).tap()
    expect(sheet.get_by_label("Steps", exact=True)).to_have_attribute("inputmode", "numeric")
    choice = sheet.get_by_role("combobox", name="Surface")
    choice.tap()
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(choice).to_have_attribute("inputmode", "none")
    choice.tap()
    expect(choice).to_have_attribute("inputmode", "search")
    sizes = "(parts) => parts.map((part) => parseFloat(getComputedStyle(part).fontSize))"
    assert min(sheet.locator("input[type=text]").evaluate_all(sizes)) >= 16  # else the phone zooms into them
    assert min(page.locator(".descent-speed span").evaluate_all(sizes)) >= 12


@pytest.mark.parametrize("width, height", [(820, 1180), (390, 844)])
def test_targets_are_as_large_as_a_finger(visit: Visit, width: int, height: int) -> None:
    page = visit(width, height, **PHONE)
    if width < 768:
        open_sheet(page)
    parts = {
        "[data-testid=stTopNavLink]": width >= 768,
        "[data-testid=stSidebarCollapseButton] button": True,
        "[data-testid=stSidebar] .st-key-steps [data-testid=stTextInputRootElement]": True,
        "[data-testid=stSidebar] .stSelectbox [role=group]": True,
        ".descent-time .descent-button": True,
        ".descent-panel label": True,
    }
    page.locator(".descent-menu summary").first.evaluate("(part) => (part.parentElement.open = true)")
    for selector, is_there in parts.items():
        part = page.locator(selector).first
        if is_there:
            eventually(page, lambda part=part: (part.bounding_box() or {"height": 0})["height"] >= FINGER)
