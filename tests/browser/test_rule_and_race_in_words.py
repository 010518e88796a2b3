"""The rule with its numbers, the race in words, and what is said when a message or the connection is broken."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_actions import live, open_scene
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


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
    open_scene(page, "Too long a step")
    row = page.locator(".descent-verdicts").get_by_role("row", name=re.compile("0.045"))
    expect(row).to_contain_text(re.compile(r"Diverged at step \d+: .*It is drawn on to step 60\."))
    live(page, "seek(60)")
    page.get_by_text("The race in words and numbers").click()
    expect(page.locator(".descent-twin p")).to_contain_text("It is drawn on to step 60.")


def test_a_broken_message_changes_nothing_and_is_logged(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    before = live(page, "point(0, 9)")
    folder = page.evaluate("document.querySelector('link[href*=\"player.css\"]').href.replace('player/player.css', '')")
    page.evaluate(
        """async (folder) => {
          const { mountPlayer, receiveStage, receiveEquations } = await import(folder + "race/mount.js");
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
