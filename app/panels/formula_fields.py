"""The fields for a visitor's own function: its text, typeset if it is valid, and its view."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.suited_learning_rates import move_to_surface
from app.compute.surface_source_registry import get_source
from app.model.formula_source import (
    FORMULA,
    formula_call,
    is_same_formula,
    list_remarks,
    mark_positions,
    typeset_formula,
    with_start,
)
from app.model.scene import Scene, UserError
from app.model.typed_numbers import parse_number
from app.panels.reusable_scene_widgets import show_examples
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.race_scene_and_undo import apply_edit, get_scene, try_edit
from app.session.session_state import get_session
from app.session.widget_notes import escape_markdown, show_note, sync_widget
from app.translation import translate
from surfaces.formula.formula_reader import MAX_TYPED_CHARACTERS, FormulaError
from surfaces.translatable import Translatable

TEXT_KEY, EXAMPLE_KEY = "own.text", "own.example"
VIEW_END_LABELS = {
    "x": (Translatable("x from"), Translatable("x to")),
    "y": (Translatable("y from"), Translatable("y to")),
}


HELP_PARAGRAPHS = (
    Translatable(
        "As on paper: `x^2`, `2xy`, `sin x`, `|x|`, `√x`, `x²`, `π`, `0,5`, `x_1` and `x_2` for x and y, or LaTeX as "
        "`\\frac{1}{2}(x-1)^2`."
    ),
    Translatable(
        "Functions: `sin cos tan exp ln log2 log10 sqrt cbrt abs tanh sinh cosh arcsin arccos arctan atan2 min max "
        "sign floor mod erf sigmoid softplus relu`, and in pieces `where(x > 0, here, elsewhere)`."
    ),
    Translatable(
        "Gradient and Hessian are exact. At a kink, as of |x| or relu at 0, they are the means of both sides; where "
        "the slope is infinite, as of √x at 0, it is 0; at a jump of sign or floor it is 0, of where it is that of the "
        "part which is chosen there."
    ),
)


def show_formula_fields() -> None:
    surface = get_scene().surface
    typed = get_session().typed_formula
    sync_widget(TEXT_KEY, typed if is_same_formula(typed, surface["text"]) else surface["text"])
    st.text_input(
        "f(x, y)", key=TEXT_KEY, max_chars=2 * MAX_TYPED_CHARACTERS, on_change=apply_text_change, live=True,
        help="\n\n".join(map(translate, HELP_PARAGRAPHS)),
    )  # fmt: skip
    shown = str(st.session_state.get(TEXT_KEY, ""))
    if TEXT_KEY in get_session().notes:
        show_text_error(shown)
    else:
        show_understood(shown, surface["text"])
    with st.container(horizontal=True, gap="small", key="ends"):
        for name, labels in VIEW_END_LABELS.items():
            for index, label in enumerate(labels):
                show_view_end(name, index, label)
    for name in VIEW_END_LABELS:
        for index in range(2):
            show_note(f"own.{name}{index}")
    show_examples(EXAMPLE_KEY, get_source(get_scene().surface), TEXT_KEY)


def apply_text_change() -> None:
    """Change the formula; undo reverts consecutive changes of the text as one.

    If the text is refused, or asked about, the picture is run again too: it says of which formula it is.
    """
    session, old_scene = get_session(), get_scene()
    session.typed_formula = str(st.session_state.get(TEXT_KEY, ""))
    try:
        apply_edit(TEXT_KEY, replace_formula, continues_last=session.last_typed_scene == old_scene)
        if TEXT_KEY in get_session().notes:
            rerun_fragments(PANEL)
    finally:  # the edit requests a run and does not return
        if get_scene() != old_scene:
            session.last_typed_scene = get_scene()


def show_understood(typed: str, text: str) -> None:
    """Show what was understood, typeset; and quietly what might have been expected otherwise."""
    st.latex(typeset_formula(text, translate("otherwise")), width="stretch")
    sentences = [translate("Read as {text}", text=f"`{text}`")] if typed.strip() != text.strip() else []
    sentences += [escape_markdown(translate(remark)) for remark in list_remarks(typed)]
    if sentences:
        st.caption("  \n".join(sentences))  # a line each


def show_text_error(text: str) -> None:
    """Show every fault of the text, or the readings that it may have, and which formula the scene still has."""
    show_reasons(text)
    st.caption(escape_markdown(describe_kept_formula()))


def describe_kept_formula() -> str:
    """The sentence that the picture is of an earlier formula than the typed one; "" if it is of that."""
    surface = get_scene().surface
    if surface.name != FORMULA or TEXT_KEY not in get_session().notes:
        return ""
    return translate("The picture still shows {formula}.", formula=f"f(x, y) = {surface['text']}")


def show_reasons(text: str) -> None:
    error = find_error(text)
    if error and error.readings:
        show_readings(error)
    elif error and error.problems:
        positions = sorted({problem.position for problem in error.problems})
        st.code(mark_positions(text, positions), language=None)
        for problem in error.problems:
            number = f"{positions.index(problem.position) + 1}: " if len(positions) > 1 else ""
            st.caption(f":red[{number}{escape_markdown(translate(problem.sentence))}]")
    else:
        show_note(TEXT_KEY)


def find_error(text: str) -> FormulaError | None:
    try:
        formula_call(text)
    except FormulaError as error:
        return error
    except UserError:
        pass
    return None


def show_readings(error: FormulaError) -> None:
    """Ask which reading is meant: a button for each."""
    st.caption(translate("This can be read in more than one way. Which is meant?"))
    with st.container(key="readings", gap="small"):
        for index, reading in enumerate(error.readings):
            typeset = typeset_formula(reading.text, translate("otherwise"))
            st.button(
                f"${typeset}$ `{reading.text}`",  # the text is the button's name: KaTeX has none
                key=f"own.reading{index}", on_click=choose_reading, args=(reading.text,), width="stretch",
            )  # fmt: skip


def choose_reading(text: str) -> None:
    """Take one of the readings of a text."""
    try_edit(TEXT_KEY, lambda scene, _: replace_formula(scene, text))
    rerun_fragments(PANEL)


def show_view_end(name: str, index: int, label: str) -> None:
    key = f"own.{name}{index}"
    sync_widget(key, f"{get_scene().surface[name][index]:.6g}")

    def change(scene: Scene, text: Any) -> Scene:
        ends = list(scene.surface[name])
        ends[index] = parse_number(text, "-2")
        view = {axis: scene.surface[axis] for axis in VIEW_END_LABELS} | {name: tuple(ends)}
        return replace(scene, surface=formula_call(scene.surface["text"], **view))

    st.text_input(translate(label), key=key, max_chars=24, on_change=apply_edit, args=(key, change))


def replace_formula(scene: Scene, text: Any) -> Scene:
    """Replace the formula; the start stays if it is in view and the formula is finite there, and rates suit it."""
    surface = formula_call(text, scene.surface["x"], scene.surface["y"])
    started_surface = with_start(surface, scene.start)
    return replace(move_to_surface(scene, started_surface or surface), surface=surface)
