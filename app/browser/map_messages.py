"""What a map is in one message: a header in JSON, and arrays behind it."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def encode_map(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Length of the header (4 bytes, little-endian), the header padded to 8 bytes with it, the arrays, each padded.

    The header lists the arrays with their kind (as `u1`, `u2`, `f4`, `f8`) and number of values; what has more axes
    goes row by row.
    """
    blocks = {
        name: np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")) for name, values in arrays.items()
    }
    listed = [[name, values.dtype.str[1:], values.size] for name, values in blocks.items()]
    head = json.dumps({**header, "arrays": listed}, allow_nan=False, ensure_ascii=False).encode()
    head += b" " * (-(4 + len(head)) % 8)
    body = (values.tobytes() + b"\0" * (-values.nbytes % 8) for values in blocks.values())
    return len(head).to_bytes(4, "little") + head + b"".join(body)
