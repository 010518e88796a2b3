"""`make pictures`: the README's screenshots, of the running app."""

from playwright.sync_api import sync_playwright

from tests.serving import ROOT, chromium, serving

STEP = 60  # of the first scene: paths, curves and heads are all seen

with sync_playwright() as playwright, serving() as address:
    browser = chromium(playwright)
    for theme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=theme, bypass_csp=True)
        page.goto(address)
        page.wait_for_function("window.__descent?.painted")
        page.evaluate(f"window.__descent.seek({STEP})")
        page.wait_for_timeout(1500)  # fonts and the last frame
        path = ROOT / ".pictures" / f"race-{theme}.png"
        path.parent.mkdir(exist_ok=True)
        page.screenshot(path=path)
        print(path.relative_to(ROOT))
    browser.close()
