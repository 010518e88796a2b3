"""The findings of axe-core on a page, without the known ones."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.known_axe_findings import KNOWN
from tests.browser.waiting import at_rest

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
GROUND = {"light": "rgb(251, 251, 249)", "dark": "rgb(16, 20, 26)"}

COLOURS = ("color-contrast", "link-in-text-block")
ENHANCED = "color-contrast-enhanced"  # text at 7:1, which is asked of a page's own parts alone

RUN = """async ([options, enhanced, own]) => {
  for (const part of own) if (!document.querySelector(part)) throw new Error(`there is no ${part}`);
  const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"], elementRef: true });
  const isAsked = (rule, { element }) => rule.id !== enhanced || own.some((part) => element.closest(part));
  return violations.flatMap((rule) => rule.nodes.filter((node) => isAsked(rule, node)).map((node) => (
    { rule: rule.id, impact: node.impact, html: node.html, summary: node.failureSummary }
  )));
}"""


def is_known(rule: str, html: str) -> bool:
    return any(rule == known.rule and html.startswith(known.html) for known in KNOWN)


def findings(page: Page, *own: str, colours_alone: bool = False) -> list[str]:
    """Run axe-core once: most of its time goes into the page's tree and backgrounds, and little into the rules."""
    enhanced = [ENHANCED] if own else []
    options: dict[str, Any] = {"rules": {rule: {"enabled": True} for rule in enhanced}}
    if colours_alone:
        options = {"runOnly": {"type": "rule", "values": [*COLOURS, *enhanced]}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [
        f"{found['impact']} {found['rule']}: {found['html'][:200]} {found['summary']}"
        for found in page.evaluate(RUN, [options, ENHANCED, own])
        if not is_known(found["rule"], found["html"])
    ]


def nothing_is_found(page: Page, *own: str) -> None:
    """In both themes: the second, which differs in colours, comes while the page is open; text of our `own` at 7:1."""
    for scheme in SCHEMES:
        themed(page, scheme)
        assert findings(page, *own, colours_alone=scheme == "dark") == [], scheme


def themed(page: Page, scheme: Scheme) -> None:
    """As the system asks for it, all faded in: Streamlit fades what it shows."""
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".stApp")).to_have_css("background-color", GROUND[scheme])
    for player in page.locator(".descent").all():
        expect(player).to_have_attribute("data-theme", scheme)
    at_rest(page)
