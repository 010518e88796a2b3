"""The panel of the training log: the text or the file, an example, and which column is what."""

from pathlib import Path
from typing import Any

import streamlit as st

from app.panels.data_fields import decode_file
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.widget_notes import escape_markdown, show_note, sync_widget
from app.training_log.log_scene import LogScene
from app.training_log.log_state import apply_edit, get_scene, try_edit
from app.translation import translate
from optimizers.training.log_columns import ROLES, Role
from optimizers.training.log_reader import MAX_LOG_BYTES, MAX_ROWS
from surfaces.translatable import Translatable

TEXT_KEY, FILE_KEY = "log.text", "log.file"
MAX_TYPED_CHARACTERS = 200_000  # in the text field; a file may be longer
FILE_TYPES = ["csv", "tsv", "txt", "log", "json", "jsonl", "ndjson"]
EXAMPLE_LINES = "epoch,loss,val_loss\n1,2.3,2.4\n2,1.9,2.1\n…"
SAMPLE_FILE = Path(__file__).with_name("sample_log.csv")
ROLE_TITLES: dict[Role, str] = {
    "epoch": Translatable("Epoch"), "step": Translatable("Step"), "training_loss": Translatable("Training loss"),
    "validation_loss": Translatable("Validation loss"), "training_accuracy": Translatable("Training accuracy"),
    "validation_accuracy": Translatable("Validation accuracy"), "update_ratio": Translatable("Update : weights"),
}  # fmt: skip


def show_panel_fields() -> None:
    scene = get_scene()
    show_source(scene)
    if scene.log is not None:
        show_columns(scene)


def show_source(scene: LogScene) -> None:
    """The text, the file, and the example."""
    st.markdown(f"**{translate('Your log')}**")
    sync_widget(TEXT_KEY, scene.text if len(scene.text) <= MAX_TYPED_CHARACTERS else "")
    st.text_area(
        translate("Paste a log or change this one, then Ctrl+Enter"), key=TEXT_KEY, height=160,
        max_chars=MAX_TYPED_CHARACTERS, on_change=apply_edit, args=(TEXT_KEY, change_text, FILE_KEY),
        placeholder=EXAMPLE_LINES, help=translate(
            "CSV with a line of names, or JSON lines, an object in each. At most {rows:,} lines and {size} MB. Cells "
            "may be separated by commas, semicolons, tabs or blanks.", rows=MAX_ROWS, size=MAX_LOG_BYTES // 2**20,
        ),
    )  # fmt: skip
    show_note(TEXT_KEY)
    st.file_uploader(translate("Upload a log"), type=FILE_TYPES, key=FILE_KEY, on_change=apply_upload,
                     max_upload_size=MAX_LOG_BYTES // 2**20)  # fmt: skip
    show_note(FILE_KEY)
    with st.container(key="file_too_long"):  # seen where the browser does not send the file
        sentence = translate("A log may have at most {most} MB. Keep every tenth line, for instance.",
                             most=MAX_LOG_BYTES // 2**20)  # fmt: skip
        st.caption(f":red[{sentence}]")
    if scene.name:
        st.caption(translate("Shown: {file}", file=escape_markdown(scene.name)))
    show_sample_button("log.sample")


def show_sample_button(key: str) -> None:
    st.button(translate("Try a sample log"), key=key, icon=":material/science:", type="tertiary",
              on_click=load_sample)  # fmt: skip


def change_text(scene: LogScene, text: Any) -> LogScene:
    return scene.with_text(str(text)) if str(text).strip() else LogScene()


def apply_upload() -> None:
    """Read the file in the place of the log that is shown; one that cannot be read leaves that as it is."""
    file = st.session_state.get(FILE_KEY)
    if file is None:
        return
    content, name = file.getvalue(), file.name
    text = decode_file(content[: MAX_LOG_BYTES + 1])  # one byte more, so that the reader sees that it is too long
    try_edit(FILE_KEY, lambda scene, _: scene.with_text(text, name), TEXT_KEY, value=name)
    rerun_fragments(PANEL)


def load_sample() -> None:
    """Show the log of a network that learned 100 images of digits by heart."""
    text = SAMPLE_FILE.read_text(encoding="utf-8")
    try_edit("log.sample", lambda scene, _: scene.with_text(text), TEXT_KEY, FILE_KEY, value="")
    rerun_fragments(PANEL)


def show_columns(scene: LogScene) -> None:
    """Show a choice of the column for each role."""
    log = scene.log
    if log is None:
        return
    st.markdown(f"**{translate('Columns')}**")
    for note in log.notes:
        st.caption(escape_markdown(translate(note)))
    options = ("", *log.columns)
    for role in ROLES:
        key = f"log.role.{role}"
        sync_widget(key, log.assignment.get(role, ""))
        st.selectbox(
            translate(ROLE_TITLES[role]), options, key=key, format_func=lambda name: name or translate("none"),
            on_change=apply_edit, args=(key, make_role_edit(role)),
        )  # fmt: skip
        show_note(key)


def make_role_edit(role: Role) -> Any:
    return lambda scene, column: scene.with_role(role, str(column or ""))
