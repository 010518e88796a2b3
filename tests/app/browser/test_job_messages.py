"""What a browser says about a background job: only what can be meant is read."""

from typing import Any

import pytest

from app.browser.job_messages import decode_stop
from tests.support.map_pages import NONSENSE


@pytest.mark.parametrize("sent", [*NONSENSE, {"value": 1, "n": 1}])
def test_to_stop_is_a_yes_or_no(sent: Any) -> None:
    assert decode_stop(sent) is None


def test_a_stop_that_is_meant_is_read() -> None:
    assert decode_stop({"value": True, "n": 3}) is True
