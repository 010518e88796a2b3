"""A lecture of races and gradient checks in a real browser: by the keys of a remote, across pages, and by Back."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.scene_text.playlist import pack
from tests.browser.axe import nothing_is_found
from tests.browser.lecture_links import link
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser

CHECK = "?of=network(data=xor,samples=8,width=4) Is this gradient right? | Yes | No"
TEXT = f"?surface=ravine()&steps=40&run=momentum()\n{CHECK}\n?trap=single\n?surface=bowl()&steps=20&run=adam()\n"


def at(page: Page, place: int, shows: str) -> None:
    """The page shows a scene, on the page of its kind alone."""
    expect(page.locator(shows)).to_have_count(1)
    expect(page.locator(".descent")).to_have_count(1)
    expect(page.locator(".descent-place")).to_have_text(f"{place} / 4")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    page.wait_for_url(f"**&place={place}&mode=lecture")


RACE, CHECKED = ".descent:not(.descent-check)", ".descent-check"


def test_a_remote_goes_through_races_and_checks_and_back(visit: Visit) -> None:
    page = visit(1280, 720, link(1, TEXT), bypass_csp=True)
    press, asked = page.keyboard.press, page.locator(".descent-asked")
    at(page, 1, RACE)
    press("PageDown")  # the race begins
    until(page, "d.playing || d.step > 0")
    press("PageDown")
    at(page, 2, CHECKED)
    expect(page.locator(".descent-check-sentence p")).to_have_text("The verdict waits for your prediction.")
    expect(page.locator(".descent-check-chips")).to_be_hidden()
    press("2")
    press("1")
    press("2")
    expect(page.locator(".descent-taken")).to_have_text(["1Yes1", "2No2"])
    at_rest(page)
    nothing_is_found(page, ".descent-check")
    press("PageDown")  # the result is shown before the lecture goes on
    expect(page.locator(".descent-check-sentence p")).to_contain_text("Right")
    expect(asked.get_by_role("button", name="Show what happens")).to_be_hidden()
    expect(page.locator(".descent-check-chips")).to_be_visible()
    press("PageDown")
    at(page, 3, CHECKED)
    expect(page.locator(".descent-chip[aria-pressed=true]")).to_have_text("Single precision")
    expect(page.locator(".descent-check-sentence p")).to_contain_text("error")
    press("o")
    scenes = page.locator(".descent-overview .descent-scene")
    expect(scenes).to_have_count(4)
    expect(scenes.nth(2)).to_have_attribute("aria-current", "true")
    scenes.nth(3).click()
    at(page, 4, RACE)
    press("PageUp")
    at(page, 3, CHECKED)
    press("PageUp")
    at(page, 2, CHECKED)
    expect(page.locator(".descent-check-sentence p")).to_contain_text("Right")  # it has been answered
    press("PageUp")
    at(page, 1, RACE)
    page.go_back()  # to where the lecture was before, and not to an address in between
    at(page, 2, CHECKED)
    press("Escape")
    expect(page.get_by_text("Scene 2 of 4")).to_be_visible()
    expect(page.get_by_role("button", name="Take it home")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Scene 2 of 4")).to_be_visible()
    page.get_by_role("button", name="Next scene").click()
    expect(page.get_by_text("Scene 3 of 4")).to_be_visible()
    page.get_by_role("button", name="Next scene").click()
    expect(page.get_by_role("combobox", name="Surface")).to_have_value(re.compile("^Bowl "))
    page.get_by_role("button", name="Back to the lecture").click()
    at(page, 4, RACE)


def test_a_check_is_added_where_it_is_shown_and_its_error_is_its_picture(visit: Visit) -> None:
    page = visit(1280, 900, "gradient-check?of=network(data=xor,samples=8,width=4)", ready="")
    page.get_by_role("button", name="Add this scene to the playlist").click()
    expect(page.get_by_text("The playlist has 1 of 30 scenes.")).to_be_visible()
    page.get_by_role("link", name="Playlist").click()
    field = page.get_by_role("textbox", name="Scenes")
    expect(field).to_have_value("?of=network(data=xor,samples=8,width=4)\n")
    page.goto(f"{page.url.partition('/playlist')[0]}/playlist?playlist={pack(TEXT)}")
    titles = page.locator(".descent-scenes b")
    expect(titles).to_have_text([
        "Ravine", "Gradient check: Fully connected network", "Gradient check: Single precision", "Bowl",
    ])  # fmt: skip
    blue = """() => {
      const canvas = document.querySelectorAll(".descent-thumbnail")[1];
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let k = 0; k < data.length; k += 4) count += data[k] < 60 && data[k + 2] - data[k] > 100;
      return count;
    }"""
    eventually(page, lambda: page.evaluate(blue) > 300)  # the curve, as soon as it is computed
    page.get_by_role("button", name="Earlier: Gradient check: Fully connected network").click()
    expect(titles.first).to_have_text("Gradient check: Fully connected network")
    expect(field).to_have_value(re.compile("^\\?of=network"))
    page.get_by_role("button", name="Undo the last change of the list").click()
    expect(titles.first).to_have_text("Ravine")
    page.locator(".descent-scene").nth(2).click()
    expect(page.locator(".descent-place")).to_have_text("3 / 4")
    expect(page.locator(".descent-chip[aria-pressed=true]")).to_have_text("Single precision")
