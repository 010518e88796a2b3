"""Export in a real browser: a script is read, copied and saved, and fits a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.export.repository_script import FILE_NAME, make_script
from app.export.torch_or_scipy_script import make_standalone_script
from app.scene_text.reader import parse_scene
from tests.browser.page_actions import exporting
from tests.browser.visits import Visit
from tests.browser.waiting import eventually

pytestmark = pytest.mark.browser
SAID = "surface=beale()\nsteps=90\nrun=adam(lr=0.02)\nrun=rmsprop()\n"
LINK = "?" + SAID.strip().replace("\n", "&")


def saved(page: Page, name: str) -> tuple[str, str]:
    """The name and the text of the file that the button gives."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=f"Save as {name}").click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_text(encoding="utf-8")


def shows(page: Page, text: str) -> None:
    """Wait for the code with this text, and until what was shown before it has gone."""
    code = page.locator("[data-testid=stPopoverBody] code")
    expect(code.filter(has_text=text)).to_be_visible()
    expect(code).to_have_count(1)


def test_the_script_is_saved_as_it_is_shown(visit: Visit) -> None:
    page = visit(path=LINK)
    exporting(page)
    shows(page, "trajectory(optimizer, surface")
    nothing_hangs_over(page)
    assert saved(page, FILE_NAME) == (FILE_NAME, make_script(parse_scene(SAID)))


def test_the_second_script_is_that_of_the_chosen_run(visit: Visit) -> None:
    page, now = visit(path=LINK), parse_scene(SAID)
    exporting(page, "PyTorch or SciPy")
    shows(page, "torch.optim.Adam(")
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name="RMSprop").click()
    shows(page, "torch.optim.RMSprop(")
    assert saved(page, "rmsprop_torch.py") == ("rmsprop_torch.py", make_standalone_script(now, now.runs[1]).text)


def test_the_copy_button_gives_the_whole_script(visit: Visit) -> None:
    page = visit(path=LINK, permissions=["clipboard-read", "clipboard-write"])
    exporting(page)
    shows(page, "trajectory(optimizer, surface")
    page.locator("[data-testid=stPopoverBody] [data-testid=stCode]").hover()
    page.get_by_role("button", name="Copy to clipboard").click()
    assert page.evaluate("navigator.clipboard.readText()").strip() == make_script(parse_scene(SAID)).strip()


def test_nothing_hangs_over_the_edge_of_a_phone(visit: Visit) -> None:
    page = visit(width=390, path=LINK)
    exporting(page)
    expect(page.locator("[data-testid=stPopoverBody] code").first).to_be_visible()  # another may be on its way out
    nothing_hangs_over(page)


def nothing_hangs_over(page: Page) -> None:
    """Once the menu is at its place, to which it moves."""
    eventually(page, lambda: check_menu_is_within(page))


def check_menu_is_within(page: Page) -> None:
    box = page.locator("[data-testid=stPopoverBody]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert page.evaluate(f"{box['x'] + box['width']} <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_share_and_export_stand_beside_each_other(page: Page) -> None:
    share, export = (page.get_by_role("button", name=name).bounding_box() for name in ("Share", "Export"))
    assert share is not None
    assert export is not None
    assert share["y"] == export["y"]
