"""Files that the player saves: how tests ask for one, and what is in a picture."""

import struct
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Page, expect

from app.browser.player_labels import LABELS
from tests.browser.surface_view_helpers import live
from tests.browser.waiting import until

RUNS = {"light": [(0xB8, 0x43, 0x00), (0x0B, 0x5C, 0xAD)], "dark": [(0xFF, 0x9A, 0x5C), (0x5C, 0xB8, 0xFF)]}
GROUND = {"light": (0xFB, 0xFB, 0xF9), "dark": (0x10, 0x14, 0x1A)}


class File(NamedTuple):
    name: str
    content: bytes


def menu(page: Page) -> None:
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()


def close_menu(page: Page) -> None:
    """It stays open to say what came of a file."""
    opener = page.get_by_role("button", name=LABELS["save"], exact=True)
    if opener.get_attribute("aria-expanded") == "true":
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
