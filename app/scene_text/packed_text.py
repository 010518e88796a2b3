"""A text as one word, compressed: for links, and for what a browser keeps."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode


def pack_text(text: str) -> str:
    """Compress a text (RFC 1950), in the alphabet of RFC 4648, section 5, unpadded."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def unpack_text(packed: str, max_bytes: int) -> str:
    """The text of a word. Raises `OverflowError` if it is longer than `max_bytes`, else `ValueError` if it is none."""
    decompressor = zlib.decompressobj()
    try:
        text = decompressor.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), max_bytes + 1)
    except zlib.error as error:
        raise ValueError("no compressed text") from error
    if len(text) > max_bytes:
        raise OverflowError("the text is too long")
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("no compressed text")
    return text.decode()
