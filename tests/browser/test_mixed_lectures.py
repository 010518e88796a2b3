"""A lecture of races, checks and trainings in a real browser: by the keys of a remote, across pages, and by Back."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.scene_text.playlist import pack
from tests.browser.axe import nothing_is_found
from tests.browser.lecture_links import link
from tests.browser.page_actions import has_overflow
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser

TWO = "data=digits(epochs=6,sample_count=200)" + "".join(
    f"&train=network(width=12,optimizer=sgd(lr={lr}))" for lr in (0.005, 0.1)
)
ALONE = "data=xor(epochs=4)&train=network(width=6,batch_size=16)"
TEXT = (
    "?surface=ravine()&steps=40&run=momentum()\n"
    f"training?{TWO} Which one learns? | The first | The second\n"
    "?of=network(data=xor,samples=8,width=4) Is this gradient right? | Yes | No\n"
    f"?{ALONE}\n"
    "?surface=bowl()&steps=20&run=adam()\n"
)
CHECKS = (
    "?surface=ravine()&steps=40&run=momentum()\n"
    "?of=network(data=xor,samples=8,width=4)\n"
    "?trap=single\n"
    "?surface=bowl()&steps=20&run=adam()\n"
)
RACE, CHECKED, TRAINED = ".descent:not(.descent-check):not(.descent-training)", ".descent-check", ".descent-training"
READY = f"document.querySelector('{TRAINED}[data-state=done]')"
CURVES = """() => [...document.querySelectorAll(
  ".descent-training-loss .descent-layer, .descent-training-accuracy .descent-layer",
)].filter((canvas) => !canvas.classList.contains("descent-layer-grid")).reduce((sum, canvas) => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return sum + data.reduce((found, value, i) => found + (i % 4 === 3 && value > 0), 0);
}, 0)"""  # the pixels that are drawn of curves, of those ahead too
AHEAD = """() => {
  const canvas = document.querySelector(".descent-training-loss .descent-layer-ghost");
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, i) => i % 4 === 3 && value > 0);
}"""


def at(page: Page, place: int, shows: str) -> None:
    """The page shows a scene, on the page of its kind alone."""
    expect(page.locator(shows)).to_have_count(1)
    expect(page.locator(".descent")).to_have_count(1)
    expect(page.locator(".descent-place")).to_have_text(f"{place} / 5")
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    page.wait_for_url(f"**&place={place}&mode=lecture")


def stands_at(page: Page, epoch: int) -> None:
    expect(page.locator(TRAINED)).to_have_attribute("data-epoch", str(epoch))


def is_ready(page: Page) -> None:
    expect(page.locator(TRAINED)).to_have_attribute("data-state", "done")


def test_a_remote_goes_through_races_checks_and_trainings_and_back(visit: Visit) -> None:
    page = visit(1280, 720, link(1, TEXT), bypass_csp=True)
    press, asked = page.keyboard.press, page.locator(".descent-asked")
    readings = page.locator(".descent-training-readings")
    at(page, 1, RACE)
    press("PageDown")  # the race begins
    until(page, "d.playing || d.step > 0")
    press("PageDown")
    at(page, 2, TRAINED)
    is_ready(page)
    expect(asked).to_contain_text("Which one learns?")
    expect(page.locator(".descent-training-table tbody tr")).to_have_count(2)
    expect(page.locator(".descent-training-table td").first).to_have_text("")
    expect(readings).to_be_hidden()
    assert page.evaluate(CURVES) == 0
    page.set_viewport_size({"width": 1920, "height": 1080})  # where there is room for it
    expect(page.locator(".descent-training-ratio .descent-training-plot")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 720})
    press("2")
    press("1")
    press("2")
    expect(page.locator(".descent-taken")).to_have_text(["1The first1", "2The second2"])
    at_rest(page)
    nothing_is_found(page, TRAINED)
    press("PageDown")  # what happens is shown before the lecture goes on
    expect(asked.get_by_role("button", name="Show what happens")).to_be_hidden()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(readings).to_be_hidden()
    assert not page.evaluate(AHEAD)
    page.get_by_label("Speed").select_option("4")
    stands_at(page, 6)  # it has played to its end
    expect(readings).to_be_visible()
    expect(page.locator(".descent-training-table td").first).not_to_have_text("")
    assert page.evaluate(CURVES) > 0
    press("PageDown")
    at(page, 3, CHECKED)
    sentence, traps = page.locator(".descent-check-sentence p"), page.locator(".descent-check-chips")
    expect(sentence).to_have_text("The verdict waits for your prediction.")
    expect(traps).to_be_hidden()
    press("2")
    expect(page.locator(".descent-taken")).to_have_text(["1Yes", "2No1"])
    at_rest(page)
    nothing_is_found(page, CHECKED)
    press("PageDown")
    expect(sentence).to_contain_text("No fault found")
    expect(asked.get_by_role("button", name="Show what happens")).to_be_hidden()
    expect(traps).to_be_visible()
    press("PageDown")
    at(page, 4, TRAINED)
    is_ready(page)
    stands_at(page, 0)  # without a question it stands at its start
    expect(asked).to_be_hidden()
    expect(readings).to_be_hidden()
    assert not page.evaluate(AHEAD)
    page.get_by_label("Speed").select_option("4")
    press("PageDown")
    stands_at(page, 4)
    expect(readings).to_be_visible()
    press("o")
    scenes = page.locator(".descent-overview .descent-scene")
    expect(scenes).to_have_count(5)
    expect(scenes.nth(3)).to_have_attribute("aria-current", "true")
    scenes.nth(4).click()
    at(page, 5, RACE)
    press("PageUp")
    at(page, 4, TRAINED)
    press("PageUp")
    at(page, 3, CHECKED)
    expect(sentence).to_contain_text("No fault found")  # it has been answered
    press("PageUp")
    at(page, 2, TRAINED)
    stands_at(page, 6)
    expect(readings).to_be_visible()
    page.go_back()  # to where the lecture was before
    at(page, 3, CHECKED)
    press("PageUp")
    at(page, 2, TRAINED)
    press("Escape")
    expect(page.get_by_text("Scene 2 of 5")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Scene 2 of 5")).to_be_visible()
    page.get_by_role("button", name="Next scene").click()
    expect(page.locator(CHECKED)).to_have_count(1)
    page.get_by_role("button", name="Next scene").click()
    expect(page.locator(TRAINED)).to_have_count(1)
    page.get_by_role("button", name="Back to the lecture").click()
    at(page, 4, TRAINED)


def test_two_trainings_in_a_row_leave_nothing_of_each_other_and_keys_are_not_lost(visit: Visit) -> None:
    text = f"?{ALONE}\n?{TWO} predict\n?{ALONE}\n"
    page = visit(1280, 720, "training" + link(1, text), READY)
    press, place = page.keyboard.press, page.locator(".descent-place")
    page.get_by_label("Speed").select_option("4")
    press("Space")  # begins, as the remote's key does
    stands_at(page, 4)
    press("PageDown")
    expect(place).to_have_text("2 / 3")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")
    eventually(page, lambda: page.evaluate(CURVES) == 0)
    press("Space")  # shows what happens, as R does
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    press("PageDown")
    press("PageDown")  # the first leads to the next scene, the second lets that run
    expect(place).to_have_text("3 / 3")
    page.get_by_label("Speed").select_option("4")
    stands_at(page, 4)
    press("Home")
    stands_at(page, 0)
    assert not page.evaluate(AHEAD)
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Show what happens")
    press("Escape")


def test_the_audience_predicts_on_a_phone(visit: Visit) -> None:
    page = visit(390, 844, f"training?playlist={pack(f'?{TWO} predict')}", ready=f"document.querySelector('{TRAINED}')")
    expect(page.locator(".descent-asked")).to_contain_text("What will happen?")
    is_ready(page)
    expect(page.get_by_text("The rest waits for your prediction.")).to_be_visible()
    for part in ("inside", "files", "readings", "sanity", "middle"):
        expect(page.locator(f".descent-training-{part}").first).to_be_hidden()
    expect(page.locator(".descent-twin")).to_be_hidden()
    expect(page.get_by_role("button", name="Export")).to_have_count(0)
    assert page.evaluate(CURVES) == 0 and not has_overflow(page)
    page.get_by_role("button", name="Show what happens").click()
    stands_at(page, 6)
    expect(page.locator(".descent-twin")).to_be_visible()
    expect(page.locator(".descent-training-readings")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_visible()
    assert not has_overflow(page)


def test_a_training_is_added_where_it_is_shown_and_its_curves_are_its_picture(visit: Visit) -> None:
    page = visit(1280, 900, f"training?{ALONE}", ready=f"document.querySelector('{TRAINED}')")
    page.get_by_role("button", name="Add this scene to the playlist").click()
    expect(page.get_by_text("The playlist has 1 of 30 scenes.")).to_be_visible()
    page.get_by_role("link", name="Playlist").click()
    expect(page.get_by_role("textbox", name="Scenes")).to_have_value(f"?{ALONE}\n")
    page.goto(f"{page.url.partition('/playlist')[0]}/playlist?playlist={pack(TEXT)}")
    scenes = page.locator(".descent-scenes li")
    expect(scenes).to_have_count(5)
    expect(scenes.nth(3)).to_contain_text("Training: XOR")
    curve = """(row) => {
      const canvas = row.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let k = 0; k < data.length; k += 4) count += data[k] > 150 && data[k + 1] < 110 && data[k + 2] < 60;
      return count;
    }"""  # pixels in the colour of the first training
    eventually(page, lambda: min(scenes.nth(k).evaluate(curve) for k in (1, 3)) > 300)
    scenes.nth(3).get_by_role("button", name="Earlier").click()
    expect(scenes.nth(2)).to_contain_text("Training: XOR")
    expect(page.get_by_role("textbox", name="Scenes")).to_have_value(
        "\n".join(TEXT.splitlines()[k] for k in (0, 1, 3, 2, 4)) + "\n"
    )
    scenes.nth(2).locator(".descent-scene").click()
    at(page, 3, TRAINED)


def test_a_check_is_added_where_it_is_shown_and_its_error_is_its_picture(visit: Visit) -> None:
    page = visit(1280, 900, "gradient-check?of=network(data=xor,samples=8,width=4)", ready="")
    page.get_by_role("button", name="Add this scene to the playlist").click()
    expect(page.get_by_text("The playlist has 1 of 30 scenes.")).to_be_visible()
    page.get_by_role("link", name="Playlist").click()
    field = page.get_by_role("textbox", name="Scenes")
    expect(field).to_have_value("?of=network(data=xor,samples=8,width=4)\n")
    page.goto(f"{page.url.partition('/playlist')[0]}/playlist?playlist={pack(CHECKS)}")
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
