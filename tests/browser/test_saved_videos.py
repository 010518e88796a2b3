"""Films of the race, made in the browser: every file is saved and looked into."""

import base64
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.browser.player_labels import LABELS
from tests.browser.saved_files import at, close_menu, in_picture, menu, saved, shown_in
from tests.browser.surface_view_helpers import live
from tests.browser.visits import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
RUNS = {"light": [(0xB8, 0x43, 0x00), (0x0B, 0x5C, 0xAD)], "dark": [(0xFF, 0x9A, 0x5C), (0x5C, 0xB8, 0xFF)]}
GROUND = {"light": (0xFB, 0xFB, 0xF9), "dark": (0x10, 0x14, 0x1A)}
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


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    yield page
    close_menu(page)


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
        painted = live(page, "paintCount")
        page.emulate_media(color_scheme="dark")
        until(page, f"d.paintCount > {painted}")
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
