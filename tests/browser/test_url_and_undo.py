"""The scene in the address bar of a real browser: reload, back and forward, undo by keys, what is shared."""

import re
from functools import reduce
from io import BytesIO

from PIL import Image, ImageChops
from playwright.sync_api import expect

from tests.browser.waiting import at_rest, eventually, until


def rows(page):
    return page.locator(".descent-table tbody tr")


def surface(page):
    return page.get_by_role("combobox", name="Surface")


def test_a_reload_keeps_the_scene_and_back_and_forward_go_through_its_changes(visit):
    page = visit()
    page.get_by_text("The Adam family").click()
    expect(rows(page)).to_have_count(5)
    page.wait_for_url("**himmelblau()**")
    page.get_by_text("Newton or L-BFGS").click()
    expect(rows(page)).to_have_count(3)
    page.wait_for_url("**rosenbrock()**")
    page.reload()
    expect(rows(page)).to_have_count(3)
    expect(surface(page)).to_have_value(re.compile("^Rosenbrock "))
    page.go_back()
    expect(rows(page)).to_have_count(5)
    expect(surface(page)).to_have_value(re.compile("^Himmelblau "))
    page.go_back()
    expect(rows(page)).to_have_count(2)
    page.go_forward()
    expect(rows(page)).to_have_count(5)


def test_two_scenes_opened_in_one_moment_are_two_entries_of_the_history(visit):
    slow_clock = "const now = performance.now.bind(performance); performance.now = () => now() / 20;"
    page = visit(meddle=lambda page: page.add_init_script(slow_clock))  # all that follows is one moment
    page.get_by_text("The Adam family").click()
    page.wait_for_url("**himmelblau()**")
    page.get_by_text("Newton or L-BFGS").click()
    page.wait_for_url("**rosenbrock()**")
    page.go_back()
    page.wait_for_url("**himmelblau()**")
    expect(rows(page)).to_have_count(5)


def test_a_link_shows_the_same_picture_in_another_browser(visit):
    """To the pixel; without the animation, whose pieces meet wherever a frame fell.

    Chromium joins its layers in one order or another, which rounds a colour by 1 or 2 of 255, and once in a while a
    single pixel by more (both seen on a busy machine); a line elsewhere by a hundredth of a pixel changes hundreds.
    """
    page = visit()
    page.get_by_text("The Adam family").click()
    expect(rows(page)).to_have_count(5)
    expect(surface(page)).to_have_value(re.compile("^Himmelblau "))  # the panel comes after the picture
    page.locator("[data-testid=stSidebar] [data-testid=stSlider] input").first.press("ArrowRight")
    page.wait_for_url("**adagrad(lr=0.112)**")
    page.reload()
    pictures = []
    for tab in (page, visit(path=page.url.rpartition("/")[2], locale="de-DE")):
        expect(rows(tab)).to_have_count(5)
        expect(surface(tab)).to_have_value(re.compile("^Himmelblau "))  # the panel has taken its room
        until(tab, "d.drawn === 250")
        tab.evaluate("window.__descent.seek(120)")
        until(tab, "d.drawn === 120")
        tab.mouse.move(2, 2)
        at_rest(tab)
        pictures.append(Image.open(BytesIO(tab.locator(".descent-left").screenshot())).convert("RGB"))
    assert pictures[0].size == pictures[1].size
    worst = reduce(ImageChops.lighter, ImageChops.difference(*pictures).split())
    assert sum(worst.histogram()[3:]) <= 3, worst.getbbox()


def test_undo_and_redo_by_key_but_not_while_typing(visit):
    page = visit()
    page.get_by_text("The Adam family").click()
    expect(rows(page)).to_have_count(5)
    field = page.get_by_label("Steps", exact=True)
    field.click()
    field.press_sequentially("0")
    prevented = (
        "new Promise((resolve) => window.addEventListener('keydown', (event) => resolve(event.defaultPrevented)))"
    )
    page.evaluate(f"window.__prevented = {prevented}, 0")
    field.press("Control+z")
    assert page.evaluate("window.__prevented") is False, "the field's own undo"
    at_rest(page)
    expect(rows(page)).to_have_count(5)
    page.locator(".descent").focus()
    page.keyboard.press("Control+z")
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Control+Shift+z")
    expect(rows(page)).to_have_count(5)
    page.get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(2)


def test_keys_for_undo_that_follow_each_other_at_once_are_all_heard(visit):
    page = visit()
    scenes = {
        "Newton or L-BFGS": "Rosenbrock",
        "Who leaves the saddle?": "Saddle ridge",
        "The Adam family": "Himmelblau",
    }
    for word, place in (scenes | {"Too long a step": "Ravine"}).items():
        page.get_by_text(word, exact=True).click()
        expect(surface(page)).to_have_value(re.compile(f"^{place} "))
    page.locator(".descent").focus()
    for key in ("Control+z", "Control+z", "Control+z", "Control+Shift+z"):
        page.keyboard.press(key)
    expect(page.get_by_role("radio", name="Who leaves the saddle?")).to_be_checked()
    expect(rows(page)).to_have_count(5)
    expect(surface(page)).to_have_value(re.compile("^Saddle ridge "))


def test_undo_and_redo_faster_than_the_panel_follows_change_nothing_else(visit):
    page = visit()
    page.get_by_text("The Adam family").click()
    expect(rows(page)).to_have_count(5)
    page.locator(".descent").focus()
    for _ in range(3):
        page.keyboard.press("Control+z")
        expect(rows(page)).to_have_count(2)
        page.keyboard.press("Control+Shift+z")
        expect(rows(page)).to_have_count(5)
    expect(page.get_by_label("Steps", exact=True)).to_have_value("250")
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_label("Steps", exact=True)).to_have_value("150")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_what_is_shared_is_the_address_and_a_text_can_be_brought(visit):
    page = visit()
    page.get_by_role("button", name="Share").click()
    expect(page.locator("[data-testid=stPopoverBody] code")).to_contain_text("?surface=ravine()&start=-9,2.5")
    expect(page.locator("[data-testid=stPopoverBody] img")).to_be_visible()
    text = page.get_by_label("The scene as text")
    expect(text).to_have_value(
        "surface = ravine()\nstart = -9,2.5\nsteps = 150\nrun = momentum(lr=0.005)\nrun = nesterov(lr=0.005)\n"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    saved = download.value.path().read_text()
    assert saved.startswith("surface = ravine()\n")
    text.fill("surface = beale()\nrun = lbfgs()\nrun = adam(lr=3e9)")
    page.get_by_role("button", name="Show this scene").click()
    expect(rows(page)).to_have_count(2)
    expect(page.locator(".st-key-faults")).to_contain_text("lr=3e9")
    page.get_by_role("button", name="Got it").click()
    expect(page.locator(".st-key-faults")).to_have_count(0)
    page.get_by_role("button", name="Share").click()
    file = {"name": "scene.txt", "mimeType": "text/plain", "buffer": saved.encode()}
    page.set_input_files("[data-testid=stPopoverBody] input[type=file]", file)
    expect(surface(page)).to_have_value(re.compile("^Ravine "))


def test_a_link_holds_how_it_is_looked_at_and_the_moment(visit):
    page = visit(moving=True)
    until(page, "d.step >= 10 && d.playing")
    page.get_by_role("button", name="Linear").click()
    page.get_by_label("Second curve").first.select_option("step_length")
    page.get_by_label("over", exact=True).select_option("evaluations")
    page.locator(".descent-menu summary").click()
    page.get_by_label("Downhill").check()
    page.locator(".descent-menu summary").click()
    page.evaluate("window.__descent.seek(40)")
    page.wait_for_url("**view=contour(loss=linear,strip=step_length,over=evaluations,arrows=slope,step=40)")
    states = []
    for tab in (page, visit(path=page.url.rpartition("/")[2])):
        until(tab, "d.step === 40 && !d.playing")
        expect(tab.get_by_label("Second curve").first).to_have_value("step_length")
        expect(tab.get_by_label("over", exact=True)).to_have_value("evaluations")
        expect(tab.get_by_role("button", name="Linear")).to_have_attribute("aria-pressed", "true")
        expect(tab.locator(".descent-scale")).to_contain_text("on a log scale")
        until(tab, "d.column(0, 'slope_x') && d.column(0, 'step_length')")
        states.append(tab.evaluate("window.__descent.heads()"))
    assert states[0] == states[1]


def test_another_view_is_undone_as_any_change_and_a_seek_is_none(visit):
    page = visit()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    page.evaluate("window.__descent.seek(30)")
    page.wait_for_url("**view=contour(step=30)")
    expect(undo).to_be_disabled()
    entries = page.evaluate("history.length")
    page.evaluate("window.__descent.seek(50)")
    page.wait_for_url("**view=contour(step=50)")
    assert page.evaluate("history.length") == entries
    page.get_by_role("button", name="Linear").click()
    expect(undo).to_be_enabled()
    undo.click()
    expect(page.get_by_role("button", name="Log", exact=True)).to_have_attribute("aria-pressed", "true")
    page.wait_for_url("**view=contour(step=50)")
    until(page, "d.step === 50 && !d.playing")


def test_the_race_waits_while_its_scrubber_is_dragged(visit):
    page = visit(moving=True)
    scrub = page.locator(".descent-scrub")
    box = scrub.bounding_box()
    until(page, "d.playing")
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    until(page, "!d.playing")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
    until(page, "Math.abs(d.step - 75) < 5 && !d.playing")
    page.mouse.up()
    until(page, "d.playing && d.step > 80")


def test_the_whole_code_to_scan_is_in_sight_where_it_is_shared(visit):
    page = visit(1024, 768)
    page.get_by_role("button", name="Share").click()
    menu = page.locator("[data-testid=stPopoverBody]")
    code = menu.locator("img")
    expect(code).to_be_visible()
    at_rest(page)
    inner, outer = code.bounding_box(), menu.bounding_box()
    assert inner and outer
    assert inner["width"] > 150  # a camera reads it from the front row
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def test_a_zoom_is_in_the_link_and_stays_after_a_reload(visit):
    page = visit()
    whole = page.evaluate("window.__descent.view")
    page.get_by_role("button", name="Zoom in").click()
    eventually(page, lambda: "view=contour(x=(" in page.url)
    seen = page.evaluate("window.__descent.view")
    assert seen[0][1] - seen[0][0] < 0.9 * (whole[0][1] - whole[0][0])
    page.reload()
    until(page, "d.paintCount > 0")
    for tab in (page, visit(path=page.url.rpartition("/")[2])):
        eventually(tab, lambda tab=tab: is_close(tab.evaluate("window.__descent.view"), seen))
        at_rest(tab)
        assert is_close(tab.evaluate("window.__descent.view"), seen), "and it is not fitted later"
    page.get_by_role("button", name="Reset the view").click()
    eventually(page, lambda: "x=(" not in page.url)
    eventually(page, lambda: is_close(page.evaluate("window.__descent.view"), whole))
    page.get_by_text("Too long a step").click()  # on the same surface
    expect(rows(page)).to_have_count(4)


def is_close(one, other):
    return all(
        abs(end - same) < 1e-3 * (other[i][1] - other[i][0])
        for i, ends in enumerate(one)
        for end, same in zip(ends, other[i], strict=True)
    )


def test_the_clock_belongs_to_its_scene_also_by_back_and_on_one_surface(visit):
    page = visit()
    entries = page.evaluate("history.length")
    page.evaluate("window.__descent.seek(12)")
    page.wait_for_url("**step=12)**")
    assert page.evaluate("history.length") == entries, "the first step of a visit is no change of its scene"
    page.get_by_text("Too long a step").click()  # on the same surface
    expect(rows(page)).to_have_count(4)
    until(page, "d.playing || d.step > 12")  # from its start
    page.evaluate("window.__descent.seek(47)")
    page.wait_for_url("**step=47)**")
    page.go_back()
    expect(rows(page)).to_have_count(2)
    until(page, "d.step === 12 && !d.playing")
    at_rest(page)
    assert "step=12)" in page.url
    page.go_forward()
    expect(rows(page)).to_have_count(4)
    until(page, "d.step === 47 && !d.playing")
