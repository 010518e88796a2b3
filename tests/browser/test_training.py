"""Training in a real browser: the clock in epochs, another training beside the first, a remedy, keys, a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.benchmarks.page import frame_size
from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.training_helpers import SMALL, done
from tests.browser.visits import Visit

pytestmark = pytest.mark.browser


def test_the_clock_goes_through_the_epochs_and_everything_with_it(visit: Visit) -> None:
    page = visit(path=SMALL, ready="", bypass_csp=True)
    done(page)
    root, counter, row = (
        page.locator(".descent-training"),
        page.locator(".descent-counter"),
        page.locator("tbody tr td"),
    )
    expect(counter).to_have_text("epoch 6 / 6")
    last = row.nth(2).inner_text()
    page.get_by_role("button", name="To the first weights").click()
    expect(root).to_have_attribute("data-epoch", "0")
    assert row.nth(2).inner_text() != last
    page.get_by_role("button", name="One epoch on").click()
    expect(counter).to_have_text("epoch 1 / 6")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(counter).to_have_text("epoch 6 / 6", timeout=60_000)
    plot = page.locator(".descent-training-plot").first.bounding_box()
    assert plot
    page.mouse.click(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    expect(root).to_have_attribute("data-epoch", re.compile("[234]"))
    nothing_is_found(page, ".descent-training")


# For each frame with an epoch in the middle: which of the parts under the charts changed in it.
WATCH_PARTS = """(root) => {
  window.changedParts = [];
  const parts = ["section.descent-training-table", ".descent-training-histograms", ".descent-training-mistakes",
    ".descent-training-confusion"].join();
  new MutationObserver((records) => {
    const elements = records.map(({ target }) => (target.closest ? target : target.parentElement));
    const changed = elements.map((element) => element.closest(parts)?.className);
    const names = [...new Set(changed.filter(Boolean))];
    if (names.length && root.dataset.epoch !== "6") window.changedParts.push(names);
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


def test_a_frame_of_playback_draws_one_part_under_the_charts_and_the_end_has_all(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    inside = page.locator(".descent-training-inside")
    expect(inside.locator(".descent-training-mistakes li:not([hidden])").first).to_be_visible()
    at_end = inside.inner_text()
    page.get_by_role("button", name="To the first weights").click()
    expect(page.locator(".descent-training")).to_have_attribute("data-epoch", "0")
    assert inside.inner_text() != at_end
    page.locator(".descent-training").evaluate(WATCH_PARTS)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".descent-counter")).to_have_text("epoch 6 / 6", timeout=60_000)
    assert inside.inner_text() == at_end
    changed = page.evaluate("window.changedParts")
    assert len({names[0] for names in changed}) == 4 and max(map(len, changed)) == 1


def test_a_remedy_and_another_training_are_shown_beside_the_first(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    remedy = page.get_by_role("button", name="Try it in a new training, beside this one").first
    remedy.hover()
    expect(page.locator(".descent-training-band:not([hidden])").first).to_be_visible()
    remedy.click()
    done(page, 2)
    page.wait_for_url(re.compile("train=.*train="))
    expect(page.locator(".descent-training-selected")).to_contain_text("2 ·")
    page.get_by_role("button", name=re.compile("^1 · SGD")).click()
    expect(page.locator(".descent-training-selected")).to_contain_text("1 ·")
    page.get_by_role("button", name="Run the checks").click()
    checks = page.locator(".descent-training-sanity li")
    expect(checks).to_have_count(6, timeout=60_000)
    expect(checks.first).to_contain_text("The first loss is that of guessing")
    page.go_back()
    expect(page.locator(".descent-training-selected")).to_contain_text("2 ·")


# The rows of pixels of a chart's lowest canvas, in its middle, that are filled, and not by a line across.
SHADED = """(plot) => {
  const canvas = plot.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(Math.round(0.53 * canvas.width), 0, 1, canvas.height);
  const alpha = Array.from({ length: canvas.height }, (_, y) => data[4 * y + 3]);
  return alpha.filter((value, y) => value > 0 && value === alpha[y + 1]).length;
}"""


def test_layers_and_weights_are_on_one_scale_or_each_on_its_own(visit: Visit) -> None:
    page = visit(path=SMALL.replace("width=12", "width=12,depth=3,activation=sigmoid"), ready="")
    done(page)
    histograms = page.locator(".descent-training-histograms")
    captions = histograms.locator("figcaption")
    expect(captions).to_have_count(5)  # two layers with activations and gradients, and the gradient of the scores
    expect(captions.nth(1)).to_contain_text("Layer 1, gradient · standard deviation")
    axes = [histograms.locator("figure").nth(i).locator(".descent-training-values") for i in (1, 3, 4)]
    assert len({axis.inner_text() for axis in axes}) == 1, "one scale for all gradients"
    lines = axes[0].locator("span").all_inner_texts()
    assert len(lines) == 3 and lines[1] == "0" and lines[2].startswith("−")
    histograms.get_by_role("button", name="each its own").click()
    expect(histograms.get_by_role("button", name="each its own")).to_have_attribute("aria-pressed", "true")
    expect(captions.nth(1)).to_contain_text("standard deviation")
    assert len({axis.inner_text() for axis in axes}) == 3, "a gradient that vanishes has small numbers at its axis"
    tiles = page.locator(".descent-training-tiles")
    common = tiles.evaluate("(canvas) => canvas.toDataURL()")
    page.locator(".descent-training-weights").get_by_role("button", name="each its own").click()
    assert tiles.evaluate("(canvas) => canvas.toDataURL()") != common
    plots = page.locator(".descent-training-plot")
    assert plots.nth(2).evaluate(SHADED) > 5 and plots.nth(0).evaluate(SHADED) == 0, "the decade of the rule of thumb"
    nothing_is_found(page, ".descent-training")


def test_the_charts_are_saved_and_the_page_plays_without_a_network(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    page = visit(path=f"{SMALL}&train=network(width=12,optimizer=adam())&show=2", ready="")
    done(page, 2)
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<?xml")):
        with page.expect_download() as coming:
            page.get_by_role("button", name=f"Save as {kind}").click()
        content = Path(coming.value.path()).read_bytes()
        assert coming.value.suggested_filename == f"training.{kind.lower()}" and content.startswith(start)
    assert b"Accuracy in %" in content and b"Adam" in content
    page.get_by_role("button", name="Export").click()
    page.get_by_role("radio", name="Web page").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save as training.html").click()
    kept = tmp_path / "training.html"
    coming.value.save_as(kept)
    complaints = []
    with browser.new_context(offline=True) as context:
        there = context.new_page()
        there.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        there.on("request", lambda asked: complaints.append(asked.url) if asked.url.startswith("http") else None)
        there.goto(kept.as_uri())
        done(there, 2)
        there.get_by_role("button", name="To the first weights").click()
        expect(there.locator(".descent-counter")).to_have_text("epoch 0 / 6")
        there.get_by_role("button", name="Play", exact=True).click()
        expect(there.locator(".descent-counter")).to_have_text("epoch 6 / 6", timeout=60_000)
        there.get_by_role("button", name=re.compile("^1 · SGD")).click()
        expect(there.locator(".descent-training-selected")).to_contain_text("1 ·")
        expect(there.get_by_role("button", name="Try it in a new training, beside this one")).to_have_count(0)
        expect(there.get_by_role("button", name="Run the checks")).to_be_hidden()
    assert not complaints


def test_eight_trainings_have_signs_that_differ_in_legend_table_and_picture(visit: Visit) -> None:
    trainings = "".join(f"&train=softmax(optimizer=sgd(lr={0.01 * k:g}))" for k in range(1, 9))
    page = visit(path=f"training?data=xor(epochs=2){trainings}", ready="")
    done(page, 8)
    for place in (".descent-training-loss .descent-training-legend", ".descent-training-table tbody"):
        signs = page.locator(place).first.locator("canvas")
        expect(signs).to_have_count(8)
        assert len(set(signs.evaluate_all("(all) => all.map((sign) => sign.toDataURL())"))) == 8
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save as SVG").click()
    picture = Path(coming.value.path()).read_text()
    assert picture.count("8 · ") == 1 and not page.evaluate(SIDEWAYS)


def test_a_log_from_elsewhere_is_drawn_read_and_undone(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    page.get_by_role("link", name="A log of a training made elsewhere").click()
    page.wait_for_url(re.compile("/training-log"))
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Try a sample log").click()
    done(page)
    counter = page.locator(".descent-counter")
    expect(counter).to_have_text("epoch 60 / 60")
    reading = page.locator(".descent-training-readings li[data-kind=fault]").first
    expect(reading).to_contain_text("validation")
    reading.hover()
    expect(page.locator(".descent-training-band:not([hidden])").first).to_be_visible()
    page.get_by_role("button", name="To the first weights").click()
    expect(page.locator(".descent-training-table tbody td").first).to_have_text("–")
    expect(page.locator(".descent-training-ratio")).to_be_hidden()
    nothing_is_found(page, ".descent-training")
    text = page.get_by_role("textbox", name="Paste a log")
    text.fill("epoch,loss\n1,0,5\n2,0,4\n3,0,3\n")
    text.press("Control+Enter")
    expect(page.get_by_text("A comma as the decimal point needs semicolons")).to_be_visible()
    expect(counter).to_have_text("epoch 0 / 60")
    text.fill("step;loss;acc\n100;2,5;10\n200;1,5;30\n300;1,0;50\n")
    text.press("Control+Enter")
    expect(counter).to_have_text(re.compile("step .* / 300"))
    expect(page.locator(".descent-training-table tbody td").nth(1)).to_have_text("–")
    too_long = page.get_by_text("A log may have at most 2 MB")
    expect(too_long).to_be_hidden()
    page.locator("input[type=file]").set_input_files(
        {"name": "long.csv", "mimeType": "text/csv", "buffer": b"epoch,loss\n" + b"1,2.5\n" * 400_000}
    )
    expect(too_long).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(counter).to_have_text(re.compile("epoch .* / 60"))
    assert page.url.endswith("/training-log")


def test_a_change_is_undone_and_redone_by_keys(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    page.get_by_role("button", name="Try it in a new training, beside this one").first.click()
    done(page, 2)
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator(".descent-training-table tbody tr")).to_have_count(1)
    page.keyboard.press("ControlOrMeta+y")
    expect(page.locator(".descent-training-table tbody tr")).to_have_count(2)


def test_a_phone_shows_the_curves_and_does_not_scroll_sideways(visit: Visit) -> None:
    page = visit(path=SMALL, ready="", viewport={"width": 390, "height": 844}, has_touch=True)
    done(page)
    expect(page.locator(".descent-training-plot").first).to_be_visible()
    assert not page.evaluate(SIDEWAYS)
    for choice in page.locator(".descent-training-head .descent-speed").all():
        label, box = choice.locator("span").bounding_box(), choice.locator("select").bounding_box()
        assert label and box and label["x"] + label["width"] <= box["x"] + box["width"], "the label is in its box"
    band = page.locator(".descent-training-band:not([hidden])")
    page.locator(".descent-training-readings li p").first.tap()
    expect(band.first).to_be_visible()  # it stays when the finger is lifted, to be looked at further up
    page.get_by_role("button", name="Try it in a new training, beside this one").first.tap()
    done(page, 2)
    expect(band).to_have_count(0)  # the curves say other things now


def test_the_decision_regions_go_with_the_clock_and_are_told_in_words(visit: Visit) -> None:
    page = visit(path="training?data=spirals(epochs=6)&train=softmax()&train=network(width=20)", ready="")
    done(page, 2)
    planes = page.locator(".descent-training-planes figure")
    expect(planes).to_have_count(2)
    expect(planes.nth(1)).to_have_attribute("data-epoch", "6")
    picture = planes.nth(1).locator("canvas")
    last, told = picture.screenshot(), picture.get_attribute("aria-label")
    assert re.fullmatch(r"class 0 covers \d+\s% of the picture\. class 1 covers .*", told or "")
    expect(planes.nth(1)).to_contain_text(re.compile(r"\d+ of 240 training samples and \d+ of 60 validation samples"))
    page.get_by_role("button", name="To the first weights").click()
    expect(planes.nth(1)).to_have_attribute("data-epoch", "0")
    assert picture.screenshot() != last and picture.get_attribute("aria-label") != told
    nothing_is_found(page, ".descent-training-regions")


def test_a_training_is_rewound_and_goes_on_with_another_value_beside_the_old_one(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    form = page.locator(".descent-training-change")
    form.locator("summary").click()
    go_on = form.get_by_role("button", name="Go on from here")
    expect(go_on).to_be_disabled()  # at the end nothing is left
    expect(form).to_contain_text("Move the clock")
    page.get_by_role("button", name="One epoch back").click()
    page.get_by_role("button", name="One epoch back").click()
    expect(form.locator("summary")).to_have_text("Change something from epoch 4 on")
    value = form.get_by_role("textbox", name="Its new value")
    expect(value).to_have_attribute("placeholder", "now 0.005")
    value.fill("fast")
    value.press("Enter")
    expect(form.get_by_role("status")).to_contain_text("is not a number")
    value.fill("0.1")
    form.get_by_label("beside this one").check()
    go_on.click()
    done(page, 2)
    expect(page).to_have_url(re.compile("4%2Clr%2C0.1"))
    expect(page.locator(".descent-training-loss li", has_text="after epoch 4")).to_have_count(1)
    page.get_by_role("button", name="To the end").click()
    losses = page.locator("tbody tr td:nth-child(2)")
    expect(page.locator(".descent-training")).to_have_attribute("data-epoch", "6")
    expect(losses.nth(1)).not_to_have_text(losses.nth(0).inner_text())
    page.get_by_role("button", name="To the first weights").click()
    expect(page.locator(".descent-training")).to_have_attribute("data-epoch", "0")
    expect(losses.nth(1)).to_have_text(losses.nth(0).inner_text())


def test_curves_are_drawn_over_steps_or_seconds_and_a_press_on_them_still_moves_the_clock(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    root, axis = page.locator(".descent-training"), page.get_by_label("Over")
    for choice in ("steps", "log epochs", "log seconds"):
        axis.select_option(choice)
        plot = page.locator(".descent-training-plot").first.bounding_box()
        assert plot
        page.mouse.click(
            plot["x"] + plot["width"] - 8,  # the end of the axis
            plot["y"] + plot["height"] / 2,
        )
        expect(root).to_have_attribute("data-epoch", "6")
        page.mouse.click(plot["x"] + 52, plot["y"] + plot["height"] / 2)
        expect(root).to_have_attribute("data-epoch", "0")


def test_a_lesson_shows_the_rest_of_the_curves_after_the_prediction(visit: Visit) -> None:
    page = visit(path="lessons?lesson=heart", ready="")
    root = page.locator(".descent-training")
    expect(root).to_have_attribute("data-done", "1", timeout=60_000)
    expect(root).to_contain_text("waits for your prediction")
    expect(page.locator(".descent-training-readings, .descent-training-middle").first).to_be_hidden()
    page.get_by_role("button", name="Learn the few images by heart").click()
    expect(root).to_have_attribute("data-done", "40")
    expect(page.get_by_text("and that is right")).to_be_visible()
    page.get_by_role("link", name="Open this in the training laboratory").click()
    done(page)
    expect(page.locator(".descent-counter")).to_have_text("epoch 40 / 40")


def test_what_is_computed_beside_the_curves_does_not_send_or_draw_them_again(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    page.locator("tbody tr").evaluate("(row) => (row.dataset.kept = 'yes')")
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    sizes: list[int] = []
    link.on("Network.webSocketFrameReceived", lambda frame: sizes.append(frame_size(frame)))
    page.get_by_role("button", name="Run the checks").click()
    expect(page.locator(".descent-training-sanity li")).to_have_count(6, timeout=60_000)
    expect(page.locator(".descent-training-sanity li", has_text="being checked")).to_have_count(0, timeout=60_000)
    section = page.locator(".descent-training-landscape")
    section.get_by_role("button", name="Draw the landscape").click()
    expect(section).to_have_attribute("data-state", "done", timeout=60_000)
    done(page)
    curves = 4 * 7 * 12 * 64  # bytes of the pictures of the first layer alone
    assert sizes and max(sizes) < curves, "the largest is the landscape"
    expect(page.locator("tbody tr")).to_have_attribute("data-kept", "yes")


def test_a_landscape_is_drawn_with_the_path_on_it_and_raced_on(visit: Visit) -> None:
    page = visit(path="training?data=spirals(epochs=6)&train=network(width=10)", ready="")
    done(page)
    section = page.locator(".descent-training-landscape")
    section.get_by_role("button", name="Draw the landscape").click()
    expect(section).to_have_attribute("data-state", "done", timeout=60_000)
    expect(section).to_contain_text("of the variance of training 1's path")
    picture = section.locator("canvas")
    end = picture.screenshot()
    page.get_by_role("button", name="To the first weights").click()
    expect(page.locator(".descent-training")).to_have_attribute("data-epoch", "0")
    assert picture.screenshot() != end, "the path is as long as the clock says"
    section.get_by_role("button", name="through ends").click()
    expect(section).to_have_attribute("data-state", "refused")
    expect(section).to_contain_text("add another one")
    section.get_by_role("button", name="random", exact=True).click()
    expect(section).to_have_attribute("data-state", "done", timeout=60_000)
    expect(section.get_by_role("button", name="Other directions")).to_be_visible()
    nothing_is_found(page, ".descent-training-landscape")
    section.get_by_role("button", name="Race on this landscape").click()
    page.wait_for_url(re.compile("surface=network_loss"), timeout=60_000)
    expect(page.locator(".descent-landscape")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("row", name="Momentum")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Watch the training").click()
    expect(page.locator(".descent-training")).to_be_visible()
    done(page)
