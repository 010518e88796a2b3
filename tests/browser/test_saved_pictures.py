"""Pictures of the race, made in the browser: every file is saved and looked into."""

import base64
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.scene_text.reader import read_scene
from app.scene_text.writer import list_parts
from tests.browser.saved_files import at, chunk, close_menu, heads_have_their_colours, in_picture, saved, shown_in
from tests.browser.surface_view_helpers import in_space, live, settled
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
RUNS = {"light": [(0xB8, 0x43, 0x00), (0x0B, 0x5C, 0xAD)], "dark": [(0xFF, 0x9A, 0x5C), (0x5C, 0xB8, 0xFF)]}
GROUND = {"light": (0xFB, 0xFB, 0xF9), "dark": (0x10, 0x14, 0x1A)}
DRAWN = """async (content) => {
  const image = Object.assign(new Image(), {src: `data:image/svg+xml;base64,${content}`});
  await image.decode();
  const context = document.createElement("canvas").getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(2, 2, 1, 1).data];
}"""


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    yield page
    close_menu(page)


def test_a_picture_is_twice_as_fine_and_has_what_is_seen(page: Page) -> None:
    at(page, 30)
    for scheme in ("light", "dark"):
        shown_in(page, scheme)
        file = saved(page, "png")
        assert file.name == "ravine-step-30.png"
        picture = Image.open(BytesIO(file.content))
        land, right = (page.locator(f".descent-{name}").bounding_box() for name in ("landscape", "right"))
        assert land and right
        assert picture.width == pytest.approx(2 * (land["width"] + right["width"] + 60), abs=12)
        assert picture.height > 2 * land["height"] + 200
        heads_have_their_colours(page, file.content, scheme)


def test_the_link_in_a_picture_opens_what_it_shows(visit: Visit) -> None:
    page = at(visit(path="?surface=beale()&start=3,1&steps=60&run=adam(lr=0.1)&run=sgd(lr=0.01)"), 17)
    page.get_by_role("button", name="Linear").click()
    page.locator(".descent-menu summary").click()
    page.get_by_role("checkbox", name="The next update").check()
    name, content = saved(page, "png")
    assert name == "beale-step-17.png"
    keyword, link = chunk(content, b"tEXt").split(b"\0")
    assert keyword == b"URL"
    reading = read_scene(link.decode("ascii"))
    assert not reading.faults
    view = reading.scene.view
    assert (view.step, view.loss, view.arrows) == (17, "linear", ("update",))
    assert [name for name, _ in list_parts(reading.scene)] == ["surface", "start", "steps", "run", "run", "view"]
    there = live(page, "point(0, 17)")
    page.goto(link.decode())
    until(page, "d.paintCount && d.step === 17 && !d.playing && d.drawn === 17")
    assert live(page, "point(0, 17)") == there
    expect(page.get_by_role("button", name="Linear")).to_have_attribute("aria-pressed", "true")


def test_an_svg_has_every_run_as_a_path_and_needs_nothing_else(page: Page) -> None:
    at(page, 30)
    for scheme in ("light", "dark"):
        shown_in(page, scheme)
        file = saved(page, "svg")
        assert file.name == "ravine-step-30.svg"
        root = ElementTree.fromstring(file.content)  # noqa: S314, our own file
        groups = {group.get("id"): group for group in root.iter(f"{SVG}g")}
        for view in ("landscape", "loss", "lower"):
            strokes = [path.get("stroke") for path in groups[f"{view}-trail"].iter(f"{SVG}path")]
            for colour in RUNS[scheme]:
                assert strokes.count("#{:02x}{:02x}{:02x}".format(*colour)) == 1, view
        assert len(list(groups["landscape-contours"].iter(f"{SVG}path"))) > 20
        words = [text.text for text in root.iter(f"{SVG}text")]
        assert {"Ravine, step 30 of 150", "Momentum", "Nesterov", "run = momentum(lr=0.005)", "−10"} <= set(words)
        assert all(text.get("font-family") for text in root.iter(f"{SVG}text"))
        nothing_else(root)
        assert page.evaluate(DRAWN, base64.b64encode(file.content).decode())[:3] == list(GROUND[scheme])


def test_a_picture_in_large_type_holds_the_chart_below_and_leaves_out_what_the_page_hides(page: Page) -> None:
    at(page, 30)
    page.locator(".descent").focus()
    page.keyboard.press("p")
    lower, land = (
        f"document.querySelector('.descent-{name}').getBoundingClientRect()" for name in ("lower", "landscape")
    )
    until(page, f"{lower}.top > {land}.bottom && {lower}.left < {land}.right")
    picture = Image.open(BytesIO(saved(page, "png").content))
    for side in live(page, "saved.sides").values():
        assert side["x"] + side["width"] < picture.width / 2 and side["y"] + side["height"] < picture.height / 2
    close_menu(page)
    page.locator(".descent").focus()
    page.keyboard.press("e")
    expect(page.locator("section.descent-rule math").first).to_be_visible()
    expect(page.locator(".descent-right")).to_be_hidden()
    for scheme in ("light", "dark"):
        shown_in(page, scheme)
        heads_have_their_colours(page, saved(page, "png").content, scheme)
    root = ElementTree.fromstring(saved(page, "svg").content)  # noqa: S314, our own file
    groups = {group.get("id") for group in root.iter(f"{SVG}g")}
    assert "landscape-trail" in groups and not groups & {"loss-trail", "lower-trail"}
    words = {text.text for text in root.iter(f"{SVG}text")}
    assert {"Ravine, step 30 of 150", "Momentum", "Nesterov"} <= words and "Loss" not in words
    close_menu(page)
    page.locator(".descent").focus()
    page.keyboard.press("e")
    page.keyboard.press("p")


def nothing_else(root: ElementTree.Element) -> None:
    """No script, nothing that acts, no reference to anything that is not in the file."""
    drawing = {"svg", "title", "desc", "g", "defs", "clipPath", "path", "rect", "text", "image", "circle"}
    ids = {element.get("id") for element in root.iter()}
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in drawing, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name.endswith("href"):
                assert value.startswith("data:image/png;base64,")
            for place in re.findall(r"url\(([^)]*)\)", value):
                assert place.strip("'\"")[0] == "#"
                assert place.strip("'\"")[1:] in ids


def test_words_in_an_svg_are_words_and_nothing_else(visit: Visit) -> None:
    """Not even those of a hostile translation, or of a formula that a visitor typed."""
    page = at(visit(path="?surface=formula(%22x**2%2By**2%22)&start=1,1&steps=20&run=sgd(lr=0.1)&language=xss"), 5)
    page.locator(".descent-save .descent-button").click()
    with page.expect_download() as coming:
        page.locator(".descent-choice").nth(1).click()
    root = ElementTree.fromstring(Path(coming.value.path()).read_bytes())  # noqa: S314, our own file
    nothing_else(root)
    words = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any("<script>" in said for said in words)
    assert any('formula("x' in said for said in words), words
    assert any("f(x, y) = x**2+y**2" in said.replace(" + ", "+") for said in words), words
    assert {"x", "y"} <= set(words), "the axes have their names"


def test_a_picture_in_space_has_surface_and_paths(visit: Visit) -> None:
    page = visit(800, 560, color_scheme="light")
    in_space(page, 60)
    live(page, "space.controls.rotateBy(0.2, 0.1)")
    settled(page, 60)
    page.set_default_timeout(120_000)  # drawn by the processor, twice as fine
    file = saved(page, "png")
    heads_have_their_colours(page, file.content, "light")
    picture = Image.open(BytesIO(file.content)).convert("RGB")
    land = in_picture(page, live(page, "pixelOf(-3, 0.5)"), picture.size)
    assert sum(picture.getpixel(land)) < sum(GROUND["light"]) - 60, "the floor of the ravine is blue"
    root = ElementTree.fromstring(saved(page, "svg").content)  # noqa: S314
    nothing_else(root)
    assert len(list(root.iter(f"{SVG}image"))) == 1
    strokes = [
        path.get("stroke")
        for group in root.iter(f"{SVG}g")
        if group.get("id") == "landscape-trail"
        for path in group.iter(f"{SVG}path")
    ]
    assert {"#b84300", "#0b5cad"} <= set(strokes)
    assert live(page, "step") == 60
