"""The two messages of the picture of trainings, as a page sends them: the curves, and what is computed beside them."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.app_pages import find_component
from tests.support.binary_messages import decode_binary_message


def read_picture(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and arrays of both, joined as in the browser."""
    header, arrays = decode_binary_message(find_component(page, "descent_trainings").bytes)
    news, news_arrays = decode_binary_message(find_component(page, "descent_training_news").bytes)
    assert all(header[name] == news[name] for name in ("id", "mark", "edition")), "they do not belong together"
    return header | news, arrays | news_arrays
