"""What a visitor does to look closely: arrows, cursors, axes, pace, keys, the rule, the race in words."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser


def live(page: Page, what: str) -> Any:
    return page.evaluate(f"window.__descent.{what}")


def scene(page: Page, title: str) -> None:
    page.get_by_text(title, exact=True).click()


def columns(page: Page, run: int, *names: str) -> list[list[float]]:
    """Whole columns of a run, once they have come."""
    until(page, " && ".join(f"d.column({run}, '{name}')" for name in names))
    return [live(page, f"column({run}, '{name}')") for name in names]


def arrows(page: Page, *names: str) -> None:
    page.locator(".descent-menu summary").click()
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    page.locator(".descent-menu summary").click()


def coloured(page: Page, layer: str, x: float, y: float, radius: int = 3) -> bool:
    """Whether anything is drawn near a place of the page on a canvas of the landscape."""
    return page.evaluate(
        """([layer, x, y, r]) => {
          const canvas = document.querySelector(`.descent-view:not(.descent-hidden) .descent-layer-${layer}`);
          const box = canvas.getBoundingClientRect();
          const ratio = canvas.width / box.width;
          const [left, top] = [x - box.left - r, y - box.top - r].map((value) => Math.round(ratio * value));
          const data = canvas.getContext("2d").getImageData(left, top, 2 * r * ratio, 2 * r * ratio).data;
          return data.some((value, i) => i % 4 === 3 && value > 100);
        }""",
        [layer, x, y, radius],
    )


def test_arrows_are_asked_for_and_the_update_points_to_the_next_iterate(visit: Visit) -> None:
    page = visit()
    page.locator(".descent").focus()
    page.keyboard.press("2")  # Nesterov's head would be in the way
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_have_count(0)
    xs, ys = live(page, "column(0, 'x')"), live(page, "column(0, 'y')")
    k = max(range(20), key=lambda i: abs(ys[i + 1] - ys[i]))
    live(page, f"seek({k})")
    assert live(page, "column(0, 'slope_x')") is None  # not sent before it is wanted
    arrows(page, "The next update", "Downhill, −∇f")
    (slope,) = columns(page, 0, "slope_x")
    assert slope[0] == pytest.approx(-9, rel=1e-6)  # the ravine's slope in x is x
    expect(page.locator(".descent-scale")).to_have_text(
        re.compile(r"^velocity and update × 1 · −∇f by the logarithm of its size$")
    )
    # to scale: a point between this iterate and the next is on the arrow, where no path is drawn yet
    px, py = live(page, f"pixelOf({(xs[k] + xs[k + 1]) / 2}, {(ys[k] + ys[k + 1]) / 2})")
    eventually(page, lambda: coloured(page, "heads", px, py))
    arrows_off = page.locator(".descent-menu summary")
    arrows_off.click()
    for name in ("The next update", "Downhill, −∇f"):
        page.get_by_role("checkbox", name=name).uncheck()
    eventually(page, lambda: not coloured(page, "heads", px, py))
    expect(page.locator(".descent-scale")).to_be_empty()


def test_newtons_model_and_the_trust_region_are_drawn_where_they_are(visit: Visit) -> None:
    page = visit()
    page.locator(".st-key-card0").get_by_role("combobox").fill("Trust region")
    page.get_by_role("option", name="Trust region", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Trust region"))).to_be_visible()
    arrows(page, "Trust region")
    (radius,) = columns(page, 0, "radius")
    live(page, "seek(4)")
    x, y = live(page, "point(0, 4)")
    eventually(page, lambda: coloured(page, "heads", *live(page, f"pixelOf({x - radius[4]}, {y})"), radius=4))


@pytest.mark.parametrize("chart", [0, 1])
def test_one_cursor_shows_every_runs_numbers_and_a_click_jumps_there(page: Page, chart: int) -> None:
    live(page, "seek(10)")
    box = page.locator(".descent-chart").nth(chart).bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    tip = page.locator(".descent-tip")
    expect(tip).to_be_visible()
    step = int(re.search(r"step (\d+)", tip.inner_text())[1])
    assert 60 < step < 100
    loss = live(page, "column(0, 'loss')")[step]
    row = tip.get_by_role("row", name=re.compile("Momentum"), include_hidden=True)
    assert float(row.locator("td").nth(1).inner_text().replace("·10", "e").translate(RAISED)) == pytest.approx(
        loss, rel=0.01
    )
    px, py = live(page, f"pixelOf(...window.__descent.point(1, {step}))")
    eventually(page, lambda: coloured(page, "heads", px, py, radius=7))  # a ring on the landscape
    page.mouse.down()
    page.mouse.up()
    until(page, f"Math.abs(d.step - {step}) <= 1")
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


def test_pointing_at_a_path_shows_the_step_there(page: Page) -> None:
    live(page, "seek(100)")
    px, py = live(page, "pixelOf(...window.__descent.point(0, 5))")
    page.mouse.move(px, py)
    expect(page.locator(".descent-tip")).to_contain_text("step 5")


def test_the_race_may_be_run_by_evaluations(visit: Visit) -> None:
    page = visit()
    scene(page, "Newton or L-BFGS")
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


def test_a_strip_that_was_not_sent_is_asked_for(visit: Visit) -> None:
    page = visit()
    for words, column in (("Update : point ratio", "update_ratio"), ("Effective rate in x", "rate_x")):
        page.get_by_label("Second curve").first.select_option(words)
        (values,) = columns(page, 0, column)
        assert len(values) == 151
    page.get_by_label("over", exact=True).select_option("gradient evaluations")
    (spent,) = columns(page, 0, "gradients")
    assert spent[:3] == [0, 1, 2]


def test_keys_work_wherever_the_page_is_focused_and_none_is_taken_while_typing(visit: Visit) -> None:
    page = visit(moving=True)
    page.mouse.click(700, 20)
    press = page.keyboard.press
    until(page, "d.playing")
    press("Space")
    until(page, "!d.playing")
    press("End")
    until(page, "d.step === 150")
    press("ArrowLeft")
    until(page, "d.step === 149")
    press("Home")
    until(page, "d.step === 0")
    press("+")
    expect(page.get_by_label("Speed")).to_have_value("2")
    press("-")
    press("-")
    expect(page.get_by_label("Speed")).to_have_value("0.5")
    press("2")
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_have_count(0)
    press("2")
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_have_count(1)
    press("l")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    live(page, "seek(7)")
    field = page.get_by_label("Start x")
    field.focus()
    for key in ("End", "1", "Space", "l"):
        press(key)
    assert live(page, "step") == 7 and not live(page, "playing")
    expect(page.get_by_role("row", name=re.compile("Momentum"))).to_have_count(1)


def test_the_race_waits_under_a_dialog_and_goes_on_after_it(visit: Visit) -> None:
    page = visit(moving=True)
    ours, streamlits = page.get_by_role("dialog", name="Keys"), page.get_by_role("dialog", name="Momentum")
    page.get_by_role("button", name="Loop").click()
    page.get_by_label("Speed").select_option("0.1")
    for opened, press in (
        (ours, page.get_by_role("button", name="Keys", exact=True).click),
        (streamlits, page.get_by_role("button", name="Formula and code").first.click),
    ):
        until(page, "d.playing")
        press()
        expect(opened).to_be_visible()
        until(page, "!d.playing")
        page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
        until(page, "d.playing")
    page.keyboard.press("Space")
    until(page, "!d.playing")
    page.keyboard.press("?")
    expect(ours).to_be_visible()
    ours.get_by_role("button", name="Close").click()
    expect(ours).to_be_hidden()
    assert not live(page, "playing")


def test_the_rule_follows_the_scrubber_with_this_steps_numbers(page: Page) -> None:
    live(page, "seek(5)")
    page.get_by_role("button", name="Momentum", exact=True).click()
    rule = page.locator("section.descent-rule")
    expect(rule).to_be_visible()
    expect(rule.locator(".descent-rule-step")).to_have_text("step 5")
    for k in (5, 6, 1):
        live(page, f"seek({k})")
        expect(rule.locator(".descent-rule-step")).to_have_text(f"step {k}")
        x, y = (f"{value:.4g}".replace("-", "−") for value in live(page, f"point(0, {k})"))
        numbers = [text.strip("()") for text in rule.locator("mn").all_text_contents()]
        # float32 on the landscape, four figures in the rule: the last of them may differ by one
        for value in (x, y):
            wanted = float(value.replace("−", "-"))
            said = [float(text.replace("−", "-")) for text in numbers if re.fullmatch(r"−?[\d.]+", text)]
            assert any(abs(one - wanted) <= 2e-3 * abs(wanted) + 1e-9 for one in said), (k, value, numbers)
    page.get_by_label("The rule of").select_option("choose a run")
    expect(rule).to_be_hidden()


def test_the_race_in_words_is_true_and_the_curves_are_a_table(page: Page) -> None:
    live(page, "seek(20)")
    words = page.get_by_text("The race in words and numbers")
    words.click()
    twin = page.locator(".descent-twin")
    expect(twin.locator("p")).to_contain_text("Ravine: step 20 of 150; runs: 2.")
    expect(twin.get_by_role("columnheader", name=re.compile("Momentum"))).to_be_visible()
    row = twin.get_by_role("row").filter(has=page.get_by_role("rowheader", name="20", exact=True))
    said = float(row.get_by_role("cell").first.inner_text())
    assert said == pytest.approx(live(page, "column(0, 'loss')")[20], rel=0.01)
    words.click()


def test_where_a_lost_run_ends_is_said_as_is_from_where_it_was_lost(visit: Visit) -> None:
    page = visit()
    scene(page, "Too long a step")
    row = page.locator(".descent-verdicts").get_by_role("row", name=re.compile("0.045"))
    expect(row).to_contain_text(re.compile(r"Diverged at step \d+: .*It is drawn on to step 60\."))
    live(page, "seek(60)")
    page.get_by_text("The race in words and numbers").click()
    expect(page.locator(".descent-twin p")).to_contain_text("It is drawn on to step 60.")


def test_one_switch_makes_everything_as_large_as_a_back_row_needs(visit: Visit) -> None:
    page = visit()
    size = "parseFloat(getComputedStyle(document.querySelector('%s')).fontSize)"
    parts = (".descent-table", ".descent-counter", "[data-testid=stSidebar] label p")
    for part in parts:
        page.wait_for_selector(part, state="attached")
    before = [page.evaluate(size % part) for part in parts]
    page.get_by_role("button", name="Large type, for a projector").click()
    after = [page.evaluate(size % part) for part in parts]
    assert [a / b for a, b in zip(after, before, strict=True)] == pytest.approx([1.6] * 3, rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_a_broken_message_changes_nothing_and_is_logged(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    before = live(page, "point(0, 9)")
    folder = page.evaluate("document.querySelector('link[href*=\"player.css\"]').href.replace('player/player.css', '')")
    page.evaluate(
        """async (folder) => {
          const { mountPlayer, receiveStage, receiveEquations } = await import(folder + "player/mount.js");
          const place = document.createElement("div");
          document.body.append(place);
          const text = new TextEncoder().encode("<script>");
          const junk = [null, new Uint8Array(3), new Uint8Array(99).fill(255), text, {}];
          for (const data of junk) for (const entry of [mountPlayer, receiveStage, receiveEquations])
            entry({ parentElement: place, data, setStateValue() {} }, { folder, plotly: "" });
          place.remove();
        }""",
        folder,
    )
    assert live(page, "point(0, 9)") == before
    assert sum("ignored a message" in text for text in said) == 15


def test_a_lost_connection_is_said_and_playback_goes_on(page: Page) -> None:
    notice = page.get_by_text("The server is not responding")
    state = "document.querySelector('[data-test-connection-state]')"
    assert page.evaluate(f"{state}.getAttribute('data-test-connection-state')") == "CONNECTED"
    page.evaluate(f"{state}.setAttribute('data-test-connection-state', 'DISCONNECTED_FOREVER')")
    expect(notice).to_be_visible()
    live(page, "seek(0)")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "d.step > 5")
    page.evaluate(f"{state}.setAttribute('data-test-connection-state', 'CONNECTED')")
    expect(notice).to_have_count(0)


def test_where_there_is_data_the_axis_may_count_epochs(visit: Visit) -> None:
    page = visit()
    page.get_by_role("combobox", name="Surface").fill("Linear SVM")
    page.get_by_role("option", name="Linear SVM", exact=True).click()
    until(page, "d.view[0][0] !== -10")  # its landscape is there, which begins the race
    page.get_by_label("over", exact=True).select_option("epoch")
    expect(page.locator(".descent-counter")).to_contain_text("epoch")
    live(page, "seek(30)")
    expect(page.locator(".descent-counter")).to_contain_text("epoch 30.0")  # the whole data in every step
    page.locator("summary").filter(has_text="Shape and noise").click()
    size = page.get_by_role("slider", name="batch size")
    size.focus()
    for _ in range(5):
        size.press("ArrowRight")
    until(page, "d.step === 30")
    expect(page.locator(".descent-counter")).not_to_contain_text("epoch 30.0")  # the step is the same, its epoch is not


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
    choices = page.get_by_role("group", name="Runs that the axes have room for")
    expect(choices).to_be_hidden()
    scene(page, "Too long a step")
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
    expect(words).to_have_text("SGD, lr 0.045: off the axis from step 1")
    eventually(page, lambda: spread() > 3 * before > 0)
    scene(page, "Momentum or Nesterov")
    expect(choices).to_be_hidden()
    expect(words).to_be_empty()


def test_f_fills_the_screen_and_leaves_it(page: Page) -> None:
    page.locator(".descent").focus()
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.className === 'descent'")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")


def test_space_pauses_after_a_scene_or_a_button_was_clicked(visit: Visit) -> None:
    page = visit(moving=True)
    scene(page, "Who leaves the saddle?")
    expect(page.get_by_role("row", name=re.compile("RMSprop"))).to_be_visible()
    until(page, "d.playing && d.step > 3")
    page.keyboard.press("Space")
    until(page, "!d.playing")
    at_rest(page)
    expect(page.get_by_role("row", name=re.compile("RMSprop"))).to_be_visible()  # the scene is the one that was chosen
    page.get_by_role("button", name="To the start").click()
    page.keyboard.press("Space")
    until(page, "d.playing && d.step > 3")


def test_space_presses_what_was_reached_by_keys(page: Page) -> None:
    live(page, "seek(9)")
    page.get_by_role("button", name="To the start").focus()
    page.keyboard.press("Tab")  # One step back
    page.keyboard.press("Space")
    until(page, "d.step === 8 && !d.playing")
