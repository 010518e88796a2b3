"""The widgets of the panel: each shows a value of the scene, and edits it when the visitor changes it."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from app.gradient_check.check_scene import RANGES, WHOLE
from app.gradient_check.check_state import CheckEdit, apply_edit, try_edit
from app.model import display_names
from app.panels.typed_values import list_note_keys, register_slider
from app.session.current_scene_and_undo import show_note, sync_widget
from app.session.stale_widget_values import list_numbers_in_browser
from app.translation import translate


def show_segments(
    key: str, label: str, titles: Mapping[Any, str], value: Any, edit: CheckEdit, *, is_label_hidden: bool = False
) -> None:
    """A choice of few words, all of them in sight."""
    sync_widget(key, value)
    st.segmented_control(
        translate(label), list(titles), key=key, format_func=lambda word: translate(titles.get(word, str(word))),
        on_change=apply_edit, args=(key, edit), required=True, width="stretch",
        label_visibility="collapsed" if is_label_hidden else "visible",
    )  # fmt: skip
    show_note(key)


def show_selectbox(key: str, label: str, words: Iterable[str], titles: Mapping[str, str], value: Any, edit: CheckEdit,
                   *cleared_notes: str) -> None:  # fmt: skip
    """A choice of many words."""
    sync_widget(key, value)
    st.selectbox(
        translate(label), tuple(words), key=key,
        format_func=lambda word: translate(titles[word]) if word in titles else display_names.get_display_name(word),
        on_change=apply_edit, args=(key, edit, *cleared_notes),
    )  # fmt: skip
    show_note(key)


def show_slider(key: str, name: str, value: Any, edit: CheckEdit) -> None:
    """A slider with the stops of a range, beside which the browser puts a field for typed values."""
    limits, note_keys = RANGES[name], list_note_keys(key)
    sync_widget(key, value)
    options: dict[str, Any] = {"key": key, "on_change": partial(apply_edit, key, edit, *note_keys)}
    if limits.stops:
        stops = limits.stops_including(value, *list_numbers_in_browser(key))
        st.select_slider(translate(limits.label), stops, format_func=display_names.format_compact, **options)
    else:
        st.slider(translate(limits.label), int(limits.low), int(limits.high), **options)
    for note_key in (key, *note_keys):
        show_note(note_key)
    register_slider(key, limits, edit, is_whole=name in WHOLE, try_edit=try_edit)


def show_text_field(key: str, label: str, text: str, edit: CheckEdit, *cleared_notes: str, **options: Any) -> None:
    """A field of text, with the reason below it if the text was refused."""
    sync_widget(key, text)
    st.text_input(label, key=key, on_change=apply_edit, args=(key, edit, *cleared_notes), **options)
    show_note(key)
