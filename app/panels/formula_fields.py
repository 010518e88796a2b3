"""The fields of a visitor's own function: its text, typeset as soon as it can be read, and its view."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.scene_presets import move_to_surface
from app.model.formula_scene import (
    FORMULA_EXAMPLES,
    formula_call,
    mark_position,
    typeset_formula,
    with_start,
)
from app.model.scene import Scene, UserError, parse_number
from app.session.scene_state import apply_edit, get_scene, show_note, sync_widget
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
            "sinh, cosh, arctan, min, max and a few more. Its gradient and Hessian are exact; at a kink, as of abs(x) "
            "at 0, they are the means of both sides."
        ),
    )  # fmt: skip
    if TEXT_KEY in st.session_state.notes:
        show_text_error(str(st.session_state.get(TEXT_KEY, "")))
    else:
        st.latex(typeset_formula(surface["text"]), width="stretch")
    with st.container(horizontal=True, gap="small", key="ends"):
        for name, labels in VIEW_END_LABELS.items():
            for which, label in enumerate(labels):
                show_view_end(name, which, label)
    for name in VIEW_END_LABELS:
        for which in range(2):
            show_note(f"own.{name}{which}")
    sync_widget(EXAMPLE_KEY, None)
    st.selectbox(
        translate("Examples"),
        range(len(FORMULA_EXAMPLES)),
        key=EXAMPLE_KEY,
        format_func=lambda i: translate(FORMULA_EXAMPLES[i].name),
        placeholder=translate("Examples"),
        on_change=apply_edit,
        args=(EXAMPLE_KEY, load_example, TEXT_KEY),
        label_visibility="collapsed",
    )


def apply_text_change() -> None:
    """What is typed without a pause for anything else is one change."""
    try:
        apply_edit(TEXT_KEY, replace_formula, going_on=st.session_state.get("respelt") == get_scene())
    finally:  # the edit asks for a run, and does not return
        st.session_state.respelt = get_scene()


def show_text_error(text: str) -> None:
    """Where the text goes wrong, and why; the scene is still the one before."""
    try:
        formula_call(text)
    except FormulaError as reason:
        if reason.position is not None:
            st.code(mark_position(text, reason.position), language=None)
    except UserError:
        pass
    show_note(TEXT_KEY)


def show_view_end(name: str, which: int, label: str) -> None:
    key = f"own.{name}{which}"
    sync_widget(key, f"{get_scene().surface[name][which]:.6g}")

    def change(s: Scene, text: Any) -> Scene:
        ends = list(s.surface[name])
        ends[which] = parse_number(text, "-2")
        view = {axis: s.surface[axis] for axis in VIEW_END_LABELS} | {name: tuple(ends)}
        return replace(s, surface=formula_call(s.surface["text"], **view))

    st.text_input(translate(label), key=key, max_chars=24, on_change=apply_edit, args=(key, change))


def replace_formula(s: Scene, text: Any) -> Scene:
    """Another formula; the start stays, and rates suit it, while it is in view and the formula is finite there."""
    place = formula_call(text, s.surface["x"], s.surface["y"])
    there = with_start(place, s.start)
    return replace(move_to_surface(s, there or place), surface=place)


def load_example(s: Scene, which: Any) -> Scene:
    if type(which) is not int or not 0 <= which < len(FORMULA_EXAMPLES):
        return s
    example = FORMULA_EXAMPLES[which]
    return move_to_surface(s, formula_call(example.text, example.x, example.y))
