"""The maps in a real browser: coarse first, then fine; pointed at, clicked, zoomed, stopped; on a phone; readable."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.maps.basins.job import MAP_SIDE
from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS, asked, done
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
NEWTON = "maps?surface=himmelblau()&start=-1,-1&steps=60&run=newton()"
TWO = NEWTON.replace("60", "200") + "&run=adam(lr=0.1)"
SLOW = "maps?surface=himmelblau()&start=-1,-1&steps=300&run=nelder_mead()"  # takes many seconds


def inside(page: Page, across: float, up: float) -> tuple[float, float]:
    """The pixel of a place in the first map, in parts of its window."""
    box = page.locator(".descent-map-plot .nsewdrag").first.bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


def test_two_maps_side_by_side_and_their_readout(visit: Visit) -> None:
    page = visit(path=TWO, ready="", bypass_csp=True)
    done(page, 2)
    first, second = page.locator(".descent-map-legend").all()
    scale = page.locator(".descent-map-ticks")
    expect(scale.first).to_contain_text("≤ ")
    expect(scale.last).to_have_text(scale.first.inner_text().replace("\n", ""))  # both maps have one scale
    expect(first).to_contain_text("Minimum (3.00, 2.00)")
    expect(first).to_contain_text("Stops at a saddle or a maximum")
    for minimum in ("(3.00, 2.00)", "(−2.81, 3.13)", "(−3.78, −3.28)", "(3.58, −1.85)"):
        expect(second).to_contain_text(f"Minimum {minimum}")
    page.mouse.move(*inside(page, 0.8, 0.7))  # (3, 2): the minimum itself
    expect(page.locator(".descent-map-readout").first).to_contain_text("minimum (3.00, 2.00), after ")
    drawn = "[...document.querySelectorAll('.descent-map-plot')].map((p) => p.data[0].x.length)"
    until(page, f"{drawn}[0] === 201")  # the path of the run from there
    assert page.evaluate(drawn)[1] == 0
    nothing_is_found(page, ".descent-map")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".descent-map-plot").first).to_be_visible()
    assert not page.evaluate(SIDEWAYS)


def test_a_click_shows_a_start_a_second_or_the_button_races_it_and_back_is_the_map(visit: Visit) -> None:
    page = visit(path=NEWTON, ready="")
    done(page)
    readout, race = page.locator(".descent-map-readout"), page.get_by_role("button", name="Race this run")
    expect(race).to_be_hidden()
    page.mouse.click(*inside(page, 0.25, 0.5))
    expect(readout).to_contain_text("From (−2.5")
    expect(readout).to_contain_text("Click it again")
    shown = readout.inner_text()
    page.mouse.move(*inside(page, 0.8, 0.2), steps=3)
    assert readout.inner_text() == shown, "what was clicked stays in sight"
    race.click()
    until(page, "d.paintCount > 0")
    until(page, "location.search.includes('start')")
    x, y = (float(v) for v in asked(page)["start"][0].split(","))
    assert abs(x + 2.5) < 0.05
    assert abs(y) < 0.05
    assert [(v + 5) * MAP_SIDE / 10 % 1 for v in (x, y)] == [
        0.5,
        0.5,
    ]  # the run whose fate was shown: a square's middle
    assert urlsplit(page.url).path in ("", "/")
    page.go_back()
    done(page)
    assert "maps" in page.url
    expect(page.get_by_role("combobox", name="Map of")).to_have_value(re.compile("Newton"))


@pytest.mark.parametrize(
    ("path", "said", "gone"),
    [
        (NEWTON, "From (2.", "start"),
        ("maps?map=pairs()&surface=bowl()&steps=50&run=momentum(lr=0.01)", "lr ", "run"),
        ("maps?map=rates()&surface=bowl()&steps=50&run=sgd(lr=0.01)", "lr ", "run"),
    ],
    ids=["starts", "pairs", "rates"],
)
def test_a_finger_points_first_and_races_when_it_taps_there_again(
    visit: Visit, path: str, said: str, gone: str
) -> None:
    page = visit(390, 844, path=path, ready="", has_touch=True)
    expect(page.locator(".descent-map[data-state=done]")).to_be_visible()
    ground = page.locator(".descent-map .bglayer rect, .descent-map .plotbg rect").first
    ground.scroll_into_view_if_needed()
    before, readout = asked(page), page.locator(".descent-map-readout")

    def tap(across: float, up: float) -> None:
        box = ground.bounding_box()  # what is said is scrolled to
        assert box
        page.touchscreen.tap(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])

    tap(0.3, 0.3)
    expect(readout).to_contain_text("Tap it again")
    first = readout.inner_text()
    tap(0.72, 0.6)
    expect(readout).to_contain_text("Tap it again")
    expect(readout).not_to_have_text(first)
    expect(readout).to_contain_text(said)
    expect(readout).to_be_in_viewport(ratio=0.9)
    assert asked(page) == before
    tap(0.72, 0.6)
    until(page, "d.paintCount > 0")
    until(page, f"location.search.includes('{gone}')")
    assert asked(page)[gone] != before[gone]


def test_a_zoom_computes_its_window_and_the_address_keeps_it(visit: Visit) -> None:
    page = visit(path=NEWTON, ready="")
    done(page)
    page.get_by_role("button", name="Zoom in").click()
    until(page, "location.search.includes('x%3D') || location.search.includes('x=')")
    done(page)
    window = asked(page)["map"][0]
    assert re.fullmatch(r"basins\(x=\(-2\.5,2\.5\),y=\(-2\.5,2\.5\)\)", window)
    expect(page.locator(".descent-map-legend")).to_contain_text("Stops at a saddle or a maximum")
    page.reload()
    done(page)
    assert asked(page)["map"][0] == window
    page.get_by_role("button", name="Reset the view").click()
    until(page, "location.search.includes('basins%28%29') || location.search.includes('basins()')")
    done(page)


def test_a_drag_moves_the_window(visit: Visit) -> None:
    page = visit(path=NEWTON, ready="")
    done(page)
    page.mouse.move(*inside(page, 0.5, 0.5))
    until(page, "document.querySelector('.descent-map-plot').data[0].x.length")  # a path that is drawn does not end it
    page.mouse.down()
    page.mouse.move(*inside(page, 0.6, 0.5), steps=4)
    page.mouse.up()
    until(page, "location.search.includes('x%3D') || location.search.includes('x=')")
    found = re.match(r"basins\(x=\((.+?),(.+?)\)", asked(page)["map"][0])
    assert found
    assert [round(float(end)) for end in found.groups()] == [-6, 4]


def test_the_keyboard_finds_a_start_and_races_from_it(visit: Visit) -> None:
    page = visit(path=NEWTON, ready="")
    done(page)
    page.get_by_role("application").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".descent-map-readout")).to_contain_text("From (4.98, 0.02)")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    until(page, "d.paintCount > 0")
    until(page, "location.search.includes('start')")
    assert asked(page)["start"] == ["4.98046875,1.26953125"]  # the middle of the square: there its run began


def test_long_work_shows_what_there_is_can_be_stopped_and_goes_on(visit: Visit) -> None:
    page = visit(path=SLOW, ready="")
    board: Any = page.locator(".descent-map[data-state=working]")
    expect(board).to_have_attribute("data-stride", re.compile("[842]"))
    page.get_by_role("button", name="Stop").click()
    progress = page.get_by_text(re.compile(r"Stopped at \d+\s%"))
    expect(progress).to_be_visible()
    stopped = progress.inner_text()
    page.mouse.move(*inside(page, 0.8, 0.7))  # for the path from there the server looks at the work once more
    until(page, "document.querySelector('.descent-map-plot').data[0].x.length > 0")
    assert progress.inner_text() == stopped
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(re.compile(r"Computing: \d+\s%"))).to_be_visible()
    page.get_by_role("link", name="About").click()  # and it does not hold up the visitor
    expect(page.get_by_role("heading", name="About")).to_be_visible()


def test_a_knob_makes_another_map(visit: Visit) -> None:
    page = visit(path="maps?surface=double_well()&steps=40&run=sgd(lr=0.01)", ready="")
    done(page)
    before = page.locator(".descent-map-plot image").get_attribute("href")
    page.get_by_role("slider", name="lr").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".descent-map-plot image")).not_to_have_attribute("href", before or "")
    done(page)


def test_from_page_to_page_the_panel_says_what_the_scene_is_and_back_leads_to_the_map(visit: Visit) -> None:
    page = visit(path=NEWTON, ready="")
    done(page)
    panel = page.locator("[data-testid=stSidebar]")

    def shown() -> None:
        expect(panel.get_by_label("Start x")).to_have_value("-1")
        expect(panel.get_by_label("Surface")).to_have_value(re.compile("^Himmelblau "))

    for name in ("Race", "Maps", "Race"):
        page.get_by_role("link", name=name).click()
        if name == "Maps":
            done(page)
        else:
            until(page, "d.paintCount > 0 && location.search.includes('himmelblau')")
        shown()
    page.go_back()
    done(page)
    shown()
    assert asked(page)["surface"] == ["himmelblau()"]
