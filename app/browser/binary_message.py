"""The layout of every binary message to the browser: a header in JSON, and arrays behind it.

    4 bytes   the length of the header, little-endian
    header    JSON in UTF-8: what the sender says, and under "arrays" a list of [name, kind, number of values]
    arrays    one after the other; `kind` is u1, u2, f4 or f8, little-endian; what has more axes goes row by row

`decodeMessage` in `app/player/base/decode_message.js` reads it.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = ("u1", "u2", "f4", "f8")  # of the arrays that the browser reads
FLOAT32_MAX, FLOAT32_TINY = np.finfo(np.float32).max, np.finfo(np.float32).tiny


Arrays = dict[str, NDArray[Any]]  # the columns of a message, by name


def encode_binary_message(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    blocks = {name: np.asarray(values, dtype=values.dtype.newbyteorder("<")) for name, values in arrays.items()}
    listed = [[name, values.dtype.str[1:], values.size] for name, values in blocks.items()]
    for name, kind, _ in listed:
        if kind not in KINDS:
            raise TypeError(f"The browser reads arrays of the kinds {', '.join(KINDS)}, but {name} is of kind {kind}.")
    head = json.dumps({**header, "arrays": listed}, allow_nan=False, ensure_ascii=False).encode()
    return b"".join((len(head).to_bytes(4, "little"), head, *(values.tobytes() for values in blocks.values())))


def narrow_floats(values: NDArray[Any]) -> NDArray[Any]:
    """Float32 if it can hold every finite value, else float64."""
    size = np.abs(np.asarray(values, dtype=np.float64))
    size = size[np.isfinite(size) & (size > 0)]
    fits = not size.size or (size.max() <= FLOAT32_MAX and size.min() >= FLOAT32_TINY)
    return np.asarray(values, dtype=np.float32 if fits else np.float64)
