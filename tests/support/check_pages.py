"""The page of the gradient check without a browser: opened, used, and read."""

from typing import Any

from streamlit.testing.v1 import AppTest

from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from tests.support.app_pages import HOME, find_component, open_page, report_component_state
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job

SMALL = "network(data=xor,samples=8,width=4)"


def open_check(**address: str) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "gradient-check", **address)


def get_state(page: AppTest) -> Any:
    return page.session_state["gradient_check"]


def read_message(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    header, arrays = decode_binary_message(find_component(page, "descent_check").bytes)
    return header, arrays


def finish(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The message when the scan has ended."""
    wait_for_job(get_scan_job(make_scan_request(get_state(page).scene)))
    page.run()
    return read_message(page)


def send(page: AppTest, event: str, message: dict[str, Any]) -> None:
    report_component_state(page, "descent_check", {event: message})
    assert not page.exception
