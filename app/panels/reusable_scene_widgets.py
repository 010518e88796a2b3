"""The panel's widgets: expander, selectbox, slider, number field; each edits the scene when the visitor changes it."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import streamlit as st

from app.compute.suited_learning_rates import move_to_surface
from app.model import display_names
from app.model.hyperparameter_table import ParameterRange, make_switch_label
from app.model.scene import Scene
from app.model.surface_source import SurfaceSource
from app.panels.typed_values import list_note_keys, register_slider
from app.session.race_scene_and_undo import SceneEdit, apply_edit
from app.session.session_state import get_session
from app.session.stale_widget_values import list_numbers_in_browser
from app.session.widget_notes import show_note, sync_widget
from app.translation import translate


def show_expander(name: int | str, unfolded: str, folded: str) -> Any:
    """Show an expander whose title depends on whether it is open; None while it is closed: its content is not needed.

    Streamlit takes an expander with another title for a new one, so the session keeps which ones are open.
    """
    key, is_open = f"{'card' if isinstance(name, int) else 'open'}{name}", name in get_session().unfolded

    def save_state() -> None:
        get_session().unfolded = get_session().unfolded - {name} | ({name} if st.session_state[key] else set())

    st.session_state[key] = is_open  # a browser that has not heard of the other title may still send that one's state
    expander = st.expander(unfolded if is_open else folded, is_open, key=key, on_change=save_state)
    return expander if is_open else None


def show_selectbox(
    key: str,
    label: str,
    names: Iterable[str],
    value: str,
    edit: SceneEdit,
    *cleared_notes: str,
    is_label_hidden: bool = False,
    format_option: Callable[[str], str] = display_names.get_display_name,
) -> None:
    """Show a choice between names of a catalogue."""
    sync_widget(key, value)
    st.selectbox(
        label,
        tuple(names),
        key=key,
        format_func=format_option,
        filter_mode="fuzzy" if format_option is display_names.get_display_name else "contains",
        on_change=apply_edit,
        args=(key, edit, *cleared_notes),
        label_visibility="collapsed" if is_label_hidden else "visible",
    )
    show_note(key)


def name_for(label: str, owner: str) -> str:
    """A widget's label, and in a second paragraph, which only a screen reader says, the run that it belongs to."""
    return f"{label}\n\n{translate('of {run}', run=owner)}" if owner else label


def show_slider(
    key: str,
    limits: ParameterRange,
    value: Any,
    default: Any,
    edit: SceneEdit,
    *,
    label: str = "",
    owner: str = "",
    leaves_panel: bool = True,
) -> None:
    """Show a slider, beside which the browser puts a field for typed values, or a switch for a boolean.

    `owner` is the name of the run it belongs to. `leaves_panel`: no other part of the panel shows the value.
    """
    label = name_for(label or translate(limits.label), owner)
    sync_widget(key, value)
    note_keys = list_note_keys(key)
    options: dict[str, Any] = {
        "key": key,
        "on_change": partial(apply_edit, key, edit, *note_keys, leaves_panel=leaves_panel),
    }
    if isinstance(default, bool):
        st.toggle(name_for(translate(make_switch_label(key.rsplit(".", maxsplit=1)[-1])), owner), **options)
        show_note(key)
        return
    if limits.stops:
        stops = limits.stops_including(value, *list_numbers_in_browser(key))
        st.select_slider(label, stops, format_func=display_names.format_compact, **options)
    else:
        st.slider(label, int(limits.low), int(limits.high), **options)
    for note_key in (key, *note_keys):
        show_note(note_key)
    register_slider(key, limits, edit, is_whole=isinstance(default, int))


def show_examples(key: str, source: SurfaceSource, *cleared_notes: str) -> None:
    """Show a choice between the examples of a kind of surface."""

    def load_example(scene: Scene, index: Any) -> Scene:
        if type(index) is not int or not 0 <= index < len(source.examples):
            return scene
        return move_to_surface(scene, source.make_example(index))

    sync_widget(key, None)
    st.selectbox(
        translate("Examples"),
        range(len(source.examples)),
        key=key,
        format_func=lambda index: translate(source.examples[index].name),
        placeholder=translate("Examples"),
        on_change=apply_edit,
        args=(key, load_example, *cleared_notes),
        label_visibility="collapsed",
    )


def show_number_field(key: str, label: str, text: str, edit: SceneEdit) -> None:
    """Show a field in which a number is typed."""
    sync_widget(key, text)
    st.text_input(label, key=key, max_chars=24, on_change=apply_edit, args=(key, edit))
