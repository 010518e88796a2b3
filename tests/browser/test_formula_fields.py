"""A visitor types a function: it is typeset, raced on, refused with its place, and still there after a reload."""

from urllib.parse import unquote_plus, urlencode

from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import Visit
from tests.browser.waiting import until

FORMULA = 'formula("{}")'


def own(page: Page) -> None:
    chooser = page.get_by_role("combobox", name="Surface").first
    chooser.click()
    chooser.fill("own")
    page.get_by_role("option", name="Your own function").click()
    expect(page.locator("[data-testid=stSidebar] .katex").first).to_contain_text("sin")


def test_what_is_typed_is_typeset_and_raced_on_while_one_types(visit: Visit) -> None:
    page = visit()
    own(page)
    field = page.get_by_role("textbox", name="f(x, y)")
    example = page.evaluate("window.__descent.column(0, 'x')")
    painted = page.evaluate("window.__descent.paintCount")
    field.click()
    field.press("Control+a")
    field.press_sequentially("x**2 + 3*y**2")
    typeset = page.locator("[data-testid=stSidebar] .katex")
    expect(typeset).to_contain_text("3")
    expect(typeset).not_to_contain_text("sin")
    until(page, f"d.paintCount > {painted}")
    expect(field).to_be_focused()
    page.wait_for_url("**x%2A%2A2+%2B+3%2Ay%2A%2A2**")
    until(page, "d.column(0, 'loss')[0] === 21")  # 3**2 + 3*2**2, from the example's start
    assert page.evaluate("window.__descent.column(0, 'x')") != example
    before = page.evaluate("window.__descent.column(0, 'loss')")

    field.press_sequentially(" + foo(y)")
    expect(page.get_by_text("There is no “foo” here")).to_be_visible()
    expect(page.locator("[data-testid=stSidebar] code").first).to_contain_text("▲")
    assert page.evaluate("window.__descent.column(0, 'loss')") == before
    expect(field).to_have_value("x**2 + 3*y**2 + foo(y)")

    page.reload()
    until(page, "d.paintCount > 0")
    expect(page.get_by_role("textbox", name="f(x, y)")).to_have_value("x**2 + 3*y**2")
    assert page.evaluate("window.__descent.column(0, 'loss')") == before


def test_whatever_has_a_value_is_drawn(visit: Visit) -> None:
    """On contours: the visit fails if the browser complains."""
    page = visit(path=f"?{urlencode({'surface': FORMULA.format('-1e300')})}")
    field = page.get_by_role("textbox", name="f(x, y)")
    expect(field).to_have_value("-1e300")
    for spelt in ("1e20 + x", "1e308*x", "log(x*y)", "1e9 + x"):
        painted = page.evaluate("window.__descent.paintCount")
        field.fill(spelt)
        page.wait_for_url(lambda url, said=f'"{spelt}"': said in unquote_plus(url))
        until(page, f"d.paintCount > {painted} && d.column(0, 'loss').length")


def test_the_edge_of_the_domain_is_seen_in_space_with_arrows(browser: Browser, address: str) -> None:
    page = browser.new_page(bypass_csp=True)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    spelt = 'formula("x - log(x) + 0.5*(y - 1)**2",x=(-1,5),y=(-2,4))'
    query = {"surface": spelt, "start": "0.2,2.2", "noise": "0.3", "run": "newton()"}
    page.goto(f"{address}?{urlencode(query)}&view=space(arrows=(slope,update),step=2)")
    until(page, "d.space?.heads?.length")
    expect(page.locator("[data-testid=stSidebar] .katex").first).to_contain_text("ln")
    page.close()
    assert not complaints


def test_an_example_is_one_choice_away_on_a_phone_too(visit: Visit) -> None:
    page = visit(width=390, height=844, path="?surface=formula(%22x%2A%2A2%2By%2A%2A2%22)")
    page.get_by_test_id("stExpandSidebarButton").click()
    until(page, "document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().x === 0")
    chooser = page.get_by_role("combobox", name="Examples")
    chooser.click()
    chooser.fill("kink")
    expect(page.get_by_role("option")).to_have_count(1)
    chooser.press("Enter")
    expect(page.get_by_role("textbox", name="f(x, y)")).to_have_value("abs(x) + 0.5*abs(y - 0.3*x)")
    box = page.locator("[data-testid=stSidebar] .katex-display").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_a_student_types_as_on_paper_and_is_asked_what_could_mean_two_things(visit: Visit) -> None:
    page = visit(path=f"?{urlencode({'surface': FORMULA.format('x**2 + y**2')})}")
    field = page.get_by_role("textbox", name="f(x, y)")
    sidebar = page.locator("[data-testid=stSidebar]")
    field.click()
    field.press("Control+a")
    field.press_sequentially("f(x,y) = 2x^2 + |y|²")
    expect(sidebar.locator(".katex-display")).to_contain_text("2x")
    expect(sidebar.get_by_text("Read as 2*x**2 + abs(y)**2")).to_be_visible()
    expect(field).to_have_value("f(x,y) = 2x^2 + |y|²")
    page.wait_for_url(lambda url: '"2*x**2 + abs(y)**2"' in unquote_plus(url))

    field.fill(r"\frac{1}{2}(x-1)^2 + 100\,(y-x^2)^2")  # pasted from a paper
    page.wait_for_url(lambda url: '"1/2*(x - 1)**2 + 100*(y - x**2)**2"' in unquote_plus(url))
    expect(sidebar.get_by_text("Read as 1/2*(x - 1)**2")).to_be_visible()

    field.fill("1/2x + foo(y) + bar")
    expect(sidebar.get_by_text("There is no “foo” here")).to_be_visible()
    expect(sidebar.get_by_text("“bar” is not known here")).to_be_visible()

    field.fill("y^2 + 1/2x")
    readings = sidebar.locator(".st-key-readings").get_by_role("button")
    expect(readings).to_have_count(2)
    sidebar.get_by_role("button", name="y**2 + 1/(2*x)").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: '"y**2 + 1/(2*x)"' in unquote_plus(url))
    expect(field).to_have_value("y**2 + 1/(2*x)")
    expect(readings).to_have_count(0)
    page.reload()
    expect(page.get_by_role("textbox", name="f(x, y)")).to_have_value("y**2 + 1/(2*x)")
