"""Descent in a frame of somebody's page or slides: a lecture, or the picture alone."""

from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from app.scene_text.writer import write_query
from tests.browser.lecture_links import ADAM, link
from tests.browser.visits import Visit
from tests.browser.waiting import eventually

pytestmark = pytest.mark.browser


def test_it_works_in_the_frame_of_a_slide(visit: Visit, address: str, tmp_path: Path) -> None:
    """Also one that is opened from a disk. The first click there brings it the keys, and does not move the start."""
    src = f"{address}/{link(1, embed='true')}".replace("&", "&amp;")
    (tmp_path / "slide.html").write_text(f'<iframe src="{src}" width="960" height="540"></iframe>', encoding="utf-8")
    page = visit(1280, 720)
    page.goto((tmp_path / "slide.html").as_uri())
    slide = page.frame_locator("iframe")
    expect(slide.locator(".descent-table tbody tr")).to_have_count(5)
    start = slide.locator(".descent-start")
    expect(start).to_be_visible()
    before = start.get_attribute("style")
    slide.locator(".descent-landscape").click(position={"x": 200, "y": 100})
    page.keyboard.press("PageDown")
    expect(slide.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(slide.locator(".descent-asked")).to_be_visible()
    page.keyboard.press("PageUp")
    expect(slide.locator(".descent-table tbody tr")).to_have_count(5)
    expect(slide.locator(".descent-asked")).to_be_hidden()
    expect(start).to_have_attribute("style", before or "")


def test_a_frame_shows_the_picture_alone(visit: Visit, address: str, tmp_path: Path) -> None:
    src = f"{address}/?{write_query(ADAM)}&embed=true".replace("&", "&amp;")
    frames = "".join(f'<iframe src="{src}" width="{w}" height="{h}"></iframe>' for w, h in ((960, 540), (520, 300)))
    (tmp_path / "page.html").write_text(frames, encoding="utf-8")
    page = visit(1600, 700)
    page.goto((tmp_path / "page.html").as_uri())
    for index in range(2):
        frame = page.frame_locator("iframe").nth(index)
        expect(frame.locator(".descent-table tbody tr")).to_have_count(5)
        expect(frame.locator("[data-testid=stSidebar], [data-testid=stHeader]").first).to_be_hidden()
        outer = page.locator("iframe").nth(index).bounding_box()
        assert outer
        for part in (".descent-landscape", ".descent-transport", ".descent-verdicts"):
            eventually(page, partial(is_within, frame.locator(part).first, outer))
        expect(frame.get_by_role("link", name="Open in Descent")).to_have_attribute(
            "href", f"{address}/?{write_query(ADAM)}"
        )
    expect(page.frame_locator("iframe").first.get_by_role("button", name="Play")).to_be_visible()


def is_within(part: Locator, outer: FloatRect) -> None:
    box = part.bounding_box()
    assert box and box["width"] > 0.2 * outer["width"] and box["height"] > 20, box
    assert box["x"] >= outer["x"] and box["x"] + box["width"] <= outer["x"] + outer["width"] + 3, box
    assert box["y"] >= outer["y"] and box["y"] + box["height"] <= outer["y"] + outer["height"] + 3, box


@pytest.mark.parametrize(
    ("width", "height", "mode"), [(960, 540, "embed=true"), (800, 450, "embed=true"), (390, 844, "mode=lecture"),
                                  (844, 390, "mode=lecture"), (1440, 900, "mode=lecture")],
)  # fmt: skip
def test_a_high_formula_is_whole(visit: Visit, width: int, height: int, mode: str) -> None:
    page = visit(width, height, f"?surface=ravine()&run=momentum(lr=0.005)&{mode}")
    line, formula = page.locator(".descent-surface"), page.locator(".descent-surface math")

    def formula_is_within_its_line() -> None:
        outer, inner = line.bounding_box(), formula.bounding_box()
        assert outer and inner
        assert (
            outer["y"] - 2 < inner["y"] < inner["y"] + inner["height"] < outer["y"] + outer["height"] + 2
        )  # its margins

    eventually(page, formula_is_within_its_line)
