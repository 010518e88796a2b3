"""The axes of the charts, the pace of the race and the zoom of the map."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.held_messages import hold_messages
from tests.browser.page_actions import fetch_columns, live, open_scene
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser


def test_the_race_may_be_run_by_evaluations(visit: Visit) -> None:
    page = visit()
    open_scene(page, "Newton or L-BFGS")
    until(page, "d.view[0][0] !== -10 && d.column(2, 'evaluations')")
    page.get_by_label("Race by").select_option("evaluations")
    costs = [live(page, f"column({run}, 'evaluations')") for run in range(3)]
    live(page, "seek(12)")
    page.get_by_label("over", exact=True).select_option("evaluations")

    def heads_have_spent_12() -> None:
        for run, cost in enumerate(costs):
            k = max(i for i, spent in enumerate(cost) if spent <= 12)
            head, here = live(page, "heads()")[run], live(page, f"pixelOf(...window.__descent.point({run}, {k}))")
            after = live(page, f"pixelOf(...window.__descent.point({run}, {min(k + 1, len(cost) - 1)}))")
            part = (12 - cost[k]) / (cost[k + 1] - cost[k]) if k + 1 < len(cost) else 0
            expected = [a + part * (b - a) for a, b in zip(here, after, strict=True)]
            assert head == pytest.approx(expected, abs=0.6)  # half a pixel, for the screen's rounding

    eventually(page, heads_have_spent_12)
    expect(page.locator(".descent-counter")).to_contain_text("evaluations 12")


def test_the_charts_follow_the_pace_until_an_axis_is_chosen(visit: Visit) -> None:
    page = visit()
    pace, over = page.get_by_label("Race by"), page.get_by_label("over", exact=True)
    pace.select_option("evaluations")
    expect(over).to_have_value("evaluations")
    pace.select_option("steps")
    expect(over).to_have_value("steps")
    over.select_option("gradients")
    pace.select_option("evaluations")
    expect(over).to_have_value("evaluations")
    pace.select_option("steps")
    expect(over).to_have_value("gradients")
    pace.select_option("evaluations")
    over.select_option("steps")
    over.select_option("evaluations")
    pace.select_option("steps")
    expect(over).to_have_value("evaluations")


def test_what_is_chosen_before_the_view_of_the_link_has_come_stays(visit: Visit) -> None:
    hold = hold_messages("race/mount.js", "receiveView", from_start=True)
    page = visit(path="?view=contour(strip=update_ratio)", meddle=hold)
    page.get_by_label("over", exact=True).select_option("gradients")
    until(page, "!window.isHeld")
    page.evaluate("window.release()")
    expect(page.get_by_label("Second curve").first).to_have_value("update_ratio")  # of the link
    expect(page.get_by_label("over", exact=True)).to_have_value("gradients")
    page.wait_for_url("**over=gradients**")


def test_a_strip_that_was_not_sent_is_asked_for(visit: Visit) -> None:
    page = visit()
    for words, column in (("Relative step length", "update_ratio"), ("Effective learning rate in x", "rate_x")):
        curve = page.get_by_label("Second curve").first
        curve.select_option(words)
        expect(curve).to_have_attribute("title", re.compile("divided by"))  # what it is, by mouse, key and finger
        (values,) = fetch_columns(page, 0, column)
        assert len(values) == 151
    page.get_by_label("over", exact=True).select_option("gradient evaluations")
    (spent,) = fetch_columns(page, 0, "gradients")
    assert spent[:3] == [0, 1, 2]


def test_why_a_log_axis_cannot_be_is_said_where_it_is_asked_for(visit: Visit) -> None:
    page = visit(1280, 800, "?surface=himmelblau()&start=3,2&run=sgd(lr=0.01)&view=contour(step=150)")
    chart, note = page.locator(".descent-right"), page.get_by_text("which a log axis cannot show")
    expect(chart.get_by_role("button", name="Linear")).to_have_attribute("aria-pressed", "true")
    expect(note).to_have_count(0)
    chart.get_by_role("button", name="Log", exact=True).click()
    expect(note).to_be_visible()


def test_where_there_is_data_the_axis_may_count_epochs(visit: Visit) -> None:
    page = visit()
    page.get_by_role("combobox", name="Surface").fill("Linear SVM")
    page.get_by_role("option", name="Linear SVM").click()
    until(page, "d.view[0][0] !== -10")  # its landscape is there, which begins the race
    page.get_by_label("over", exact=True).select_option("epoch")
    expect(page.locator(".descent-counter")).to_contain_text("epoch")
    live(page, "seek(30)")
    expect(page.locator(".descent-counter")).to_contain_text("epoch 30.0")  # the whole data in every step
    # Named by what only this surface has there: the folded part of the surface before is replaced, and opens in vain.
    page.locator("summary").filter(has_text="Shape and noise · all data").click()
    size = page.get_by_role("textbox", name="batch size, typed")
    size.fill("5")
    size.press("Enter")
    expect(page.locator(".descent-counter")).to_contain_text("step 30 / 150 · epoch 1.5")  # 5 of 100 samples in a step


def test_zoom_survives_theme_view_and_hyperparameters_and_one_key_resets_it(visit: Visit) -> None:
    page = visit(color_scheme="light")
    live(page, "seek(40)")
    page.get_by_role("button", name="Zoom in").click()
    until(page, "d.view[0][1] - d.view[0][0] < 13.9")
    view = live(page, "view")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".descent")).to_have_attribute("data-theme", "dark")
    slider = page.locator(".st-key-card0").get_by_role("slider").first
    before = live(page, "point(0, 20)")
    slider.focus()
    slider.press("ArrowRight")
    until(page, f"d.point(0, 20)[0] !== {before[0]}")
    assert live(page, "view") == view and live(page, "step") == 40
    page.keyboard.press("z")
    until(page, "d.view[0][0] === -10 && d.view[0][1] === 4")


def test_the_wheel_alone_scrolls_the_page_and_a_hint_says_how_to_zoom(visit: Visit) -> None:
    page = visit(height=600)
    view, hint = live(page, "view"), page.locator(".descent-hint")
    box = page.locator(".descent-plot").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    expect(hint).to_be_hidden()
    page.mouse.wheel(0, 60)
    expect(hint).to_have_text("Ctrl + wheel zooms the map")
    expect(hint).to_be_visible()
    expect(hint).to_be_hidden()
    assert live(page, "view") == view
    moved = page.locator(".descent-plot").bounding_box()
    assert moved and moved["y"] < box["y"]
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    until(page, f"JSON.stringify(d.view) !== JSON.stringify({view})")
    expect(hint).to_be_hidden()


def test_the_axis_may_be_fitted_to_the_runs_that_have_not_diverged(visit: Visit) -> None:
    page = visit(color_scheme="light")
    choices = page.get_by_role("group", name="Scale the axes to")
    expect(choices).to_be_hidden()
    open_scene(page, "Too long a step")
    expect(choices.get_by_role("button", name="All runs")).to_have_attribute("aria-pressed", "true")
    live(page, "seek(60)")

    def spread() -> float:
        """Pixels between the heads of the highest and the lowest run that settles: #b84300 and #0b5cad."""
        at_rest(page)
        heights = [
            page.evaluate(
                """(colour) => {
                  const canvas = document.querySelector(".descent-chart .descent-layer-heads");
                  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                  const is = (value, i) => i % 4 === 0 && colour.every((part, j) => data[i + j] === part);
                  return Math.floor(data.findIndex(is) / 4 / width);
                }""",
                colour,
            )
            for colour in ([0xB8, 0x43, 0x00], [0x0B, 0x5C, 0xAD])
        ]
        return heights[1] - heights[0]

    before = spread()
    words = page.locator(".descent-right > .descent-quiet")
    expect(words).to_be_empty()
    choices.get_by_role("button", name="Not diverged").focus()
    page.keyboard.press("Enter")
    expect(words).to_have_text("SGD · lr 0.045: off the axis from step 1")
    eventually(page, lambda: spread() > 3 * before > 0)
    open_scene(page, "Momentum or Nesterov")
    expect(choices).to_be_hidden()
    expect(words).to_be_empty()
