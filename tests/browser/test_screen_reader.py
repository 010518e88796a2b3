"""Texts for screen readers: titles, headings and names, a race while it plays, and why a value was refused."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from app.lessons.lesson_text_parser import load_lesson_text
from tests.browser.page_actions import done, live
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser

HEADING_LEVELS = """[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]))"""


def levels_are_in_order(page: Page) -> None:
    """One heading of the first level, which comes first, and none that is more than a level below the one before."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    levels = page.evaluate(HEADING_LEVELS)
    assert levels[0] == 1, levels
    assert all(level <= before + 1 for before, level in pairwise(levels)), levels


def test_every_page_has_a_title_and_its_headings(visit: Visit) -> None:
    page = visit()
    expect(page).to_have_title("Race · Descent")
    expect(page.get_by_role("heading", name="Loss", level=2)).to_be_visible()
    levels_are_in_order(page)
    for name in ("Lessons", "Maps", "Playlist", "About"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_title(f"{name} · Descent")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_attached()
        levels_are_in_order(page)


def test_a_lesson_has_its_own_title_in_the_visitors_language(visit: Visit) -> None:
    page = visit(path="lessons?lesson=step&language=zh")
    expect(page).to_have_title(f"{load_lesson_text('step', 'zh').title} · Descent")
    levels_are_in_order(page)


def test_sliders_and_the_picture_are_named_once_and_in_words(page: Page) -> None:
    slider = page.locator("[data-testid=stSidebar] .stSlider input[type=range]").first
    expect(slider).to_have_accessible_name(re.compile(r"^lr \(α\)\s+of Momentum$"))
    picture = page.get_by_role("img", name=re.compile("Contours of the surface Ravine; x from −10.* to 4"))
    expect(picture).to_be_visible()


def test_a_race_that_plays_says_its_start_and_not_every_step(page: Page) -> None:
    said = page.locator(".descent-unseen[aria-live=polite]").first
    page.locator(".descent").focus()
    page.keyboard.press("Space")
    expect(said).to_have_text("The race begins: Ravine, 150 steps, with Momentum and Nesterov.")
    until(page, "d.step > 30")
    expect(said).not_to_contain_text("step 3")
    page.keyboard.press("Space")
    expect(said).to_contain_text(re.compile(r"Ravine: step \d+ of 150; runs: 2\. (Momentum|Nesterov) leads"))
    live(page, "seek(0)")
    expect(said).not_to_contain_text("leads")


def test_a_refused_value_is_said_and_belongs_to_its_field(page: Page) -> None:
    field = page.locator(".st-key-0-mu .descent-typed-value")
    field.fill("abc")
    field.press("Enter")
    note = page.get_by_role("alert").filter(has_text="“abc” is not a number.")
    expect(note).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("“abc” is not a number.")
    field.fill("0.9")
    field.press("Enter")
    expect(note).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_keys_are_told_where_keys_are_used(visit: Visit) -> None:
    page = visit()
    start = page.locator(".descent-start")
    expect(start).to_have_text("start: drag it, or click anywhere")
    page.keyboard.press("Tab")
    start.focus()
    expect(start).to_have_text("start: arrow keys move it")
    page.get_by_role("link", name="Maps", exact=True).click()
    done(page, 2)
    page.locator(".descent-map-plot").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".descent-map-readout").first).to_contain_text("Arrow keys move a cross")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Race the run that is shown")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_have_count(0)
