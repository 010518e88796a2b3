"""A race that was saved as a page: opened from the file, with no network, it plays as here."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.export.race_html_page import FILE_NAME, MAX_PAGE_BYTES, make_page
from app.figures.palette import THEMES
from app.scene_text.reader import parse_scene
from surfaces.catalogue import SURFACES
from tests.browser.page_actions import IS_HATCHED, exporting, heads_are_where_plotly_says
from tests.browser.surface_view_helpers import in_space, live, painted, projected
from tests.browser.visits import Visit
from tests.browser.waiting import SECONDS, eventually, until

pytestmark = pytest.mark.browser
SHOWN = "d.paintCount > 0"
RAVINE = "surface=ravine()\nsteps=150\nrun=momentum(lr=0.005)\nrun=lbfgs()\nrun=newton()\n"
Opens = Callable[..., Page]


@pytest.fixture(scope="module", name="file")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / FILE_NAME
    path.write_text(make_page(parse_scene(RAVINE)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def offline(browser: Browser, file: Path) -> Iterator[BrowserContext]:
    """Without a network; its first page keeps what the others have compiled."""
    with browser.new_context(offline=True) as context:
        context.new_page().goto(file.parent.as_uri())
        yield context


@pytest.fixture(name="opens")
def _opens(offline: BrowserContext) -> Iterator[Opens]:
    """Opens a file without a network; afterwards, any complaint or request but for the file fails the test."""
    complaints = []

    def opens(path: Path, width: int = 1280, height: int = 800, *, ready: str = SHOWN, **media: Any) -> Page:
        opened = offline.new_page()
        opened.set_viewport_size({"width": width, "height": height})
        opened.emulate_media(**media)
        opened.set_default_timeout(SECONDS * 1000)
        own = path.as_uri()
        beside = ("blob:", own.rpartition("/")[0])  # a slide and the file in its frame
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("request", lambda asked: None if asked.url.startswith(beside) else complaints.append(asked.url))
        opened.goto(own)
        until(opened, ready)
        return opened

    yield opens
    for opened in offline.pages[1:]:
        opened.close()
    assert not complaints


def test_the_file_that_is_saved_plays_by_itself(visit: Visit, opens: Opens, tmp_path: Path) -> None:
    said = "surface=himmelblau()\nsteps=500\n" + "".join(f"run=adam(lr=0.0{i})\n" for i in range(1, 7))
    here = visit(path="?" + said.strip().replace("\n", "&"))
    exporting(here, "Web page")
    with here.expect_download() as coming:
        here.get_by_role("button", name=f"Save as {FILE_NAME}").click()
    assert coming.value.suggested_filename == FILE_NAME
    kept = tmp_path / FILE_NAME
    coming.value.save_as(kept)
    assert kept.read_text(encoding="utf-8") == make_page(parse_scene(said))
    assert kept.stat().st_size <= MAX_PAGE_BYTES
    there = opens(kept)
    until(there, "d.playing && d.position > 3")
    expect(there.get_by_role("row", name="Adam")).to_have_count(6)
    assert there.evaluate("document.getElementById('waits')") is None


def test_after_a_seek_the_heads_are_at_their_iterates_and_through_a_zoom(opens: Opens, file: Path) -> None:
    there = opens(file)
    heads_are_where_plotly_says(there, 30)
    before = live(there, "view")
    there.get_by_role("button", name="Zoom in").click()
    until(there, f"JSON.stringify(d.view) !== JSON.stringify({before})")
    heads_are_where_plotly_says(there, 30)
    assert not there.evaluate(IS_HATCHED)
    for _ in range(2):
        there.get_by_role("button", name="Zoom out").click()
    eventually(there, lambda: there.evaluate(IS_HATCHED))  # no server computes what is outside
    there.get_by_role("slider", name="Step").press("End")
    until(there, "d.step === 150 && !d.playing")


def test_f_and_its_gradient_are_told_where_one_points(opens: Opens, file: Path) -> None:
    page = opens(file, reduced_motion="reduce")
    px, py = page.evaluate("window.__descent.pixelOf(-5, 1)")
    page.mouse.move(px, py)
    readout = page.locator(".descent-value")
    expect(readout).to_be_visible()
    x, y, loss, gx, gy = (float(part.replace("−", "-")) for part in re.findall(r"[−\d.]+", readout.inner_text()))
    surface, point = parse_scene(RAVINE).surface, np.array([x, y])
    ravine = SURFACES[surface.name]()
    assert (x, y) == pytest.approx((-5, 1), abs=0.05)
    assert loss == pytest.approx(float(ravine.value(point)), rel=0.02)
    assert (gx, gy) == pytest.approx(tuple(ravine.grad(point)), rel=0.02)
    page.mouse.move(*page.evaluate("window.__descent.pixelOf(0, 0)"))
    expect(readout).to_contain_text("minimum (")


def test_space_works(opens: Opens, file: Path) -> None:
    there = opens(file)
    in_space(there, 30)
    points = [live(there, f"point({run}, 30)") for run in range(3)]
    assert np.allclose(live(there, "heads()"), projected(there, *points), atol=0.75)


def test_it_is_light_or_dark_as_the_browser_is_and_follows_it(opens: Opens, file: Path) -> None:
    there = opens(file, color_scheme="dark")
    for theme in ("dark", "light"):
        there.emulate_media(color_scheme=theme)
        expect(there.locator(".descent")).to_have_attribute("data-theme", theme)
        ground = there.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == f"rgb({', '.join(str(int(THEMES[theme]['ground'][i : i + 2], 16)) for i in (1, 3, 5))})"
        heads_are_where_plotly_says(there, 12)


def test_what_else_the_page_would_ask_for_is_there(opens: Opens, file: Path) -> None:
    """Every second curve, the arrows and the rules."""
    there = opens(file)
    live(there, "seek(5)")
    choice = there.locator(".descent-strip select")
    for name in ("lr", "step_length", "update_ratio", "rate_x", "rate_y"):
        choice.select_option(name)
        assert len(live(there, f"column(0, '{name}')")) == 151
    there.locator(".descent-menu summary").click()
    for box in there.get_by_role("checkbox").all():
        box.check()
    expect(there.locator(".descent-scale")).to_contain_text("−∇f")
    there.get_by_role("button", name="L-BFGS", exact=True).click()
    expect(there.locator("section.descent-rule")).to_contain_text("two-loop")
    expect(there.locator("section.descent-rule")).to_contain_text("step 5")


def test_what_is_pythons_to_do_is_neither_done_nor_offered(opens: Opens, file: Path) -> None:
    there = opens(file)
    expect(there.locator(".descent-start")).to_be_disabled()
    expect(there.get_by_text("drag it")).to_have_count(0)
    there.locator(".descent").focus()
    there.keyboard.press("?")
    listed = there.locator(".descent-help")
    expect(listed).to_contain_text("Play or pause")
    expect(listed).not_to_contain_text("Undo")
    expect(listed).not_to_contain_text("on or off")
    there.keyboard.press("Escape")
    for key in ("1", "Control+z"):
        there.keyboard.press(key)
    place = there.locator(".descent-plot").first.bounding_box()
    assert place
    there.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 3)
    live(there, "seek(7)")
    until(there, "d.drawn === 7")
    assert live(there, "point(0, 0)") == list(parse_scene(RAVINE).start)
    assert there.evaluate("location.search") == ""
    expect(there.locator(".descent-table tbody tr")).to_have_count(3)


def test_a_page_without_room_for_rules_does_not_offer_them(opens: Opens, tmp_path: Path) -> None:
    bare = tmp_path / FILE_NAME
    runs = "".join(f"run=adam(lr=0.{i})\n" for i in range(11, 27))
    bare.write_text(make_page(parse_scene(f"surface=linear_svm(batch_size=5)\nsteps=850\n{runs}")), encoding="utf-8")
    there = opens(bare)
    expect(there.locator(".descent-focus")).to_be_hidden()
    expect(there.locator(".descent-table tbody button")).to_have_count(0)
    expect(there.locator(".descent-table tbody tr")).to_have_count(16)


def test_it_plays_in_the_frame_of_a_slide(opens: Opens, file: Path) -> None:
    """Also in one that is trusted with nothing but scripts."""
    slide = file.with_name("slide.html")
    frame = f'<iframe sandbox="allow-scripts" src="{FILE_NAME}" width="960" height="540"></iframe>'
    slide.write_text(f"<!doctype html>{frame}", encoding="utf-8")
    there = opens(slide, ready="true")
    inside = there.frame_locator("iframe")
    expect(inside.get_by_role("button", name="Pause")).to_be_visible()
    box = inside.locator(".descent-transport").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 560  # the clock is in the frame with the landscape
    expect(inside.locator(".descent-counter b")).not_to_have_text("0")


def test_nothing_hangs_over_the_edge_and_pictures_and_films_can_be_saved(opens: Opens, file: Path) -> None:
    there = opens(file, 390, 844, reduced_motion="reduce")
    there.get_by_text("The scene as text").click()
    expect(there.locator("pre")).to_contain_text("momentum(lr=0.005)")
    assert there.evaluate("document.documentElement.scrollWidth <= innerWidth")
    there.set_viewport_size({"width": 1440, "height": 900})
    assert there.evaluate("document.documentElement.scrollWidth <= innerWidth")
    live(there, "seek(30)")
    there.get_by_label("Speed").select_option("32")
    there.get_by_role("button", name="Save", exact=True).click()
    for kind, name, start in (("PNG", "ravine-step-30.png", b"\x89PNG"), ("GIF", "ravine-150-steps.gif", b"GIF89a")):
        with there.expect_download() as coming:
            there.get_by_role("button", name=kind).click()
        assert coming.value.suggested_filename == name
        assert Path(coming.value.path()).read_bytes().startswith(start)


def test_a_head_is_painted_in_its_colour(opens: Opens, file: Path) -> None:
    there = opens(file, color_scheme="light")
    in_space(there, 3)
    heads = np.array(live(there, "heads()"))
    colour = THEMES["light"]["runs"][0]
    seen = painted(there, "heads", heads[0])[0][:3]
    assert seen == pytest.approx([int(colour[i : i + 2], 16) for i in (1, 3, 5)], abs=3)


def test_no_typed_formula_runs(opens: Opens, tmp_path: Path) -> None:
    kept = tmp_path / FILE_NAME
    kept.write_text(
        make_page(parse_scene('surface=formula("max(x,-y) + x**2")\nsteps=9\nrun=sgd(lr=0.1)\n')), encoding="utf-8"
    )
    there = opens(kept)
    expect(there.get_by_role("heading", level=1)).to_have_text("SGD on Your own function")
    heads_are_where_plotly_says(there, 4)
