"""The fields for a visitor's own table of features and classes, pasted or uploaded."""

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from app.panels.data_fields import MAX_FILE_BYTES, decode_file
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.stale_widget_values import set_value
from app.session.widget_notes import show_note, sync_widget
from app.translation import translate
from surfaces.models.classification_table import LIMITS, MAX_CLASSES, MAX_FEATURES, parse_classification_table


class ClassificationTableFields(NamedTuple):
    """The fields of a page that changes its scene by `apply_edit` and `try_edit`, as `SettingWidgets` has them."""

    page: str  # begins the keys of the widgets
    apply_edit: Callable[..., None]
    try_edit: Callable[..., bool]
    set_table: Callable[[Any, str], Any]  # the page's scene and a valid table -> the scene with it

    @property
    def text_key(self) -> str:
        return f"{self.page}.table"

    @property
    def file_key(self) -> str:
        return f"{self.page}.file"

    def show(self, table: str, *, is_linkable: bool) -> None:
        sync_widget(self.text_key, table)
        st.text_area(
            translate("Paste a table or change this one, then Ctrl+Enter"), key=self.text_key, height=130,
            max_chars=LIMITS.characters, on_change=self.apply_edit,
            args=(self.text_key, self.change_table, self.file_key),
            help=translate(
                "Numbers, and the class in the last column or in one that is called class, label, target, species or "
                "y. At most {rows:,} rows, {features} features and {classes} classes.",
                rows=LIMITS.rows, features=MAX_FEATURES, classes=MAX_CLASSES,
            ),
        )  # fmt: skip
        show_note(self.text_key)
        st.file_uploader(translate("Upload a table"), type=["csv", "tsv", "txt"], key=self.file_key,
                         on_change=self.apply_upload, max_upload_size=1)  # fmt: skip
        show_note(self.file_key)
        if not is_linkable:
            st.caption(translate("The data are too long for a link, so it leaves them out."))

    def change_table(self, scene: Any, text: Any) -> Any:
        parse_classification_table(str(text))
        return self.set_table(scene, str(text))

    def apply_upload(self) -> None:
        """Treat a file like a pasted table. What is refused is shown in the text field, to be corrected there."""
        file = st.session_state.get(self.file_key)
        if file is None:
            return
        text = decode_file(file.getvalue()[:MAX_FILE_BYTES])
        is_read = self.try_edit(self.file_key, self.change_table, self.text_key, value=text)
        if not is_read and len(text) <= LIMITS.characters:
            set_value(self.text_key, text)
        rerun_fragments(PANEL)
