"""A window, the part of the plane that a picture shows: its limits and its rounding."""

from math import floor, log10

Window = tuple[tuple[float, float], tuple[float, float]]  # from left to right, from bottom to top

MIN_WINDOW_FRACTION = 1e-6  # of the surface's own view: narrower, floating point runs out of numbers
MAX_WINDOW_FRACTION = 1e3
WINDOW_LIMITS = (MIN_WINDOW_FRACTION, MAX_WINDOW_FRACTION)  # as browsers are told of them, which zoom no further


def list_fractions(window: Window, full: Window) -> list[float]:
    """How wide the sides of a window are beside those of the surface's own view."""
    return [(b - a) / (high - low) for (a, b), (low, high) in zip(window, full, strict=True)]


def is_within_limits(window: Window, full: Window) -> bool:
    return all(MIN_WINDOW_FRACTION <= part <= MAX_WINDOW_FRACTION for part in list_fractions(window, full))


def clamp_window(window: Window, full: Window) -> Window:
    """The window with sides within the limits, around the same middle, and rounded."""
    (x, y), (wide, high) = window, full
    return clamp_interval(x, wide), clamp_interval(y, high)


def clamp_interval(ends: tuple[float, float], full: tuple[float, float]) -> tuple[float, float]:
    low, high = ends
    width, whole = high - low, full[1] - full[0]
    allowed = min(max(width, MIN_WINDOW_FRACTION * whole), MAX_WINDOW_FRACTION * whole)
    middle = (low + high) / 2
    return round_interval(ends if allowed == width else (middle - allowed / 2, middle + allowed / 2))


def round_interval(ends: tuple[float, float]) -> tuple[float, float]:
    """Round to a ten thousandth of the interval, which nobody sees, so that links stay short."""
    digits = 4 - floor(log10(ends[1] - ends[0]))
    return round(ends[0], digits), round(ends[1], digits)
