"""The widgets of the panel: a fold, a word of a catalogue, a number; each calls back with a change of the scene."""

from typing import Any

import streamlit as st

from app.model import display_names
from app.model.hyperparameter_ranges import Knob, switch
from app.model.scene import Catalogue
from app.session.scene_state import Edit, edit, follow, note
from app.translation import say


def fold(name: int | str, unfolded: str, folded: str) -> Any:
    """An expander with one title open and another closed; None while it is closed, so that nothing is made for it.

    To Streamlit an expander with another title is another one: what is open is kept here.
    """
    key, is_open = f"{'card' if isinstance(name, int) else 'open'}{name}", name in st.session_state.unfolded

    def turn() -> None:
        st.session_state.unfolded = st.session_state.unfolded - {name} | ({name} if st.session_state[key] else set())

    box = st.expander(unfolded if is_open else folded, is_open, key=key, on_change=turn)
    return box if is_open else None


def pick(
    key: str, label: str, catalogue: Catalogue, value: str, change: Edit, *about: str, hidden: bool = False
) -> None:
    """A word of a catalogue."""
    follow(key, value)
    st.selectbox(
        label, tuple(catalogue), key=key, format_func=display_names.name, on_change=edit, args=(key, change, *about),
        label_visibility="collapsed" if hidden else "visible",
    )  # fmt: skip
    note(key)


def slider(key: str, limits: Knob, value: Any, default: Any, change: Edit) -> None:
    """A number or a switch, by the type of its default."""
    follow(key, value)
    given: dict[str, Any] = {"key": key, "on_change": edit, "args": (key, change), "kwargs": {"alone": True}}
    if isinstance(default, bool):
        st.toggle(say(switch(key.rsplit(".", maxsplit=1)[-1])), **given)
    elif limits.stops:
        st.select_slider(say(limits.label), limits.stops_with(value), format_func=display_names.number, **given)
    else:
        st.slider(say(limits.label), int(limits.low), int(limits.high), **given)
    note(key)


def field(key: str, label: str, text: str, change: Edit) -> None:
    """A number that is typed."""
    follow(key, text)
    st.text_input(label, key=key, max_chars=24, on_change=edit, args=(key, change))
