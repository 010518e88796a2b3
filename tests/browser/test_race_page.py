"""The race page in a real browser: it moves by itself, and follows what the visitor does."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.slow_server import SlowServer, is_end_of_run
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, eventually, until

pytestmark = pytest.mark.browser


def live(page: Page, what: str) -> Any:
    """Something of the player's own account of itself."""
    return page.evaluate(f"window.__descent.{what}")


def test_the_first_view_moves_by_itself_and_is_whole_on_one_screen(visit: Visit) -> None:
    page = visit(moving=True)
    until(page, "d.playing && d.step > 3")
    before = page.evaluate("JSON.stringify(window.__descent.heads())")
    until(page, f"JSON.stringify(d.heads()) !== '{before}'")
    for words in ("Landscape", "Loss", "Second curve"):
        expect(page.get_by_label(words, exact=True).first).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_role("row", name=re.compile("Momentum"))).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_role("row", name=re.compile("Nesterov"))).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_role("button", name="Pause")).to_be_in_viewport()


def test_a_key_press_on_a_slider_changes_that_runs_path_and_no_other(visit: Visit) -> None:
    page = visit()
    live(page, "seek(20)")
    momentum, nesterov = live(page, "point(0, 20)"), live(page, "point(1, 20)")
    slider = page.locator(".st-key-card0").get_by_role("slider", name=re.compile(r"^lr"))
    slider.focus()
    slider.press("ArrowRight")
    until(page, f"d.point(0, 20)[0] !== {momentum[0]}")
    assert live(page, "point(1, 20)") == nesterov


def test_a_run_whose_name_changes_keeps_its_row_and_its_place_in_the_legend(visit: Visit) -> None:
    """To draw all swatches again would take a fifth of what the player does to answer a slider."""
    page = visit(path="?run=sgd(lr=0.01)&run=sgd(lr=0.02)")
    swatches = page.locator(":is(.descent-table, .descent-legend) .descent-swatch")
    expect(swatches).to_have_count(4)
    swatches.evaluate_all("(all) => all.forEach((swatch) => (swatch.stays = true))")
    row = page.locator(".descent-table tbody tr").first
    expect(row).to_contain_text("lr 0.01")
    page.locator(".st-key-card0").get_by_role("slider", name=re.compile(r"^lr")).press("ArrowLeft")
    expect(row).not_to_contain_text("lr 0.01")
    expect(page.locator(".descent-legend li").nth(1)).not_to_contain_text("lr 0.01")
    assert swatches.evaluate_all("(all) => all.map((swatch) => swatch.stays)") == [True] * 4


def test_a_click_on_the_landscape_moves_the_start(visit: Visit) -> None:
    page = visit()
    place = page.locator(".descent-plot").bounding_box()
    assert place
    page.mouse.click(place["x"] + 0.7 * place["width"], place["y"] + 0.7 * place["height"])
    until(page, "d.point(0, 0)[0] > -9 && d.point(0, 0)[1] < 2.5")
    x, y = live(page, "point(1, 0)")
    expect(page.get_by_label("Start x")).to_have_value(f"{x:.5g}")
    expect(page.get_by_label("y", exact=True)).to_have_value(f"{y:.5g}")


def test_paths_follow_a_dragged_start_and_the_panel_once_it_is_let_go(visit: Visit) -> None:
    page = visit()
    box = page.locator(".descent-start").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 20, steps=4)
    until(page, "d.point(0, 0)[0] > -8")
    at_rest(page)
    expect(page.get_by_label("Start x")).to_have_value("-9")
    page.mouse.up()
    expect(page.get_by_label("Start x")).not_to_have_value("-9")


def test_the_transport_pauses_steps_and_scrubs(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "d.playing && d.step > 0")
    page.get_by_role("button", name="Pause").click()
    until(page, "!d.playing")
    page.get_by_role("slider", name="Step", exact=True).fill("40")
    until(page, "d.step === 40")
    page.get_by_role("button", name="One step forward").click()
    until(page, "d.step === 41")
    page.get_by_role("button", name="One step back").click()
    page.get_by_role("button", name="One step back").click()
    until(page, "d.step === 39")
    expect(page.get_by_role("columnheader", name="At step 39")).to_be_visible()


def test_a_prepared_scene_is_one_click_away(visit: Visit) -> None:
    page = visit()
    page.get_by_text("Newton or L-BFGS", exact=True).click()
    for name in ("Newton", "SciPy L-BFGS-B"):
        expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()
    expect(page.get_by_label("Start x")).to_have_value("-1.2")


def test_text_that_is_no_number_is_answered_beside_the_field(visit: Visit) -> None:
    page = visit()
    start = live(page, "point(0, 0)")
    page.get_by_label("Start x").fill("somewhere")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“somewhere” is not a number.")).to_be_visible()
    assert live(page, "point(0, 0)") == start
    page.get_by_label("Start x").fill("3")
    page.keyboard.press("Enter")
    until(page, "d.point(0, 0)[0] === 3")
    expect(page.get_by_text("is not a number")).to_have_count(0)


def test_formula_and_code_of_a_run_are_one_click_away(page: Page) -> None:
    page.get_by_role("button", name="Formula and code").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".katex").first).to_be_visible()
    expect(dialog.get_by_text("def momentum")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_without_the_panel_the_names_at_the_top_keep_apart(visit: Visit) -> None:
    """Where it is folded, and on a page that has none, though one comes from a page that has one."""
    page = visit(1440)
    header = page.locator("[data-testid=stHeader]")

    def apart() -> bool:
        name = "parseFloat(getComputedStyle(at, '::before').left) + parseFloat(getComputedStyle(at, '::before').width)"
        end = header.evaluate(f"(at) => {name}")
        first = page.get_by_role("link", name="Race").bounding_box()
        return bool(first) and 60 < end < first["x"]

    page.locator("[data-testid=stSidebarHeader]").hover()
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_visible()
    assert apart()
    page.get_by_role("button", name="Expand sidebar").click()
    expect(page.get_by_label("Steps", exact=True)).to_be_visible()
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    expect(page.locator("[data-testid=stSidebar]")).to_be_hidden()
    assert apart()


def test_a_card_is_folded_and_unfolded_and_keeps_its_run(page: Page) -> None:
    card = page.locator(".st-key-card0")
    card.locator("summary").click()
    expect(card.get_by_role("slider")).to_have_count(0)
    expect(card.locator("summary")).to_contain_text("lr 0.005")
    card.locator("summary").click()
    expect(card.get_by_role("slider", name=re.compile(r"^lr"))).to_be_visible()


def test_a_card_that_is_unfolded_before_the_page_knows_the_end_of_its_folding_is_open(visit: Visit) -> None:
    server = SlowServer()
    page = visit(meddle=server.connect)
    card = page.locator(".st-key-card0")
    server.hold(is_end_of_run)
    card.locator("summary").click()
    expect(card.locator("summary")).to_contain_text("lr 0.005")
    eventually(page, lambda: server.count_ended_runs() == 1)
    card.locator("summary").click()
    eventually(page, lambda: server.count_ended_runs() == 2)
    server.release()
    at_rest(page)
    expect(card.get_by_role("slider", name=re.compile(r"^lr"))).to_be_visible()


def test_a_phone_shows_landscape_and_transport_without_a_sideways_scroll(visit: Visit) -> None:
    page = visit(390, 844, has_touch=True)
    expect(page.get_by_role("button", name=re.compile("Play|Pause"))).to_be_attached()
    for width, height in ((390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        until(page, f"document.querySelector('.descent-plot').getBoundingClientRect().right <= {width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        plot = page.locator(".descent-plot").bounding_box()
        assert plot and plot["x"] >= 0 and plot["width"] > 0.8 * width


@pytest.mark.parametrize("scheme, ground", [("light", "rgb(251, 251, 249)"), ("dark", "rgb(16, 20, 26)")])
def test_both_themes_have_their_own_ground(page: Page, scheme: str, ground: str) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".stApp")).to_have_css("background-color", ground)
    expect(page.locator(f"[data-theme={scheme}]").first).to_be_attached()
