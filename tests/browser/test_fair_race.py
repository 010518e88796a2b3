"""The fair race in a real browser: computed, counted the other way, raced; on a phone; readable."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import nothing_is_found
from tests.browser.page_actions import SIDEWAYS
from tests.browser.visits import Visit
from tests.browser.waiting import eventually, until

pytestmark = pytest.mark.browser
RACE = "maps?map=fair(budget=5000)&surface=ravine()&start=-9,2.5&steps=80&run=sgd()&run=newton()&run=nesterov()"
ORDER = "document.querySelectorAll('.descent-map-area')[2].layout.yaxis.ticktext.join()"
CURVE = "document.querySelectorAll('.descent-map-area')[0].data[2].x[1]"  # where Newton's first step stands

# the smallest type on the charts' axes, in pixels: exponents are pieces of a number's text
SMALLEST = """Math.min(...[...document.querySelectorAll(".descent-map-area :is(text, tspan)")]
  .filter((part) => !part.children.length && part.textContent.trim())
  .map((part) => parseFloat(getComputedStyle(part).fontSize)))"""


def test_all_are_tuned_raced_and_ranked_and_the_tuned_runs_go_to_the_race(visit: Visit) -> None:
    page = visit(path=RACE, ready="", bypass_csp=True)
    expect(page.locator(".descent-map[data-state=done]")).to_have_count(1)
    rows = page.get_by_role("region", name="Ranking by steps and by evaluations").locator("tbody tr")
    expect(rows.first).to_contain_text("Newtonlr 1 · damping 010011 – 11.00 ± 0.0022 – 21.00 ± 0.00")
    expect(page.locator(".descent-map-readout")).to_contain_text(
        "Newton arrives first: mean rank 1.00 of 3, by steps. A run arrives when its loss has first fallen 99.99 % of"
    )
    assert page.evaluate(ORDER) == "Newton,Nesterov,SGD"
    assert page.evaluate(CURVE) == 1
    page.get_by_role("button", name="Evaluations").click()
    until(page, f"{CURVE} === 2")  # a gradient and a Hessian
    expect(page.locator(".descent-map-readout")).to_contain_text("by evaluations")
    nothing_is_found(page, ".descent-map")
    assert page.locator(".descent-map-area sup, .descent-map-area tspan").count() > 0
    assert page.evaluate(SMALLEST) >= 12
    page.evaluate("document.documentElement.classList.add('descent-projector')")
    page.set_viewport_size({"width": 1420, "height": 900})
    eventually(page, lambda: page.evaluate(SMALLEST) >= 19)
    page.evaluate("document.documentElement.classList.remove('descent-projector')")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".descent-map-area").first).to_be_visible()
    assert not page.evaluate(SIDEWAYS)
    tuned = rows.nth(2).locator("td").first.inner_text()
    page.get_by_role("button", name="Race the tuned runs").click()
    until(page, "d.paintCount > 0")
    runs = parse_qs(urlsplit(page.url).query)["run"]
    assert len(runs) == 3
    assert runs[0] == f"sgd({tuned.replace(' ', '=')})"
