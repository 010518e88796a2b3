"""The values along an axis of the map, which are the slider's own scale, and its ticks."""

from typing import NamedTuple

import numpy as np

from app.model.hyperparameter_table import ParameterRange
from surfaces.base import Array
from surfaces.number_format import format_number

MAX_AXIS_VALUES = 64  # values along an axis, but for whole numbers of which there are fewer
TICK_COUNT = 8


class Tick(NamedTuple):
    position: float  # in columns (or rows)
    text: str


def make_axis_values(limits: ParameterRange) -> Array:
    """The values along an axis: the slider's own scale, evenly divided; many whole numbers by factors."""
    if not limits.stops:
        whole = np.arange(int(limits.low), int(limits.high) + 1)
        many = np.unique(np.round(np.geomspace(max(limits.low, 1), limits.high, MAX_AXIS_VALUES)))
        return (whole if whole.size <= MAX_AXIS_VALUES else many).astype(np.float64)
    stops = np.array(limits.stops)
    at = np.linspace(0, stops.size - 1, MAX_AXIS_VALUES)
    i = np.minimum(at.astype(np.intp), stops.size - 2)
    low, high, share = stops[i], stops[i + 1], at - i
    with np.errstate(all="ignore"):
        between = np.where(low > 0, low * (high / low) ** share, low + share * (high - low))
    return np.array([float(f"{value:.4g}") for value in between])


def find_axis_position(values: Array, value: float) -> float:
    """Where a value is along an axis, in columns."""
    return float(np.interp(value, values, np.arange(values.size)))


def choose_ticks(limits: ParameterRange, values: Array) -> list[Tick]:
    """The roundest of the slider's stops, evenly spread."""
    stops = np.array(limits.stops or values)
    at = np.linspace(0, values.size - 1, stops.size)
    reach = (values.size - 1) / (TICK_COUNT - 1) / 2
    chosen = set()
    for centre in np.linspace(0, values.size - 1, TICK_COUNT):
        near = np.flatnonzero(np.abs(at - centre) <= reach)
        if near.size:
            chosen.add(min(near, key=lambda i: (*roundness(stops[i], stops[-1] < 1), abs(at[i] - centre))))
    return [Tick(float(at[i]), format_number(stops[i], 4)) for i in sorted(chosen)]


def roundness(value: float, below_one: bool) -> tuple[int, bool]:
    """How many digits a number has, and whether it is no power of ten; near a limit of 1 that of what is missing."""
    mantissa = f"{1 - value if below_one and value >= 0.9 else value:.4e}".partition("e")[0]
    digits = mantissa.replace(".", "").rstrip("0")
    return len(digits), digits not in ("1", "")
