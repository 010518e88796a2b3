"""Numbers as people read them, as the player writes them too: −0.0123, 250, 1.8·10⁵."""

from math import floor, isfinite, log10

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float, digits: int = 3) -> str:
    """`value` in so many significant figures, no zeros at its end; far from 1 with a power of ten."""
    if value == 0:
        return "0"
    if not isfinite(value):
        return "–"
    if 1e-3 <= abs(value) < 1e4:
        text = strip_zeros(f"{value:.{max(0, digits - 1 - floor(log10(abs(value))))}f}")
    else:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        factor, ten = strip_zeros(mantissa), "10" + str(int(power)).translate(SUPERSCRIPTS)
        text = {"1": ten, "-1": f"-{ten}"}.get(factor, f"{factor}·{ten}")
    return text.replace("-", "−")


def strip_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
