"""What the browser says of a widget before it has heard what the scene made of it is an echo, and no wish.

Every request brings the values of all widgets, and Streamlit takes each that is not as the server left it for a
change by the visitor. A request that was sent before the last run of the panel arrived holds the values before that
run: the sliders that had not heard of an undo would undo it. So the panel carries the number of its run in a field
that nobody sees; the browser sends it back with the rest, and so tells how much it has heard.
"""

from typing import Any, NamedTuple

import streamlit as st

RUN_NUMBER_KEY = "stamp"
UNSET = object()


class SentValue(NamedTuple):
    """A value that a widget was given; run 0 stands for one that the visitor gave it, `UNSET` for any at all."""

    run: int
    value: Any


def set_value(key: str, value: Any) -> None:
    """Give a widget its value, again until the browser has heard of it: a run may replace what the last one sent."""
    shown, past, known = st.session_state.get(key, UNSET), list_unacknowledged(key), was_present(key)
    mark_present(key)
    if known and shown == value and not past and not is_resending():
        return
    st.session_state[key] = value
    if is_resending():
        get_pre_resend_values()[key] = value
    before = past[:-1] if past and past[-1].value == value else past
    own = (SentValue(0, UNSET if is_resending() else shown),) if shown != value or is_resending() else ()
    st.session_state.setdefault("told", {})[key] = (*before, *own, SentValue(get_run_number(), value))


def clear_present_widgets() -> None:
    """Another page is shown: its widgets are new, even those that have the keys of the last page's."""
    st.session_state.there = {}


def request_resend() -> None:
    """In the next run of the panel every widget is told its value again: the browser keeps it by its old name."""
    st.session_state.renewed = get_run_number()


def is_resending() -> bool:
    return st.session_state.get("renewed") == get_run_number()


def resend_value(key: str) -> None:
    """Of a widget that is told nothing else: its value, where all are told theirs."""
    if is_resending() and key in st.session_state:
        st.session_state[key] = st.session_state[key]


def mark_present(key: str) -> None:
    """The widget is in this run of the panel, with whatever it shows."""
    st.session_state.setdefault("there", {})[key] = get_run_number()


def is_stale(key: str) -> bool:
    """Whether the widget is gone, or repeats what it was told before the last time, which the browser has not heard.

    What is said by another language's names is not understood, and is no wish either; nor is it one to come back
    from there to what the scene says already.
    """
    old = [told.value for told in list_unacknowledged(key)[:-1]]
    value = st.session_state.get(key, UNSET)
    if not was_present(key) or UNSET in old or value in old:
        return True
    return bool(get_pre_resend_values().pop(key, UNSET) == value)


def get_pre_resend_values() -> dict[str, Any]:
    """What widgets were told whose last words were another language's."""
    return st.session_state.setdefault("misread", {})


def finish_panel_run() -> None:
    """The end of a run of the panel."""
    st.session_state.told = {
        key: past for key in st.session_state.get("told", {}) if (past := list_unacknowledged(key))
    }
    st.session_state.there = {
        key: last for key, last in st.session_state.get("there", {}).items() if last == get_run_number()
    }
    st.session_state[RUN_NUMBER_KEY] = str(get_run_number())
    with st.container(key="stamped"):
        st.text_input("Run of the panel", key=RUN_NUMBER_KEY)
    st.session_state.run = get_run_number() + 1


def was_present(key: str) -> bool:
    """Whether the widget was in the last run of the panel, or already is in this one."""
    return st.session_state.get("there", {}).get(key, 0) >= max(1, get_run_number() - 1)


def list_unacknowledged(key: str) -> tuple[SentValue, ...]:
    """What the browser may show of a widget until it hears of the last; () if it has."""
    past = st.session_state.get("told", {}).get(key, ())
    return past if past and past[-1].run > get_acknowledged_run() else ()


def get_run_number() -> int:
    """The number of the present run of the panel, from 1."""
    return st.session_state.get("run", 1)


def get_acknowledged_run() -> int:
    """The last run of the panel of which the browser has heard."""
    said = str(st.session_state.get(RUN_NUMBER_KEY, ""))
    return int(said) if said.isdecimal() and len(said) < 16 else 0
