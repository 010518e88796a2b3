"""The curve of a schedule over all steps, where it is chosen and where its values are set."""

from functools import lru_cache

import numpy as np
import streamlit as st

from app.figures.scatter_and_schedule_svg import draw_schedule
from app.model import display_names
from app.model.hyperparameter_table import get_range
from app.model.scene import Call
from app.translation import translate
from optimizers.catalogue import SCHEDULES
from surfaces.base import Array

MAX_CURVE_POINTS = 300  # of a curve


def show_schedule_curve(name: str, schedule: Call, steps: int) -> None:
    """Draw the values of the hyperparameter `name` in each of the steps."""
    values = evaluate_schedule(schedule, steps)
    if not np.isfinite(values).all():
        return
    low, high, first, last = (
        display_names.format_compact(float(value)) for value in (values.min(), values.max(), values[0], values[-1])
    )
    label = translate(
        "{name} over {steps} steps: {first} in the first, {last} in the last, at most {high}",
        name=translate(get_range(name).label), steps=steps, first=first, last=last, high=high,
    )  # fmt: skip
    st.html(draw_schedule(values, low, high, label))


@lru_cache(256)
def evaluate_schedule(schedule: Call, steps: int) -> Array:
    """The values in at most `MAX_CURVE_POINTS` of the steps, the first and the last among them."""
    chosen = np.unique(np.linspace(1, steps, min(steps, MAX_CURVE_POINTS)).round().astype(int))
    function = SCHEDULES[schedule.name](**dict(schedule.arguments))
    return np.array([function(int(t)) for t in chosen])
