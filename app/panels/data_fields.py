"""The fields for a visitor's own data: model, picture of the fit, and the table, pasted or uploaded."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

import numpy as np
import streamlit as st

from app.compute.suited_learning_rates import move_to_surface
from app.compute.surface_source_registry import get_source
from app.figures.scatter_and_schedule_svg import draw_scatter
from app.model import display_names
from app.model.data_source import (
    DATA,
    MODEL_NAMES,
    change_data_argument,
    get_editable_rows,
    get_example_call,
    get_fit,
    read_pasted_table,
)
from app.model.scene import Call, Scene, UserError
from app.panels.reusable_scene_widgets import show_examples, show_expander
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import apply_edit, get_scene, try_edit
from app.session.session_state import get_session
from app.session.stale_widget_values import set_value
from app.session.widget_notes import escape_markdown, show_note, sync_widget
from app.translation import get_punctuation, translate
from surfaces.datasets.table_parser import MAX_TABLE_CHARACTERS, rows_to_lines
from surfaces.datasets.table_surface import CLASSIFIERS, DatasetFit, fitted_curve
from surfaces.translatable import Translatable

TEXT_KEY, FILE_KEY, MODEL_KEY, EXAMPLE_KEY, STANDARDIZED_KEY = (
    "data.text",
    "data.file",
    "data.model",
    "data.example",
    "data.standardized",
)
MAX_FILE_BYTES = 1_000_000  # the rest of a file is not read

FIT_SENTENCES = {
    "line": Translatable(
        "{rows:,} rows. Fitted: “{y}” = w · “{x}” + b, by least squares. On the map x is w and y is b."
    ),
    "logistic": Translatable(
        "{rows:,} rows. Fitted: the probability of class 1, σ(w · “{x}” + b). On the map x is w and y is b."
    ),
    "svm": Translatable(
        "{rows:,} rows. Fitted: the sign of w · “{x}” + b decides the class. On the map x is w and y is b."
    ),
    "neuron": Translatable("{rows:,} rows. Fitted: “{y}” = tanh(w · “{x}” + b). On the map x is w and y is b."),
}
TWO_INPUT_FIT_SENTENCES = {
    "logistic": Translatable(
        "{rows:,} rows. Fitted: the probability of class 1, σ(w₁ · “{x}” + w₂ · “{y}”), each measured from its "
        "mean. On the map x is w₁ and y is w₂."
    ),
    "svm": Translatable(
        "{rows:,} rows. Fitted: the sign of w₁ · “{x}” + w₂ · “{y}”, each measured from its mean, decides the "
        "class. On the map x is w₁ and y is w₂."
    ),
}
MINIMUM_SENTENCES = {
    "neuron": Translatable(
        "A neuron's loss is not convex, so no minimum is proven to be global. The lowest point found is ({w}, {b})."
    ),
    "svm": Translatable("Minimum at ({w}, {b})."),
}
MINIMUM_WITH_CONDITION = Translatable("Minimum at ({w}, {b}); the condition number there is {condition}.")
MINIMUM_AT_INFINITY = Translatable(
    "The classes can be separated without error: the loss falls for ever, and its minimum is at infinity."
)
ZERO_LOSS_REGION = Translatable(
    "The classes can be separated without error: the loss is 0 in a whole region, and the star marks a corner of it."
)


def show_data_fields() -> None:
    surface = get_scene().surface
    sync_widget(MODEL_KEY, surface["model"])
    st.selectbox(
        translate("Model"), tuple(MODEL_NAMES), key=MODEL_KEY, format_func=lambda model: translate(MODEL_NAMES[model]),
        on_change=apply_edit, args=(MODEL_KEY, change_model, STANDARDIZED_KEY),
    )  # fmt: skip
    fit = get_fit(surface)
    st.html(draw_fit(surface["model"], fit))
    st.caption(get_punctuation().gap.join(escape_markdown(sentence) for sentence in describe_fit(surface, fit)))
    sync_widget(STANDARDIZED_KEY, surface["standardized"])
    st.toggle(
        translate("Standardize"), key=STANDARDIZED_KEY, on_change=apply_edit, args=(STANDARDIZED_KEY, set_standardized),
        help=translate("Subtract the mean of each column of numbers, then divide by its standard deviation"),
    )  # fmt: skip
    show_note(STANDARDIZED_KEY)
    title = translate("Data: {rows:,} rows", rows=len(fit.table.rows))
    expander = show_expander(DATA, title, title)
    if expander:
        with expander:
            show_table_fields(surface)


def show_table_fields(surface: Call) -> None:
    """Show the table as editable text, an upload field and the examples."""
    if TEXT_KEY in get_session().notes and TEXT_KEY not in st.session_state:
        st.session_state[TEXT_KEY] = get_session().rejected_table
    typed_text, rows = get_session().typed_table
    sync_widget(TEXT_KEY, typed_text if rows == surface["rows"] else get_editable_rows(surface))
    st.text_area(
        translate("Paste a table or change this one, then Ctrl+Enter"),
        key=TEXT_KEY,
        height=150,
        max_chars=2 * MAX_TABLE_CHARACTERS,
        on_change=apply_edit,
        args=(TEXT_KEY, change_table, FILE_KEY, STANDARDIZED_KEY),
        help=translate(
            "Two columns, input and target. Logistic regression and the SVM take one or two inputs, and the class "
            "comes last. Separate cells by commas, semicolons, tabs or spaces; a first line may name the columns; "
            "# begins a comment."
        ),
    )
    show_note(TEXT_KEY)
    st.file_uploader(
        translate("Upload a table"), type=["csv", "tsv", "txt"], key=FILE_KEY, on_change=apply_upload, max_upload_size=1
    )  # fmt: skip
    show_note(FILE_KEY)
    show_examples(EXAMPLE_KEY, get_source(surface), TEXT_KEY, FILE_KEY, STANDARDIZED_KEY)


def draw_fit(model: str, fit: DatasetFit) -> str:
    """The rows and the fitted curve as SVG."""
    columns = np.array(fit.table.rows).T
    is_first_class = columns[-1] == 1 if model in CLASSIFIERS else np.zeros(len(fit.table.rows), np.bool_)
    x, y = get_column_names(fit)
    label = translate("The data and the fit: {x} and {y}", x=x, y=y)
    return draw_scatter(columns[0], columns[1], is_first_class, fitted_curve(model, fit), (x, y), label)


def get_column_names(fit: DatasetFit) -> tuple[str, str]:
    """The names of the first two columns."""
    first, second = fit.table.names[:2]
    has_two_inputs = len(fit.table.names) == 3
    return first or ("x₁" if has_two_inputs else "x"), second or ("x₂" if has_two_inputs else "y")


def describe_fit(surface: Call, fit: DatasetFit) -> list[str]:
    """Sentences about the fitted model and its minimum."""
    model = surface["model"]
    x, y = get_column_names(fit)
    has_two_inputs = len(fit.table.names) == 3
    pattern = (TWO_INPUT_FIT_SENTENCES if has_two_inputs else FIT_SENTENCES)[model]
    sentences = [translate(pattern, rows=len(fit.table.rows), x=x, y=y)]
    if has_two_inputs and fit.table.names[2]:
        sentences.append(translate("Classes: {names}.", names=fit.table.names[2]))
    w, b = (display_names.format_compact(weight) for weight in fit.minimum.weights)
    if model == "logistic" and fit.minimum.is_separable:
        return [*sentences, translate(MINIMUM_AT_INFINITY)]
    condition = display_names.format_compact(fit.condition)
    pattern = MINIMUM_SENTENCES.get(model, MINIMUM_WITH_CONDITION)
    sentences.append(translate(pattern, w=w, b=b, condition=condition))
    if model == "svm" and fit.minimum.is_separable:
        sentences.append(translate(ZERO_LOSS_REGION))
    if model == "line" and surface["standardized"]:
        slope = fit.minimum.weights[0] * fit.scale[1] / fit.scale[0]
        offset = fit.offset[1] + fit.scale[1] * fit.minimum.weights[1] - slope * fit.offset[0]
        sentences.append(
            translate("In the units of the table: “{y}” = {slope} · “{x}” + {offset}.",
                x=x, y=y, slope=display_names.format_compact(slope), offset=display_names.format_compact(offset))
        )  # fmt: skip
    return sentences


def change_model(scene: Scene, model: Any) -> Scene:
    """Fit another model to a typed text that the old model rejected, else to the same data.

    If the model cannot be fitted to those, its example is taken.
    """
    if model not in MODEL_NAMES:
        return scene
    notes = get_session().notes
    if TEXT_KEY in notes:
        try:
            return change_table(scene, get_session().rejected_table, model)
        except UserError as reason:
            notes[TEXT_KEY] = reason.message
    try:
        return move_to_surface(scene, read_table(scene, model, rows_to_lines(scene.surface["rows"])))
    except UserError:
        return move_to_surface(scene, get_example_call(model))


def change_table(scene: Scene, text: Any, model: str = "") -> Scene:
    """Fit the present model, or another one, to other data."""
    get_session().rejected_table = str(text)
    surface = read_table(scene, model or scene.surface["model"], str(text))
    get_session().notes.pop(TEXT_KEY, None)
    get_session().typed_table = str(text), surface["rows"]
    is_unchanged = (surface["model"], surface["rows"]) == (scene.surface["model"], scene.surface["rows"])
    return scene if is_unchanged else move_to_surface(scene, surface)


def read_table(scene: Scene, model: str, text: str) -> Call:
    """A surface of these data with the scene's batches."""
    return read_pasted_table(model, text, batch_size=scene.surface["batch_size"], seed=scene.surface["seed"])


def set_standardized(scene: Scene, is_on: Any) -> Scene:
    return move_to_surface(scene, change_data_argument(scene.surface, "standardized", is_on is True))


def apply_upload() -> None:
    """Treat a file like a pasted table; a fault is noted at the text field, where it can be corrected."""
    file = st.session_state.get(FILE_KEY)
    if file is None:
        return
    text = decode_file(file.getvalue()[:MAX_FILE_BYTES])
    if (
        not try_edit(FILE_KEY, lambda scene, _: change_table(scene, text), TEXT_KEY, STANDARDIZED_KEY)
        and len(text) <= MAX_TABLE_CHARACTERS
    ):
        set_value(TEXT_KEY, text)
        get_session().notes[TEXT_KEY] = get_session().notes.pop(FILE_KEY)
    rerun_fragments(PANEL)


def decode_file(content: bytes) -> str:
    """Decode a file as spreadsheets write it: UTF-8, UTF-16 with its byte order mark, else one byte per character."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
