"""Languages in a real browser: its own at first, the switch, and four that nobody speaks, which show what is wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.scene_text.playlist import pack
from tests.browser.surface_view_helpers import in_space, live
from tests.browser.visits import Visit
from tests.browser.waiting import at_rest, until

pytestmark = pytest.mark.browser

# Text that can be read or heard, but not what is code, a formula or Streamlit's own.
WORDS = """() => {
  const skipped = 'script, style, pre, code, textarea, math, kbd, .katex, svg, [translate=no], [role=img],'
    + ' .st-key-panel_run_field, .st-key-about td';
  const found = new Set();
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  for (const element of document.querySelectorAll('.stApp *')) {
    if (element.closest(skipped) || !seen(element)) continue;
    for (const child of element.childNodes) if (child.nodeType === 3) found.add(child.data.trim());
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      if (element.hasAttribute(name)) found.add(element.getAttribute(name));
    }
  }
  return [...found];
}"""
CLIPPED = """() => {
  const found = [];
  for (const element of document.querySelectorAll('.stApp *')) {
    const style = getComputedStyle(element);
    if (element.closest('[data-testid=stSkipToContent]')) continue;
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const meant = style.overflowX === 'visible' || style.textOverflow === 'ellipsis' || style.clipPath !== 'none';
    if (!words || meant || !element.clientWidth) continue;
    if (element.scrollWidth > element.clientWidth + 1) found.push(element.textContent.slice(0, 60));
  }
  const panel = document.querySelector('[data-testid=stSidebar]')?.getBoundingClientRect();
  const inside = panel?.left >= 0 ? document.querySelectorAll("[data-testid=stSidebar] :is(p, button, label)") : [];
  for (const element of inside) {
    if (element.getBoundingClientRect().right > panel.right + 1) found.push(`${element.textContent} leaves the panel`);
  }
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) found.push('the page scrolls sideways');
  return found;
}"""
PLAYLIST = "?surface=beale()&run=adam() predict\n"
OURS = {"Descent", "English", "中文"}
MARKS = re.compile(
    r"“foo”|'foo'|[a-z_]+\([^)]*\)|https?://\S+|\.(txt|py|csv)\b|• [A-Z, ]+$|\b1MB\b"
    r"|‖.*?‖|[×∇−·]|10\S+|\b(lr|xx)\b"
)


def opened_scene(page: Page) -> None:
    page.evaluate("window.__descent.seek(50)")


def opened_menus(page: Page) -> None:
    page.locator(".descent-menu summary").first.click()
    fold = page.locator("[data-testid=stSidebar] details").first
    fold.locator("summary").click()
    expect(fold.locator("input").first).to_be_attached()  # the panel has come anew, and closes no popover any more
    page.locator(".st-key-share button").first.click()
    expect(page.locator(".st-key-scene_text textarea")).to_be_visible()


def opened_export(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".st-key-export button").first.click()
    expect(page.locator(".st-key-export_as")).to_be_visible()


def opened_keys(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".descent").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def opened_formula(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("[class*='_formula'] button, [class*='-formula'] button").first.click()
    expect(page.get_by_role("dialog").locator(".katex").first).to_be_visible()


STATES = (opened_scene, opened_menus, opened_export, opened_keys, opened_formula)


def lesson(page: Page) -> None:
    """From its question to what is said of the answer."""
    page.locator("[data-testid=stMain] .stButton button").nth(1).click()
    expect(page.locator(".st-key-tell")).to_be_visible()


def screens(visit: Visit, language: str, width: int, height: int):
    """Each state of each screen, one after the other."""
    damaged = f"?surface=rosenbrock(b=1e9)&run=adam(lr=99)&run=foo()&language={language}"
    page = visit(width, height, path=damaged)
    expect(page.locator(f"html[lang={language}]")).to_be_attached()
    expect(page.locator(".st-key-panel_run input")).to_have_value(re.compile("[1-9]"))  # the panel has come
    for state in STATES if width > 1000 else STATES[:1]:
        state(page)
        at_rest(page)
        yield state.__name__, page
    page = visit(width, height, path=f"lessons?lesson=ravine&language={language}")
    lesson(page)
    yield "lesson", page
    page.locator("[data-testid=stPageLink]:not(.st-key-pages *) a").first.click()
    expect(page.locator(".st-key-contents")).to_be_visible()
    yield "lessons", page
    page.goto(page.url.replace("/lessons", "/about"))
    expect(page.locator(".st-key-about table")).to_have_count(3)
    yield "about", page
    page.goto(page.url.replace("/about", "/playlist") + f"&playlist={pack(PLAYLIST + 'hello')}")
    expect(page.locator(".st-key-playlist textarea")).not_to_be_empty()
    yield "playlist with damage", page
    page.goto(page.url.partition("?")[0] + f"?language={language}&playlist={pack(PLAYLIST)}")
    expect(page.locator(".st-key-playlist [data-testid=stPageLink]")).to_be_visible()
    yield "playlist", page
    race = page.url.partition("playlist?")[0]
    page.goto(f"{race}?language={language}&playlist={pack(PLAYLIST)}&place=1&mode=lecture")
    expect(page.locator(".descent-asked")).to_be_visible()
    yield "lecture", page
    page.goto(f'{race}?language={language}&surface=data("line","1,2;2,3.5;4,4")&steps=9')
    page.locator(".descent-save .descent-button").click()
    if width > 1000:
        page.locator("[data-testid=stSidebar] summary").first.click()
        expect(page.locator("[data-testid=stSidebar] textarea")).to_be_visible()
    yield "data", page


def test_long_words_are_not_cut_off_on_a_phone(visit: Visit) -> None:
    for where, page in screens(visit, "long", 390, 900):
        assert page.evaluate(CLIPPED) == [], where


def test_words_twice_as_long_are_not_cut_off_and_nothing_is_said_that_is_not_in_the_catalogues(visit: Visit) -> None:
    for where, page in screens(visit, "double", 1440, 900):
        assert page.evaluate(CLIPPED) == [], where
        until(page, "window.__streamlitTranslation")  # Streamlit's own words are said once its script has come
        said = (MARKS.sub("", text) for text in page.evaluate(WORDS) if text not in OURS)
        left = [text for text in said if re.search(r"[A-Za-wyz]{2,}", text)]
        assert left == [], where


def test_a_translation_is_words_and_nothing_else(visit: Visit) -> None:
    """Not even a hostile one is run, or becomes part of the page."""
    for where, page in screens(visit, "xss", 1440, 900):
        assert page.evaluate("window.hacked") is None, where
        assert page.locator("img[src=x], script:text('window.hacked')").count() == 0, where


def test_streamlits_own_words_are_said_too_and_in_english_again(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_attached()
    choice = page.locator("[data-testid=stSidebar] input[role=combobox]").first
    choice.click()
    choice.press_sequentially("qqqq")
    expect(page.get_by_text("没有结果")).to_be_visible()
    choice.press("Escape")
    page.get_by_role("link", name="播放列表").click()
    file = page.locator("input[type=file]")
    expect(page.get_by_text("每个文件不超过 1MB")).to_be_visible()
    file.set_input_files({"name": "a.exe", "mimeType": "x/y", "buffer": b"1"})
    expect(page.get_by_text("不接受 x/y 文件。")).to_be_visible()
    expect(page.get_by_role("button", name="移除 a.exe")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Remove a.exe")).to_be_visible()
    expect(page.get_by_role("link", name="Skip to main content")).to_be_attached()


def test_the_header_says_in_chinese_how_many_pages_are_folded_away(visit: Visit) -> None:
    page = visit(1000, 800, locale="zh-CN", bypass_csp=True)
    page.add_style_tag(content="html { font-size: 24px !important; }")  # large type, for which there is no room
    page.set_viewport_size({"width": 900, "height": 800})
    folded = page.locator("[data-testid=stHeader]").get_by_text(re.compile(r"^另外 [1-9] 页$"))
    expect(folded).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("[data-testid=stHeader]").get_by_text(re.compile("^[1-9] more$"))).to_be_visible()


def test_the_browsers_language_chooses_and_the_switch_and_the_link_are_stronger(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    expect(page.get_by_role("textbox", name="步数")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("textbox", name="Steps")).to_be_visible()
    page.wait_for_url("**language=en**")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    expect(page.get_by_role("textbox", name="Steps")).to_be_visible()
    page.get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("heading", name="Lessons")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="课程")).to_be_visible()
    page.wait_for_url("**language=zh**")
    page.reload()
    expect(page.get_by_role("heading", name="课程")).to_be_visible()


def test_the_player_speaks_the_language_too_and_keeps_its_moment(visit: Visit) -> None:
    page = visit()
    page.evaluate("window.__descent.seek(40)")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="播放")).to_be_visible()
    until(page, "d.step === 40")
    page.locator(".descent").focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_another_language_keeps_the_speed_the_open_rule_and_the_camera(visit: Visit) -> None:
    page = visit()
    page.locator(".descent-speed select").first.select_option(label="4×")
    in_space(page)
    page.locator(".descent").focus()
    page.keyboard.press("e")
    page.locator(".descent-orbit").focus()
    page.keyboard.press("ArrowRight")
    azimuth = live(page, "space.controls.azimuth")
    expect(page.locator("section.descent-rule math").first).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="播放")).to_be_visible()
    until(page, "d.mode === 'space' && d.space?.heads?.length")
    assert live(page, "space.controls.azimuth") == azimuth
    expect(page.locator(".descent-speed select").first.locator("option:checked")).to_have_text("4×")
    expect(page.locator("section.descent-rule")).to_contain_text("代入数值的更新规则")
    expect(page.locator("section.descent-rule math").first).to_be_visible()
