"""The fields beside the sliders, in which a value is typed: the browser makes them and sends what was typed.

A widget of Streamlit's beside each slider would have to be told of every movement of the slider, and the panel would be
run again for it. The browser copies the slider's value into the field by itself.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from app.browser.component_events import get_last_serial, make_event_handler
from app.browser.loader_script import make_loader
from app.model.display_names import format_compact
from app.model.hyperparameter_table import ParameterRange
from app.model.typed_numbers import MAX_CHARACTERS, parse_number
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import try_edit
from app.session.session_state import get_session
from app.session.stale_widget_values import was_present
from app.session.widget_notes import PASSING_NOTE
from app.translation import translate
from surfaces.translatable import Translatable

COMPONENT_KEY, EVENT = "typed-values", "typed"

_typed_values = st.components.v2.component(
    "descent_typed_values",
    js=make_loader("mountTypedValues", "player/panels/typed_values.js", is_visible=False),
    isolate_styles=False,
)


class TypedSlider(NamedTuple):
    """A slider that takes typed values, and how they change the scene."""

    key: str
    limits: ParameterRange
    edit: Callable[[Any, Any], Any]  # of the scene and the value
    is_whole: bool  # whether its values are whole numbers
    try_edit: Callable[..., bool]  # changes the page's scene, as that of the race does


class TypedValue(NamedTuple):
    slider: TypedSlider
    text: str


def list_note_keys(key: str) -> tuple[str, str]:
    """The keys of the notes on a typed value: why it was refused, and that it was moved into the slider's range."""
    return f"{key}.refused", f"{key}{PASSING_NOTE}"


def get_class_name(key: str) -> str:
    """The part after `st-key-` of the class that Streamlit gives a widget's element, made of the widget's key."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key)


def register_slider(
    key: str,
    limits: ParameterRange,
    edit: Callable[[Any, Any], Any],
    *,
    is_whole: bool,
    try_edit: Callable[..., bool] = try_edit,
) -> None:
    """Let a typed value change the scene as the slider does."""
    get_session().typed_sliders[get_class_name(key)] = TypedSlider(key, limits, edit, is_whole, try_edit)


def mount_typed_values() -> None:
    """Put the fields beside the sliders that this run of the panel has shown."""
    session = get_session()
    session.typed_sliders = {name: slider for name, slider in session.typed_sliders.items() if was_present(slider.key)}
    refused = [name for name, slider in session.typed_sliders.items() if list_note_keys(slider.key)[0] in session.notes]
    data = {"n": get_last_serial(f"{COMPONENT_KEY}-{EVENT}"), "refused": refused, "label": translate("{name}, typed")}
    handler = make_event_handler(COMPONENT_KEY, EVENT, decode_typed_value, apply_typed_value)
    _typed_values(key=COMPONENT_KEY, data=data, on_typed_change=handler)


def decode_typed_value(message: object) -> TypedValue | None:
    """The slider and the text of the browser's message; None if it is invalid, or if there is no such slider."""
    if not isinstance(message, dict) or type(message.get("n")) is not int:
        return None
    name, text = message.get("slider"), message.get("text")
    if not isinstance(name, str) or not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        return None
    slider = get_session().typed_sliders.get(name)
    return TypedValue(slider, text) if slider and was_present(slider.key) else None


def apply_typed_value(typed: TypedValue) -> None:
    """Change the scene by what was typed beside a slider; a note says if that is no number, or out of range."""
    slider = typed.slider
    refused_key, moved_key = list_note_keys(slider.key)
    moves: list[Translatable] = []

    def edit(scene: Any, text: str) -> Any:
        value, note = fit_into_range(parse_number(text, "0.01"), slider.limits, is_whole=slider.is_whole)
        moves.extend([note] if note else [])
        return slider.edit(scene, int(value) if slider.is_whole else value)

    if slider.try_edit(refused_key, edit, slider.key, moved_key, value=typed.text) and moves:
        get_session().notes[moved_key] = moves[0]
    rerun_fragments(PANEL)


def fit_into_range(value: float, limits: ParameterRange, *, is_whole: bool) -> tuple[float, Translatable | None]:
    """The nearest value that a slider can have, and the sentence that says so if it is another."""
    label, nearest = Translatable(limits.label), min(max(value, limits.low), limits.high)
    if nearest != value:
        low, high, taken = map(format_compact, (limits.low, limits.high, nearest))
        return nearest, Translatable(
            "{label} goes from {low} to {high}: it is {taken} now.", label=label, low=low, high=high, taken=taken
        )
    if is_whole and value != round(value):
        taken = format_compact(round(value))
        return round(value), Translatable("{label} is a whole number: it is {taken} now.", label=label, taken=taken)
    return value, None
