"""The fields for a visitor's own function: its text, typeset if it is valid, and its view."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.learning_rate_for_surface import move_to_surface
from app.model.formula_source import (
    formula_call,
    mark_position,
    typeset_formula,
    with_start,
)
from app.model.scene import Scene, UserError
from app.model.surface_source_registry import get_source
from app.model.typed_numbers import parse_number
from app.panels.scene_widgets import show_examples
from app.session.current_scene_and_undo import apply_edit, get_scene, show_note, sync_widget
from app.session.session_state import get_session
from app.translation import translate
from surfaces.formula.parser import MAX_FORMULA_CHARACTERS, FormulaError
from surfaces.translatable import Translatable

TEXT_KEY, EXAMPLE_KEY = "own.text", "own.example"
VIEW_END_LABELS = {
    "x": (Translatable("x from"), Translatable("x to")),
    "y": (Translatable("y from"), Translatable("y to")),
}


def show_formula_fields() -> None:
    surface = get_scene().surface
    sync_widget(TEXT_KEY, surface["text"])
    st.text_input(
        "f(x, y)", key=TEXT_KEY, max_chars=2 * MAX_FORMULA_CHARACTERS, on_change=apply_text_change, live=True,
        help=translate(
            "Numbers, x, y, pi, e, + - * / **, brackets, and functions: sin, cos, tan, exp, log, sqrt, abs, tanh, "
            "sinh, cosh, arctan, min, max and a few more. Gradient and Hessian are exact; at a kink, like that of "
            "abs(x) at 0, they are the means of both sides."
        ),
    )  # fmt: skip
    if TEXT_KEY in get_session().notes:
        show_text_error(str(st.session_state.get(TEXT_KEY, "")))
    else:
        st.latex(typeset_formula(surface["text"]), width="stretch")
    with st.container(horizontal=True, gap="small", key="ends"):
        for name, labels in VIEW_END_LABELS.items():
            for index, label in enumerate(labels):
                show_view_end(name, index, label)
    for name in VIEW_END_LABELS:
        for index in range(2):
            show_note(f"own.{name}{index}")
    show_examples(EXAMPLE_KEY, get_source(get_scene().surface), TEXT_KEY)


def apply_text_change() -> None:
    """Change the formula; undo reverts consecutive changes of the text as one."""
    try:
        apply_edit(TEXT_KEY, replace_formula, continues_last=get_session().last_typed_scene == get_scene())
    finally:  # the edit requests a run and does not return
        get_session().last_typed_scene = get_scene()


def show_text_error(text: str) -> None:
    """Show where the text is wrong, and why; the scene still has the last valid formula."""
    try:
        formula_call(text)
    except FormulaError as reason:
        if reason.position is not None:
            st.code(mark_position(text, reason.position), language=None)
    except UserError:
        pass
    show_note(TEXT_KEY)


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
