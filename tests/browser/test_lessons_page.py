"""Whole lessons in a real browser: by mouse, by keys alone, on a phone, and the ways between lessons and race."""

import re
from functools import partial
from itertools import pairwise

from playwright.sync_api import Page, expect

from app.lessons.catalogue import LESSONS
from app.lessons.lesson_text_parser import load_lesson_text
from tests.browser.axe import nothing_is_found
from tests.browser.waiting import at_rest, eventually, until

BALL = load_lesson_text("ball")
STEPS = LESSONS["ball"].parse_scene_of("ravine").steps


def answer(page: Page, said: str):
    return page.get_by_role("button", name=said, exact=True)


def box(page: Page, selector: str) -> dict[str, float]:
    return page.locator(selector).first.bounding_box()


def waits(page: Page) -> None:
    """The landscape with its runs at the start, and a clock that has nowhere to go."""
    expect(page.locator(".descent-table tbody tr")).to_have_count(2)
    until(page, "d.step === 0 && !d.playing && d.heads().length === 2")
    assert page.evaluate("window.__descent.column(0, 'loss').length") == 1


def test_a_whole_lesson_by_mouse(visit):
    page = visit(moving=True)
    page.get_by_role("link", name="Lessons").click()
    page.get_by_role("link", name=BALL.title).click()
    page.wait_for_url("**/lessons?lesson=ball")
    expect(page.get_by_role("heading", name=BALL.title)).to_be_visible()
    until(page, "d.column(0, 'loss')?.length === 1")
    waits(page)
    start = page.evaluate("window.__descent.heads()[0]")
    where = box(page, ".descent-landscape")
    page.mouse.click(where["x"] + where["width"] / 2, where["y"] + where["height"] / 3)
    page.get_by_role("button", name="Play").click()
    waits(page)
    assert page.evaluate("window.__descent.heads()[0]") == start, "a click on the landscape does not move the start"

    told, later = page.locator(".st-key-told"), page.get_by_text("The explanation comes when the race has got there.")
    answer(page, "SGD: it does not waste its way").click()
    until(page, f"d.playing && d.step > 3 && d.column(1, 'loss').length === {STEPS + 1}")
    expect(later).to_be_visible()
    expect(told).to_be_hidden()
    page.get_by_role("button", name="To the end", exact=True).click()
    expect(page.get_by_text("You predicted “SGD: it does not waste its way”")).to_be_visible()
    expect(page.get_by_text("The ball is there at step 122")).to_be_visible()
    expect(later).to_be_hidden()
    expect(page.locator(".descent-table")).to_contain_text("Reached the global minimum (0, 0) at step 122")
    page.get_by_role("button", name="To the start", exact=True).click()
    until(page, "d.step === 0")
    expect(told).to_be_visible()

    answer(page, "Ask me again").click()
    until(page, "d.column(0, 'loss')?.length === 1")
    waits(page)
    answer(page, "Momentum, the ball").click()
    until(page, "d.playing && d.step > 3")
    expect(told).to_be_hidden()
    page.get_by_role("button", name=re.compile("^Show what is ahead")).click()
    expect(page.get_by_text("You predicted “Momentum, the ball”, and that is right.")).to_be_visible()

    page.get_by_role("link", name="Open this scene in the race").click()
    page.wait_for_url("**/?surface=ravine**")
    expect(page.get_by_role("combobox", name="Surface")).to_have_value(re.compile("^Ravine "))
    until(page, "d.column(1, 'loss')?.length === 151")
    page.get_by_role("link", name="Lessons").click()
    expect(page.get_by_text(f"1 of {len(LESSONS)}")).to_be_visible()
    page.reload()
    expect(page.get_by_text(f"1 of {len(LESSONS)}")).to_be_visible()


def test_a_whole_lesson_by_keys_alone(visit):
    page = visit(moving=True)

    def reach(what) -> None:
        """Tab until it has the focus."""
        expect(what).to_be_visible()
        for _ in range(120):
            if what.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError("the focus never got there")

    page.keyboard.press("Tab")
    reach(page.get_by_role("link", name="Lessons"))
    page.keyboard.press("Enter")
    reach(page.get_by_role("link", name=BALL.title))
    page.keyboard.press("Enter")
    until(page, "d.column(0, 'loss')?.length === 1")
    waits(page)
    reach(answer(page, "Momentum, the ball"))
    page.keyboard.press("Enter")
    until(page, f"d.playing && d.column(1, 'loss').length === {STEPS + 1}")
    page.keyboard.press("End")
    until(page, f"d.step === {STEPS} && !d.playing")
    expect(page.get_by_text("You predicted “Momentum, the ball”, and that is right.")).to_be_visible()
    page.keyboard.press("Home")
    until(page, "d.step === 0")
    page.keyboard.press("1")
    page.keyboard.press("Control+z")
    reach(page.get_by_role("link", name="Next").first)
    expect(page.locator(".descent-table tbody tr")).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons?lesson=friction")
    expect(page.get_by_role("heading", name=load_lesson_text("friction").title)).to_be_visible()


def test_the_race_is_as_it_was_left_and_its_scene_is_not_written_into_a_lessons_address(visit):
    page = visit(moving=True)
    page.get_by_text("The Adam family").click()
    expect(page.locator(".descent-table tbody tr")).to_have_count(5)
    page.wait_for_url("**himmelblau()**")
    page.locator("[data-testid=stSidebar] [data-testid=stSlider] input").first.press("ArrowRight")
    page.locator("[data-testid=stSidebar] [data-testid=stSlider] input").first.press("ArrowRight")
    page.get_by_role("link", name="Lessons").click()
    page.get_by_role("link", name=BALL.title).click()
    answer(page, "Momentum, the ball").click()
    until(page, "d.playing && d.step > 20")
    assert page.url.endswith("/lessons?lesson=ball")
    page.get_by_role("link", name="Race", exact=True).click()
    expect(page.locator(".descent-table tbody tr")).to_have_count(5)
    page.wait_for_url("**himmelblau()**")
    assert "/lessons" not in page.url


def test_back_goes_to_the_lesson_before(visit):
    page = visit(path="lessons?lesson=ball")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**/lessons?lesson=friction")
    expect(page.get_by_role("heading", name=load_lesson_text("friction").title)).to_be_visible()
    page.go_back()
    page.wait_for_url("**/lessons?lesson=ball")
    expect(page.get_by_role("heading", name=BALL.title)).to_be_visible()
    waits(page)
    page.get_by_role("link", name="All lessons").click()
    page.wait_for_url("**/lessons")
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()


def test_another_scene_of_a_lesson_is_raced_from_its_start(visit):
    page = visit(path="lessons?lesson=batch", moving=True)
    answer(page, "In about half of them").click()
    until(page, "d.playing && d.step > 40")
    noisy = page.evaluate("window.__descent.column(0, 'loss')")
    page.get_by_role("radio", name="All of the data").click()
    until(page, f"d.playing && d.step < 40 && d.column(0, 'loss')[1] !== {noisy[1]}")
    until(page, "document.querySelectorAll('.descent').length === 1")
    loss = page.evaluate("window.__descent.column(0, 'loss')")
    assert all(later < before for before, later in pairwise(loss))


def test_without_motion_an_answered_lesson_stands_at_its_end(visit):
    page = visit(path="lessons?lesson=ball")
    waits(page)
    answer(page, "Show me without a prediction").click()
    until(page, f"d.step === {STEPS} && !d.playing")


def test_nothing_sticks_out_and_question_race_and_explanation_follow_each_other(visit):
    page = visit(path="lessons?lesson=batch")
    sizes = ((1440, 900), (390, 844), (320, 640))

    def fits(width: int, height: int) -> None:
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        eventually(page, partial(nothing_is_wider, width))

    def nothing_is_wider(width: int) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for selector in (".st-key-ask", ".st-key-watch", ".st-key-tell"):
            for found in page.locator(selector).all():
                edges = found.bounding_box()
                assert edges["x"] >= 0 and edges["x"] + edges["width"] <= width + 1, selector

    for size in sizes:
        fits(*size)
    answer(page, "In about half of them").click()
    expect(page.get_by_role("heading", name="Try this")).to_be_attached()
    until(page, "d.step > 3")
    for width, height in sizes:
        fits(width, height)
        ask, watch, tell = (box(page, f".st-key-{name}") for name in ("ask", "watch", "tell"))
        if width > 900:
            assert watch["x"] >= ask["x"] + ask["width"] and tell["x"] == ask["x"], "side by side"
            assert tell["y"] >= ask["y"] + ask["height"] - 1
        else:
            assert ask["y"] + ask["height"] <= watch["y"] + 1 and watch["y"] + watch["height"] <= tell["y"] + 1


def test_axe_finds_nothing_in_the_list_a_question_and_an_answer(visit):
    page = visit(path="lessons?lesson=batch", color_scheme="light", bypass_csp=True)

    nothing_is_found(page, ".descent", ".st-key-ask", ".st-key-along")
    answer(page, "Never: each step goes downhill").click()
    expect(page.get_by_role("heading", name="Try this")).to_be_attached()
    nothing_is_found(page, ".descent", ".st-key-tell")
    page.get_by_role("link", name="All lessons").click()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    nothing_is_found(page, ".st-key-contents")


def test_cards_of_two_rows_do_not_touch(visit):
    page = visit(path="lessons", ready="")
    cards = page.locator(".st-key-chapter_momentum a")
    expect(cards.last).to_be_visible()
    boxes = [card.bounding_box() for card in cards.all()]
    rows = sorted({(box["y"], box["height"]) for box in boxes if box})
    assert len(rows) > 1
    for (y, height), (below, _) in pairwise(rows):
        assert below - y - height > 4  # pixels of a gap of 9


THEORY = "theory for this loss: truncation and round-off"


def test_a_whole_lesson_of_the_gradient_check(visit):
    page = visit(path="lessons?lesson=single", ready="")
    expect(page.locator(".descent-check[data-state=done]")).to_have_count(1, timeout=60_000)
    check, sentence = page.locator(".descent-check"), page.locator(".descent-check-sentence p")
    legend = page.locator(".descent-check-legend li")
    expect(sentence).to_have_text("The verdict waits for your prediction.")
    expect(legend).to_have_text(["centred, float64"])
    for hidden in (".descent-check-handle", ".descent-check-save", ".descent-check-traps", ".descent-check-others"):
        expect(page.locator(hidden)).to_be_hidden()
    plot = box(page, ".descent-check-plot")
    page.mouse.click(plot["x"] + plot["width"] / 3, plot["y"] + plot["height"] / 2)
    expect(check).to_have_attribute("data-h", "0.00001")

    answer(page, "More than a tenth: hardly a digit is right").click()
    expect(page.get_by_text("and that is right.")).to_be_visible()
    expect(sentence).to_contain_text("Undecided")
    expect(legend).to_have_text(["centred, float64", "centred, float32", "worst entry", THEORY])
    for hidden in (".descent-check-traps", ".descent-check-entries", ".descent-check-foot button"):
        expect(page.locator(hidden)).to_be_hidden()

    handle = page.get_by_role("slider", name="Step size h", exact=True)
    handle.press("PageUp")
    expect(check).not_to_have_attribute("data-h", "0.00001")
    h = check.get_attribute("data-h")
    page.get_by_role("radio", name="Double precision").click()
    expect(legend.first).to_have_class("descent-check-chosen")
    expect(sentence).not_to_contain_text("Undecided")
    expect(check).to_have_attribute("data-h", h)
    page.get_by_role("link", name="Open this in the gradient check").click()
    page.wait_for_url("**/gradient-check**")
    expect(page.locator(".descent-check-traps")).to_be_visible()
    expect(page.locator(".descent-check")).to_have_attribute("data-h", "0.00001")


def test_axe_finds_nothing_in_a_lesson_of_the_gradient_check_which_fits_a_phone(visit):
    page = visit(390, 844, "lessons?lesson=blocks", "", bypass_csp=True)
    expect(page.locator(".descent-check[data-state=done]")).to_have_count(1, timeout=60_000)
    nothing_is_found(page, ".descent-check", ".st-key-ask")
    answer(page, "About one in five").click()
    expect(page.get_by_role("heading", name="Try this")).to_be_attached()
    expect(page.locator(".descent-check-sentence p")).to_contain_text("No fault found")
    nothing_is_found(page, ".descent-check", ".st-key-tell")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
