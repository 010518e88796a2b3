"""The maps page in AppTest: open it, and read the maps that it sends."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.app_pages import HOME, open_page
from tests.support.binary_messages import decode_binary_message

NAN = float("nan")

NONSENSE: list[Any] = [
    None,
    3,
    "x",
    [],
    {},
    {"n": 1},
    {"x": NAN, "y": 0, "n": 1},
    {"x": 0, "y": 0},
    {"x": "0", "y": 0, "n": 1},
]


def open_maps(**address: str | list[str]) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60).run(), "maps", **address)


def read_map_headers(page: AppTest) -> list[dict[str, Any]]:
    """The headers of the maps that are on the page."""
    messages = (element.proto for element in page.get("bidi_component"))
    return [decode_binary_message(m.bytes)[0] for m in messages if m.component_name == "descent_map"]


def read_texts(page: AppTest) -> str:
    return " ".join(element.value for kind in ("markdown", "info") for element in page.get(kind))
