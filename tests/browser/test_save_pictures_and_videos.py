"""Pictures and films of the race, made in the browser: every file is saved and looked into."""

import base64
import re
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.browser.player_component import LABELS
from app.scene_text.reader import read_scene
from app.scene_text.writer import list_parts
from tests.browser.surface_view_helpers import in_space, live, settled
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
RUNS = {"light": [(0xB8, 0x43, 0x00), (0x0B, 0x5C, 0xAD)], "dark": [(0xFF, 0x9A, 0x5C), (0x5C, 0xB8, 0xFF)]}
GROUND = {"light": (0xFB, 0xFB, 0xF9), "dark": (0x10, 0x14, 0x1A)}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """The menu is closed again, which stays open to say what came of it."""
    yield page
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    if opener.get_attribute("aria-expanded") == "true":
        opener.click()


class File(NamedTuple):
    name: str
    content: bytes


def menu(page: Page) -> None:
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()


def saved(page: Page, kind: str) -> File:
    menu(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name=LABELS[f"save_{kind}"], exact=True).click()
    name = coming.value.suggested_filename
    expect(page.locator(".descent-save [role=status]")).to_have_text(LABELS["save_done"].replace("{name}", name))
    return File(name, Path(coming.value.path()).read_bytes())


def at(page: Page, k: int) -> Page:
    live(page, f"seek({k})")
    until(page, f"d.drawn === {k} && !d.playing")
    return page


def in_picture(page: Page, place: list[float], size: tuple[int, int]) -> tuple[int, int]:
    """Where a page pixel of the landscape is in the picture that was made last."""
    box = page.locator(".descent-view:not(.descent-hidden)").bounding_box()
    assert box
    side, ratio = live(page, "saved.sides.landscape"), live(page, "saved.ratio")
    x, y = (
        ratio * (value - corner + here)
        for value, corner, here in zip(place, (box["x"], box["y"]), (side["x"], side["y"]), strict=True)
    )
    assert 0 < x < size[0] and 0 < y < size[1]
    return int(x), int(y)


def chunk(png: bytes, name: bytes) -> bytes:
    place = png.index(name)
    return png[place + 4 : place + 4 + struct.unpack(">I", png[place - 4 : place])[0]]


def heads_have_their_colours(page: Page, png: bytes, scheme: str) -> None:
    """The last head lies beneath the others, so it may be hidden; the first is seen."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    place = in_picture(page, live(page, "heads()")[0], picture.size)
    assert picture.getpixel(place) == RUNS[scheme][0]
    assert picture.getpixel((2, 2)) == GROUND[scheme]


def shown_in(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator(".descent")).to_have_attribute("data-theme", scheme)


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
    until(page, "d?.painted && d.step === 17 && !d.playing && d.drawn === 17")
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


DRAWN = """async (content) => {
  const image = Object.assign(new Image(), {src: `data:image/svg+xml;base64,${content}`});
  await image.decode();
  const context = document.createElement("canvas").getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(2, 2, 1, 1).data];
}"""


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


def test_a_picture_in_space_has_surface_and_paths(visit: Visit) -> None:
    page = visit(800, 560, color_scheme="light")
    in_space(page, 60)
    live(page, "space.orbit.turnBy(0.2, 0.1)")
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


PLAYED = """async (content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], {type: "video/webm"}));
  const heard = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, {once: true});
    video.addEventListener("error", () => reject(video.error.message), {once: true});
  });
  await heard("loadeddata");
  video.currentTime = video.duration - 0.05;
  await heard("seeked");
  const canvas = Object.assign(document.createElement("canvas"), {width: video.videoWidth, height: video.videoHeight});
  const context = canvas.getContext("2d");
  while (!context.getImageData(3, 3, 1, 1).data[3]) {  // the picture may come some frames after the word of it
    await new Promise(requestAnimationFrame);
    context.drawImage(video, 0, 0);
  }
  return [video.duration, video.videoWidth, video.videoHeight, canvas.toDataURL("image/png").split(",")[1]];
}"""


def fast(page: Page) -> Page:
    """The race takes half a second, and the film one and a half."""
    page.get_by_label("Speed").select_option("16")
    return page


def test_a_webm_is_played_to_the_end_of_the_race(page: Page) -> None:
    fast(at(page, 20))
    file = saved(page, "webm")
    assert file.name == "ravine-150-steps.webm"
    assert file.content.startswith(b"\x1a\x45\xdf\xa3")
    seconds, width, height, last = page.evaluate(PLAYED, base64.b64encode(file.content).decode())
    assert seconds == pytest.approx(1.5, abs=0.02)
    assert (width, height % 2) == (1280, 0)
    at(page, 150)
    shown = Image.open(BytesIO(base64.b64decode(last))).convert("RGB")
    colour = shown.getpixel(in_picture(page, live(page, "heads()")[0], shown.size))
    assert colour == pytest.approx(RUNS["light"][0], abs=40), "a film's colours are not exact"
    assert shown.getpixel((3, 3)) == pytest.approx(GROUND["light"], abs=6)
    page.get_by_label("Speed").select_option("1")


def test_a_gif_has_a_frame_for_every_twelfth_of_a_second(page: Page) -> None:
    shown_in(page, "dark")
    fast(at(page, 20))
    file = saved(page, "gif")
    assert file.name == "ravine-150-steps.gif"
    film = Image.open(BytesIO(file.content))
    assert (film.n_frames, film.size[0], film.info["loop"]) == (18, 1280, 0)
    lengths = []
    for i in range(film.n_frames):
        film.seek(i)
        lengths.append(film.info["duration"])
    assert sum(lengths) == 1500
    at(page, 150)
    last = film.convert("RGB")
    assert last.getpixel(in_picture(page, live(page, "heads()")[0], last.size)) == RUNS["dark"][0]
    assert last.getpixel((3, 3)) == GROUND["dark"]
    film.seek(0)
    at(page, 0)
    start = film.convert("RGB")
    later = in_picture(page, live(page, "pixelOf(...window.__descent.point(0, 10))"), start.size)
    film.seek(17)
    assert start.getpixel(later) != film.convert("RGB").getpixel(later), "the path is not there at the start"
    page.get_by_label("Speed").select_option("1")


def downloads(page: Page) -> list[str]:
    names: list[str] = []
    page.on("download", lambda file: names.append(file.suggested_filename))
    return names


def test_a_film_can_be_cancelled_and_another_file_made(page: Page) -> None:
    speed = at(page, 20).get_by_label("Speed")
    speed.select_option("0.1")  # half a minute
    names = downloads(page)
    for kind in ("webm", "gif"):
        menu(page)
        page.get_by_role("button", name=LABELS[f"save_{kind}"], exact=True).click()
        expect(page.get_by_role("progressbar", name=LABELS["save_progress"])).to_be_visible()
        until(page, "document.querySelector('.descent-save progress').position > 0")
        page.get_by_role("button", name=LABELS["save_cancel"], exact=True).click()
        expect(page.locator(".descent-save [role=status]")).to_have_text(LABELS["save_cancelled"])
        assert live(page, "step") == 20
    assert saved(page, "png").name == "ravine-step-20.png"
    assert names == ["ravine-step-20.png"]
    speed.select_option("1")


def test_a_film_goes_on_as_it_was_begun_while_the_race_is_changed(visit: Visit) -> None:
    page = at(visit(color_scheme="light"), 20)
    page.get_by_label("Speed").select_option("4")
    menu(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name=LABELS["save_webm"], exact=True).click()
        until(page, "document.querySelector('.descent-save progress').position > 0")
        painted = live(page, "painted")
        page.emulate_media(color_scheme="dark")
        until(page, f"d.painted > {painted}")
        page.get_by_role("button", name="Zoom in").click()
    content = base64.b64encode(Path(coming.value.path()).read_bytes()).decode()
    seconds, *_, last = page.evaluate(PLAYED, content)
    assert seconds == pytest.approx(3, abs=0.02)
    shown = Image.open(BytesIO(base64.b64decode(last))).convert("RGB")
    assert shown.getpixel((3, 3)) == pytest.approx(GROUND["light"], abs=6)


def test_who_goes_elsewhere_gets_no_film_any_more(visit: Visit) -> None:
    page = at(visit(), 20)
    page.get_by_label("Speed").select_option("0.1")
    names = downloads(page)
    page.evaluate("""() => {
      window.frames = 0;
      const encode = VideoEncoder.prototype.encode;
      VideoEncoder.prototype.encode = function (...given) { window.frames += 1; return encode.apply(this, given); };
      const close = VideoEncoder.prototype.close;
      VideoEncoder.prototype.close = function () { window.ended = true; return close.apply(this); };
    }""")
    menu(page)
    page.get_by_role("button", name=LABELS["save_webm"], exact=True).click()
    until(page, "window.frames > 2")
    page.get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    until(page, "window.ended")
    assert page.evaluate("window.frames") < 900
    assert names == []


def without_encoder(page: Page) -> None:
    page.add_init_script("delete window.VideoEncoder")


def test_a_browser_without_an_encoder_says_so_and_still_makes_a_gif(visit: Visit) -> None:
    page = fast(at(visit(meddle=without_encoder), 20))
    menu(page)
    page.get_by_role("button", name=LABELS["save_webm"], exact=True).click()
    expect(page.locator(".descent-save [role=status]")).to_have_text(LABELS["save_no_webm"])
    assert saved(page, "gif").content.startswith(b"GIF89a")


def test_a_lesson_is_saved_too_and_its_link_is_the_races(visit: Visit) -> None:
    page = visit(path="lessons?lesson=ball")
    page.get_by_role("button", name="Show me without a prediction").click()
    until(page, "d.column(0, 'loss')?.length > 20")
    name, content = saved(at(page, 20), "png")
    assert re.fullmatch(r"\w+-step-20\.png", name)
    link = chunk(content, b"tEXt").split(b"\0")[1].decode()
    assert "/lessons" not in unquote(link)
    page.goto(link)
    until(page, "d?.painted && d.drawn === 20")
    assert page.locator("[data-testid=stSidebar]").is_visible()


def in_full_screen(page: Page) -> None:
    page.get_by_role("button", name=LABELS["full"], exact=True).click()
    until(page, "document.fullscreenElement")


def projected(page: Page) -> None:
    page.get_by_role("button", name=LABELS["projector"], exact=True).click()


def test_the_menu_needs_no_pointer(visit: Visit) -> None:
    """Nor in large type, nor where the player fills the screen."""
    page = at(visit(), 20)
    for state in (None, projected, in_full_screen):
        if state:
            state(page)
        by_keys(page)


def by_keys(page: Page) -> None:
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    for key, kind in (
        ("ArrowDown", "png"),
        ("ArrowDown", "svg"),
        ("ArrowUp", "png"),
        ("ArrowUp", "gif"),
        ("ArrowDown", "png"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=LABELS[f"save_{kind}"], exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    assert live(page, "step") == 20


@pytest.mark.parametrize("width, height", [(320, 640), (1440, 900)])
def test_the_menu_is_on_the_page_and_large_enough_for_fingers(visit: Visit, width: int, height: int) -> None:
    page = at(visit(width, height, has_touch=True, is_mobile=width < 400), 20)
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    opener.scroll_into_view_if_needed()
    menu(page)
    for tool in [opener, *page.locator(".descent-choice:visible").all()]:
        box = tool.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44 - 0.01
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    picture = Image.open(BytesIO(saved(page, "png").content))
    heads_have_their_colours(page, saved(page, "png").content, "light")
    assert picture.width > width
