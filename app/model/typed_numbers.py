"""Numbers as people type them: 0.0123, 1e-3, 10^-3, 1/3, 0,5. They are read, never evaluated."""

import re
import unicodedata
from math import isfinite
from typing import Any

from surfaces.translatable import UserError

MAX_CHARACTERS = 24
DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?"
POWER_OF_TEN = re.compile(r"(?:(?P<mantissa>.+?)[*x×·])?10\^(?P<exponent>[+-]?\d{1,4})")
FRACTION = re.compile(rf"({DECIMAL})(?:/({DECIMAL}))?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
MINUS_SIGNS = str.maketrans("−–﹣", "---")


def parse_number(text: Any, example: str) -> float:
    """Read a number that a visitor typed. Raises `UserError`."""
    written = str(text).strip()
    if not written:
        raise UserError("Type a number, like {example}.", example=example)
    plain = unicodedata.normalize("NFKC", written[:MAX_CHARACTERS]).translate(MINUS_SIGNS).replace(" ", "").lower()
    if THOUSANDS.fullmatch(plain):
        raise UserError(
            "“{written}” could be {thousand} or {decimal}: type the one that is meant.",
            written=written, thousand=plain.replace(",", ""), decimal=plain.replace(",", "."),
        )  # fmt: skip
    if "." not in plain and plain.count(",") <= 1 + plain.count("/"):
        plain = plain.replace(",", ".")  # a decimal comma
    if power := POWER_OF_TEN.fullmatch(plain):
        plain = f"{power['mantissa'] or 1}e{power['exponent']}"
    match = FRACTION.fullmatch(plain) if len(written) <= MAX_CHARACTERS else None
    if match is None:
        raise UserError("“{written}” is not a number.", written=written[:20])
    numerator, denominator = float(match[1]), float(match[2] or 1)
    if denominator == 0 or not isfinite(numerator / denominator):
        raise UserError("“{written}” is not a number.", written=written[:20])
    return numerator / denominator
