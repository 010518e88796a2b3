"""A lecture of three scenes: its link, and where on its way a page is."""

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from app.model.presets import DEFAULT_SCENE, PRESETS
from app.scene_text.playlist import pack
from app.scene_text.writer import write_query

ADAM, NEWTON = PRESETS["The Adam family"], PRESETS["Newton or L-BFGS"]
QUESTION = "Which one is there <b>first</b>?"
TEXT = f"?{write_query(ADAM)}\n?{write_query(NEWTON)} {QUESTION}\n?{write_query(DEFAULT_SCENE)} predict\n"


def link(place: int, text: str = TEXT, **more: str) -> str:
    return "?" + urlencode({"playlist": pack(text), "place": place, "mode": "lecture", **more})


def at(page: Page, place: int, runs: int) -> None:
    expect(page.locator(".descent-place")).to_have_text(f"{place} / 3")
    expect(page.locator(".descent-table tbody tr")).to_have_count(runs)
