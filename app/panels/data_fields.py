"""The fields of a visitor's own measurements: model, picture of the fit, and the table, pasted or uploaded."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

import numpy as np
import streamlit as st

from app.compute.scene_presets import moved
from app.figures.fit_figure import scatter
from app.model import display_names
from app.model.data_scene import DATA, EXAMPLES, MODEL_NAMES, changed, example, fit, lines, pasted
from app.model.scene import Call, Rejected, Scene
from app.panels.inputs import fold
from app.session.scene_state import PANEL, attempt, edit, escaped, follow, note, refresh, scene
from app.session.widget_sync import tell
from app.translation import say
from surfaces.datasets.table_parser import LONGEST, unspelt
from surfaces.datasets.table_surface import CLASSES, Fit, curve
from surfaces.translatable import Sentence

TEXT, FILE, MODEL, EXAMPLE, STANDARDIZED = "data.text", "data.file", "data.model", "data.example", "data.standardized"
TYPED = "data_typed"  # what the visitor typed or uploaded last, and the rows that it says
WRONG = "data_wrong"  # what was no table, should the field be folded away before it is mended
BYTES = 1_000_000  # of a file that are looked at

FITTED = {
    "line": Sentence("{rows:,} rows. Fitted: “{y}” = w · “{x}” + b, by least squares. On the map x is w and y is b."),
    "logistic": Sentence(
        "{rows:,} rows. Fitted: the chance of class 1, σ(w · “{x}” + b). On the map x is w and y is b."
    ),
    "svm": Sentence(
        "{rows:,} rows. Fitted: the sign of w · “{x}” + b tells the classes. On the map x is w and y is b."
    ),
    "neuron": Sentence("{rows:,} rows. Fitted: “{y}” = tanh(w · “{x}” + b). On the map x is w and y is b."),
}
FITTED_TO_TWO = {
    "logistic": Sentence(
        "{rows:,} rows. Fitted: the chance of class 1, σ(w₁ · “{x}” + w₂ · “{y}”), each measured from its mean. "
        "On the map x is w₁ and y is w₂."
    ),
    "svm": Sentence(
        "{rows:,} rows. Fitted: the sign of w₁ · “{x}” + w₂ · “{y}”, each measured from its mean, tells the classes. "
        "On the map x is w₁ and y is w₂."
    ),
}
ENDLESS = Sentence(
    "The classes can be told apart without an error: the loss falls for ever, and its minimum is at infinity."
)
REGION = Sentence(
    "The classes can be told apart without an error: the loss is 0 in a whole region, and the star is a corner of it."
)


def data_fields() -> None:
    surface = scene().surface
    follow(MODEL, surface["model"])
    st.selectbox(
        say("Model"), tuple(MODEL_NAMES), key=MODEL, format_func=lambda model: say(MODEL_NAMES[model]),
        on_change=edit, args=(MODEL, remodelled, STANDARDIZED),
    )  # fmt: skip
    found = fit(surface)
    st.html(picture(surface["model"], found))
    st.caption(" ".join(escaped(sentence) for sentence in account(surface, found)))
    follow(STANDARDIZED, surface["standardized"])
    st.toggle(
        say("Standardize"), key=STANDARDIZED, on_change=edit, args=(STANDARDIZED, standardize),
        help=say("Each column of numbers less its mean, over its standard deviation"),
    )  # fmt: skip
    note(STANDARDIZED)
    title = say("Data: {rows:,} rows", rows=len(found.table.rows))
    table = fold(DATA, title, title)
    if table:
        with table:
            fields(surface)


def fields(surface: Call) -> None:
    """The table to change, and ways to bring another one."""
    if TEXT in st.session_state.notes and TEXT not in st.session_state:
        st.session_state[TEXT] = st.session_state.get(WRONG, "")
    typed, rows = st.session_state.get(TYPED, ("", ""))
    follow(TEXT, typed if rows == surface["rows"] else lines(surface))
    st.text_area(
        say("Paste a table or change this one, then Ctrl+Enter"), key=TEXT, height=150, max_chars=2 * LONGEST,
        on_change=edit, args=(TEXT, retyped, FILE, STANDARDIZED),
        help=say(
            "Two columns, input and target. Logistic regression and the SVM take one input or two, and last the class. "
            "Separated by commas, semicolons, tabs or blanks; a first line may name the columns; # begins a comment."
        ),
    )  # fmt: skip
    note(TEXT)
    st.file_uploader(
        say("Upload a table"), type=["csv", "tsv", "txt"], key=FILE, on_change=uploaded, max_upload_size=1
    )  # fmt: skip
    note(FILE)
    follow(EXAMPLE, None)
    st.selectbox(
        say("Examples"), range(len(EXAMPLES)), key=EXAMPLE, format_func=lambda i: say(EXAMPLES[i].name),
        placeholder=say("Examples"), on_change=edit,
        args=(EXAMPLE, exemplified, TEXT, FILE, STANDARDIZED), label_visibility="collapsed",
    )  # fmt: skip


def picture(model: str, found: Fit) -> str:
    """The rows, and what is fitted to them."""
    columns = np.array(found.table.rows).T
    ones = columns[-1] == 1 if model in CLASSES else np.zeros(len(found.table.rows), np.bool_)
    x, y = named(found)
    label = say("The data and the fit: {x} and {y}", x=x, y=y)
    return scatter(columns[0], columns[1], ones, curve(model, found), (x, y), label)


def named(found: Fit) -> tuple[str, str]:
    """What the first two columns are called."""
    first, second = found.table.names[:2]
    two = len(found.table.names) == 3
    return first or ("x₁" if two else "x"), second or ("x₂" if two else "y")


def account(surface: Call, found: Fit) -> list[str]:
    """What is fitted to what, and where the minimum is."""
    model = surface["model"]
    x, y = named(found)
    two = len(found.table.names) == 3
    pattern = (FITTED_TO_TWO if two else FITTED)[model]
    said = [say(pattern, rows=len(found.table.rows), x=x, y=y)]
    if two and found.table.names[2]:
        said.append(say("Classes: {names}.", names=found.table.names[2]))
    w, b = (display_names.number(weight) for weight in found.low.at)
    if model == "neuron":
        lowest = say(
            "A neuron's loss is not convex, so no minimum is proven. The lowest point that was found is ({w}, {b}).",
            w=w,
            b=b,
        )
        return [*said, lowest]
    if model == "logistic" and found.low.apart:
        return [*said, say(ENDLESS)]
    said.append(
        say("Minimum at ({w}, {b}).", w=w, b=b) if model == "svm" else
        say("Minimum at ({w}, {b}), where the condition number is {condition}.",
            w=w, b=b, condition=display_names.number(found.condition))
    )  # fmt: skip
    if found.low.apart:
        said.append(say(REGION))
    if model == "line" and surface["standardized"]:
        slope = found.low.at[0] * found.scale[1] / found.scale[0]
        offset = found.middle[1] + found.scale[1] * found.low.at[1] - slope * found.middle[0]
        said.append(
            say("In the units of the table: “{y}” = {slope} · “{x}” + {offset}.",
                x=x, y=y, slope=display_names.number(slope), offset=display_names.number(offset))
        )  # fmt: skip
    return said


def remodelled(s: Scene, model: Any) -> Scene:
    """Another model of the same data; of what is typed and was no table for the old one, if it is one now.

    Where the model has no use for either, its example.
    """
    if model not in MODEL_NAMES:
        return s
    notes = st.session_state.notes
    kept = {name: s.surface[name] for name in ("batch_size", "seed")}
    if TEXT in notes:
        try:
            return retyped(s, st.session_state.get(WRONG, ""), model)
        except Rejected as reason:
            notes[TEXT] = reason.sentence
    try:
        return moved(s, pasted(model, unspelt(s.surface["rows"]), **kept))
    except Rejected:
        return moved(s, example(model))


def retyped(s: Scene, text: Any, model: str = "") -> Scene:
    """Other data, with the model that is there or another one."""
    st.session_state[WRONG] = str(text)
    kept = {name: s.surface[name] for name in ("batch_size", "seed")}
    place = pasted(model or s.surface["model"], str(text), **kept)
    st.session_state.notes.pop(TEXT, None)
    st.session_state[TYPED] = str(text), place["rows"]
    same = (place["model"], place["rows"]) == (s.surface["model"], s.surface["rows"])
    return s if same else moved(s, place)


def standardize(s: Scene, on: Any) -> Scene:
    return moved(s, changed(s.surface, "standardized", on is True))


def exemplified(s: Scene, which: Any) -> Scene:
    if type(which) is not int or not 0 <= which < len(EXAMPLES):
        return s
    return moved(s, pasted(EXAMPLES[which].model, unspelt(EXAMPLES[which].rows)))


def uploaded() -> None:
    """A file as if it were pasted; what is wrong with it is said there, and can be mended."""
    file = st.session_state.get(FILE)
    if file is None:
        return
    text = decoded(file.getvalue()[:BYTES])
    if not attempt(FILE, lambda s, _: retyped(s, text), TEXT, STANDARDIZED) and len(text) <= LONGEST:
        tell(TEXT, text)
        st.session_state.notes[TEXT] = st.session_state.notes.pop(FILE)
    refresh(PANEL)


def decoded(content: bytes) -> str:
    """The text of a file, as spreadsheets write it: UTF-8, UTF-16 with its mark, else one byte a character."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
