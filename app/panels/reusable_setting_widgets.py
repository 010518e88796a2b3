"""Widgets of a page with settings of its own: each shows a value, and edits it when the visitor changes it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from app.model import display_names
from app.model.hyperparameter_table import ParameterRange
from app.panels.typed_values import list_note_keys, register_slider
from app.session.stale_widget_values import list_numbers_in_browser
from app.session.widget_notes import show_note, sync_widget
from app.translation import translate

Edit = Callable[[Any, Any], Any]  # of the page's scene and the value


class SettingWidgets(NamedTuple):
    """The widgets of a page, whose scene they change by `apply_edit` and `try_edit`.

    Both are given the widget's key, the edit, and the keys of notes that are out of date then.
    """

    apply_edit: Callable[..., None]
    try_edit: Callable[..., bool]
    ranges: Mapping[str, ParameterRange]
    whole: Collection[str]  # the names of the ranges of whole numbers

    def show_segments(
        self, key: str, label: str, titles: Mapping[Any, str], value: Any, edit: Edit, *, is_label_hidden: bool = False
    ) -> None:
        """A choice of few words, all of them in sight."""
        sync_widget(key, value)
        st.segmented_control(
            translate(label), list(titles), key=key, format_func=lambda word: translate(titles.get(word, str(word))),
            on_change=self.apply_edit, args=(key, edit), required=True, width="stretch",
            label_visibility="collapsed" if is_label_hidden else "visible",
        )  # fmt: skip
        show_note(key)

    def show_selectbox(self, key: str, label: str, words: Iterable[str], titles: Mapping[str, str], value: Any,
                       edit: Edit, *cleared_notes: str) -> None:  # fmt: skip
        """A choice of many words."""
        sync_widget(key, value)
        st.selectbox(
            translate(label), tuple(words), key=key,
            format_func=lambda word: (
                translate(titles[word]) if word in titles else display_names.get_display_name(word)
            ),
            on_change=self.apply_edit, args=(key, edit, *cleared_notes),
        )  # fmt: skip
        show_note(key)

    def show_slider(self, key: str, name: str, value: Any, edit: Edit) -> None:
        """A slider with the stops of a range, beside which the browser puts a field for typed values."""
        limits, note_keys = self.ranges[name], list_note_keys(key)
        sync_widget(key, value)
        options: dict[str, Any] = {"key": key, "on_change": partial(self.apply_edit, key, edit, *note_keys)}
        if limits.stops:
            stops = limits.stops_including(value, *list_numbers_in_browser(key))
            st.select_slider(translate(limits.label), stops, format_func=display_names.format_compact, **options)
        else:
            st.slider(translate(limits.label), int(limits.low), int(limits.high), **options)
        for note_key in (key, *note_keys):
            show_note(note_key)
        register_slider(key, limits, edit, is_whole=name in self.whole, try_edit=self.try_edit)

    def show_toggle(self, key: str, label: str, value: bool, edit: Edit) -> None:
        """A choice of on or off."""
        sync_widget(key, value)
        st.toggle(translate(label), key=key, on_change=self.apply_edit, args=(key, edit))

    def show_text_field(self, key: str, label: str, text: str, edit: Edit, *cleared_notes: str, **options: Any) -> None:
        """A field of text, with the reason below it if the text was refused."""
        sync_widget(key, text)
        st.text_input(label, key=key, on_change=self.apply_edit, args=(key, edit, *cleared_notes), **options)
        show_note(key)
