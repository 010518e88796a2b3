"""Training in a real browser: the clock in epochs, another training beside the first, a remedy, keys, a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.visits import Visit

pytestmark = pytest.mark.browser
SMALL = "training?data=digits(epochs=6,sample_count=200)&train=network(width=12,optimizer=sgd(lr=0.005))"


def done(page: Page, trainings: int = 1) -> None:
    expect(page.locator(".descent-training-table tbody tr")).to_have_count(trainings, timeout=60_000)
    expect(page.locator(".descent-training[data-state=done]")).to_have_count(1, timeout=60_000)


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
    page.get_by_role("button", name="Play").click()
    expect(counter).to_have_text("epoch 6 / 6", timeout=20_000)
    plot = page.locator(".descent-training-plot").first.bounding_box()
    assert plot
    page.mouse.click(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    expect(root).to_have_attribute("data-epoch", re.compile("[234]"))
    nothing_is_found(page, ".descent-training")


def test_a_remedy_and_another_training_are_shown_beside_the_first(visit: Visit) -> None:
    page = visit(path=SMALL, ready="")
    done(page)
    remedy = page.get_by_role("button", name="Train it so, beside this one").first
    remedy.hover()
    expect(page.locator(".descent-training-band:not([hidden])").first).to_be_visible()
    remedy.click()
    done(page, 2)
    page.wait_for_url(re.compile("train=.*train="))
    expect(page.locator(".descent-training-selected")).to_contain_text("2 ·")
    page.get_by_role("button", name=re.compile("^1 · SGD")).click()
    expect(page.locator(".descent-training-selected")).to_contain_text("1 ·")
    page.get_by_role("button", name="Make the checks").click()
    checks = page.locator(".descent-training-sanity li")
    expect(checks).to_have_count(6, timeout=60_000)
    expect(checks.first).to_contain_text("The first loss is that of a guess")
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


def test_a_phone_shows_the_curves_and_does_not_scroll_sideways(visit: Visit) -> None:
    page = visit(path=SMALL, ready="", viewport={"width": 390, "height": 844}, has_touch=True)
    done(page)
    expect(page.locator(".descent-training-plot").first).to_be_visible()
    assert not page.evaluate(SIDEWAYS)


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
        page.mouse.click(plot["x"] + plot["width"] - 12, plot["y"] + plot["height"] / 2)
        expect(root).to_have_attribute("data-epoch", "6")
        page.mouse.click(plot["x"] + 52, plot["y"] + plot["height"] / 2)
        expect(root).to_have_attribute("data-epoch", "0")
