"""The layout of binary messages to the browser."""

import numpy as np
import pytest

from app.browser.binary_message import encode_binary_message
from tests.support.binary_messages import decode_binary_message


def test_arrays_of_every_kind_come_back_as_they_were_sent() -> None:
    rng = np.random.default_rng(0)
    arrays = {"code": rng.integers(0, 255, 13).astype(np.uint8), "step": np.arange(5, dtype=np.uint16)}
    arrays |= {"minima": rng.normal(size=(2, 3)), "none": np.zeros(0, np.float32)}
    header, found = decode_binary_message(encode_binary_message({"id": "é"}, arrays))
    assert header["id"] == "é"
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values.ravel())
    with pytest.raises(ValueError, match="Out of range"):
        encode_binary_message({"x": float("nan")}, {})


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.float16, np.bool_])
def test_what_the_browser_cannot_read_is_refused(kind: type) -> None:
    with pytest.raises(TypeError, match="codes is of kind"):
        encode_binary_message({}, {"codes": np.zeros(3, dtype=kind)})
