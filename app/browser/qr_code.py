"""Links as QR codes: as a picture, and as rows of modules that the player draws."""

from functools import lru_cache

from segno import DataOverflowError, QRCode, make


@lru_cache(maxsize=32)
def make_qr_code(link: str) -> QRCode | None:
    """The QR code of a link; None if it is too long for one."""
    try:
        return make(link, error="l")
    except DataOverflowError:
        return None


def list_qr_rows(link: str) -> list[str]:
    """The rows of a link's code as texts of 0 and 1; none if it is too long for one."""
    code = make_qr_code(link)
    return ["".join("1" if module else "0" for module in row) for row in code.matrix] if code else []
