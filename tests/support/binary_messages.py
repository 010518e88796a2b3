"""The slow truth of what `decodeMessage` in app/player/base/decode_message.js reads."""

import json
from typing import Any

import numpy as np
import pytest


def decode_binary_message(message: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the arrays of a message to the browser."""
    offset = 4 + int.from_bytes(message[:4], "little")
    header, arrays = json.loads(message[4:offset], parse_constant=pytest.fail), {}
    for name, kind, count in header["arrays"]:
        arrays[name] = np.frombuffer(message, f"<{kind}", count, offset)
        offset += arrays[name].nbytes
    assert offset == len(message)
    return header, arrays
