"""The bug hunt's page without a browser: opened, used, and read."""

from typing import Any

from streamlit.testing.v1 import AppTest

from app.bug_hunt.hunt_state import HuntVisit
from tests.support.app_pages import HOME, find_component, open_page, report_component_state
from tests.support.binary_messages import decode_binary_message

CAREFUL = "centred(steps=30,l2=0.1,dropout=True,h=1e-05)"
NUMBER = 1  # the second matrix of three is not regularized


def open_hunt(**address: str) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "bug-hunt", **address)


def get_visit(page: AppTest) -> HuntVisit:
    visit: HuntVisit = page.session_state["bug_hunt"]
    return visit


def read_message(page: AppTest) -> dict[str, Any]:
    return decode_binary_message(find_component(page, "descent_hunt").bytes)[0]


def send(page: AppTest, event: str, **message: Any) -> dict[str, Any]:
    """The message after the browser sent an event."""
    serial = page.session_state["serial"] + 1 if "serial" in page.session_state else 1
    page.session_state["serial"] = serial
    report_component_state(page, "descent_hunt", {event: {**message, "n": serial}})
    assert not page.exception
    return read_message(page)
