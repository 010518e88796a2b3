"""A visitor brings measurements: pasted or uploaded, refused at the line, raced on, and still there after a reload."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import Visit
from tests.browser.waiting import until


def own_data(page: Page) -> Locator:
    """The field of the table, on the surface that it belongs to."""
    chooser = page.get_by_role("combobox", name="Surface").first
    chooser.click()
    chooser.fill("real data")
    page.get_by_role("option", name="Your own data").click()
    field = page.get_by_role("textbox", name="Paste a table")
    expect(field).to_be_visible()
    return field


def test_what_is_pasted_is_fitted_raced_on_and_kept(visit: Visit) -> None:
    page = visit()
    field = own_data(page)
    expect(page.get_by_role("img", name="The data and the fit: speed and distance")).to_be_visible()
    example = page.evaluate("window.__descent.column(0, 'x')")
    field.fill("u;v\n0;1,5\n1;2\n2;4\n3;4,5\n")
    field.press("Control+Enter")
    expect(page.get_by_text("4 rows. Fitted: “v” = w · “u” + b")).to_be_visible()
    page.wait_for_url("**surface=data(*u,v;0,1.5;1,2;2,4;3,4.5*")
    until(page, f"d.column(0, 'x')[0] !== {example[0]}")
    raced = page.evaluate("window.__descent.column(0, 'loss')")

    field.fill("u;v\n0;1,5\n1;abc\n2;4\n")
    field.press("Control+Enter")
    expect(page.get_by_text("Line 3: “abc” is not a number.")).to_be_visible()
    expect(field).to_have_value("u;v\n0;1,5\n1;abc\n2;4\n")
    assert page.evaluate("window.__descent.column(0, 'loss')") == raced

    page.reload()
    until(page, "d.paintCount > 0")
    expect(page.get_by_text("4 rows. Fitted: “v” = w · “u” + b")).to_be_visible()
    assert page.evaluate("window.__descent.column(0, 'loss')") == raced
    page.get_by_text("Data: 4 rows").click()
    expect(page.get_by_role("textbox", name="Paste a table")).to_have_value("u,v\n0,1.5\n1,2\n2,4\n3,4.5")


def test_a_file_is_uploaded_mended_where_it_is_wrong_and_undone(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    field = own_data(page)
    expect(page.get_by_text("50 rows. Fitted")).to_be_visible()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes("\ufeffdose,effect\r\n1,2\r\n2,3\r\n3,7\r\n".encode())
    bad.write_text("1,2\n2,x\n", encoding="utf-8")
    upload = page.get_by_test_id("stFileUploaderDropzoneInput")
    upload.set_input_files(good)
    expect(page.get_by_text("3 rows. Fitted: “effect” = w · “dose” + b")).to_be_visible()
    upload.set_input_files(bad)
    expect(page.get_by_text("Line 2: “x” is not a number.")).to_be_visible()
    expect(field).to_have_value("1,2\n2,x\n")
    expect(page.get_by_text("3 rows. Fitted: “effect”")).to_be_visible()
    field.fill("1,2\n2,5\n")
    field.press("Control+Enter")
    expect(page.get_by_text("2 rows. Fitted: “y” = w · “x” + b")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("3 rows. Fitted: “effect”")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("50 rows. Fitted: “distance”")).to_be_visible()


PASTED = """(field, text) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", {bubbles: true}));
}"""  # to type so much takes a browser ten seconds


def test_two_thousand_rows_are_raced_on_and_the_page_says_where_they_are(visit: Visit) -> None:
    page = visit()
    field = own_data(page)
    field.evaluate(PASTED, "\n".join(f"{k / 100},{(k * k) % 17}" for k in range(2000)))
    field.press("Control+Enter")
    expect(page.get_by_text("2,000 rows. Fitted")).to_be_visible()
    page.wait_for_url("**surface=data(line,rows=2000,mark=*")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("The data are too long for a link, so it leaves them out.")).to_be_visible()
    page.keyboard.press("Escape")
    there = page.url
    steps = page.get_by_role("textbox", name="Steps")
    steps.fill("60")
    steps.press("Enter")
    page.wait_for_url("**steps=60**")
    page.go_back()
    page.wait_for_url(there)
    until(page, "d.column(0, 'loss').length === 151")
    expect(page.get_by_text("2,000 rows. Fitted")).to_be_visible()


def test_the_field_has_room_on_a_phone(visit: Visit) -> None:
    page = visit(width=390, height=844, path="?surface=data(%22logistic%22,%221,0;2,0;2,1;1,1;3,1;0,0%22)")
    page.get_by_test_id("stExpandSidebarButton").click()
    until(page, "document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().x === 0")
    page.get_by_text("Data: 6 rows").click()
    for role, name in (("textbox", "Paste a table"), ("img", "The data and the fit")):
        part = page.get_by_role(role, name=name)
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
