"""What axe-core finds on a page, less what is known."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.known_axe_findings import KNOWN
from tests.browser.waiting import at_rest

GROUND = {"light": "rgb(251, 251, 249)", "dark": "rgb(16, 20, 26)"}

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

ENHANCED = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}  # text at 7:1


def is_known(rule: str, html: str) -> bool:
    return any(rule == known.rule and html.startswith(known.html) for known in KNOWN)


def findings(page: Page, options: dict[str, Any] | None = None, context: str | None = None) -> list[str]:
    asked = {"resultTypes": ["violations"], **(options or {})}  # what passes is half of the work
    found = Axe().run(page, context=context, options=asked).response["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not is_known(rule["id"], node["html"])
    ]


def nothing_is_found(page: Page, *own: str) -> None:
    """In both themes: the second, which differs in colours, comes while the page is open; text of our `own` at 7:1."""
    for scheme, options in (("light", None), ("dark", COLOURS)):
        themed(page, scheme)
        assert findings(page, options) == [], scheme
        for part in own:
            assert findings(page, ENHANCED, part) == [], scheme


def themed(page: Page, scheme: Literal["light", "dark"]) -> None:
    """As the system asks for it, all faded in: Streamlit fades what it shows."""
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".stApp")).to_have_css("background-color", GROUND[scheme])
    for player in page.locator(".descent").all():
        expect(player).to_have_attribute("data-theme", scheme)
    at_rest(page)
