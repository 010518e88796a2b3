"""The fields of a visitor's own function: its text, typeset as soon as it can be read, and its view."""

from dataclasses import replace
from typing import Any

import streamlit as st

from app.compute.scene_presets import moved
from app.model.formula_scene import EXAMPLES, Misspelt, begun, own, pointed, typeset
from app.model.scene import Rejected, Scene, typed
from app.session.scene_state import edit, follow, note, scene
from app.translation import say
from surfaces.formula.parser import LONGEST
from surfaces.translatable import Sentence

TEXT, EXAMPLE = "own.text", "own.example"
ENDS = {"x": (Sentence("x from"), Sentence("x to")), "y": (Sentence("y from"), Sentence("y to"))}


def own_fields() -> None:
    surface = scene().surface
    follow(TEXT, surface["text"])
    st.text_input(
        "f(x, y)", key=TEXT, max_chars=2 * LONGEST, on_change=respell, live=True,
        help=say(
            "Numbers, x, y, pi, e, + - * / **, brackets, and functions: sin, cos, tan, exp, log, sqrt, abs, tanh, "
            "sinh, cosh, arctan, min, max and a few more. Its gradient and Hessian are exact; at a kink, as of abs(x) "
            "at 0, they are the means of both sides."
        ),
    )  # fmt: skip
    if TEXT in st.session_state.notes:
        wrong(str(st.session_state.get(TEXT, "")))
    else:
        st.latex(typeset(surface["text"]), width="stretch")
    with st.container(horizontal=True, gap="small", key="ends"):
        for name, labels in ENDS.items():
            for which, label in enumerate(labels):
                end(name, which, label)
    for name in ENDS:
        for which in range(2):
            note(f"own.{name}{which}")
    follow(EXAMPLE, None)
    st.selectbox(
        say("Examples"), range(len(EXAMPLES)), key=EXAMPLE, format_func=lambda i: say(EXAMPLES[i].name),
        placeholder=say("Examples"), on_change=edit, args=(EXAMPLE, exemplified, TEXT), label_visibility="collapsed",
    )  # fmt: skip


def respell() -> None:
    """What is typed without a pause for anything else is one change."""
    try:
        edit(TEXT, respelt, going_on=st.session_state.get("respelt") == scene())
    finally:  # the edit asks for a run, and does not return
        st.session_state.respelt = scene()


def wrong(text: str) -> None:
    """Where the text goes wrong, and why; the scene is still the one before."""
    try:
        own(text)
    except Misspelt as reason:
        if reason.position is not None:
            st.code(pointed(text, reason.position), language=None)
    except Rejected:
        pass
    note(TEXT)


def end(name: str, which: int, label: str) -> None:
    key = f"own.{name}{which}"
    follow(key, f"{scene().surface[name][which]:.6g}")

    def change(s: Scene, text: Any) -> Scene:
        ends = list(s.surface[name])
        ends[which] = typed(text, "-2")
        view = {axis: s.surface[axis] for axis in ENDS} | {name: tuple(ends)}
        return replace(s, surface=own(s.surface["text"], **view))

    st.text_input(say(label), key=key, max_chars=24, on_change=edit, args=(key, change))


def respelt(s: Scene, text: Any) -> Scene:
    """Another formula; the start stays, and rates suit it, while it is in view and the formula is finite there."""
    place = own(text, s.surface["x"], s.surface["y"])
    there = begun(place, s.start)
    return replace(moved(s, there or place), surface=place)


def exemplified(s: Scene, which: Any) -> Scene:
    if type(which) is not int or not 0 <= which < len(EXAMPLES):
        return s
    example = EXAMPLES[which]
    return moved(s, own(example.text, example.x, example.y))
