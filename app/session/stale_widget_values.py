"""Ignore stale widget values: those sent before the browser received the last update by the server.

Every request brings the values of all widgets, and Streamlit takes each that is not as the server left it for a
change by the visitor. A request that was sent before the last run of the panel arrived holds the values before that
run: sliders that had not received an undo would take it back. So the panel carries the number of its run in an
invisible field; the browser sends it back with the rest, and so acknowledges that run.
"""

from typing import Any

import streamlit as st

from app.session.session import SentValue, get_session

RUN_NUMBER_KEY = "stamp"
UNSET = object()  # any value at all


def set_value(key: str, value: Any) -> None:
    """Give a widget its value, in every run until the browser acknowledges it: a run may replace the last one's."""
    shown, past, known = st.session_state.get(key, UNSET), list_unacknowledged(key), was_present(key)
    mark_present(key)
    if known and shown == value and not past and not is_resending():
        return
    st.session_state[key] = value
    if is_resending():
        get_session().pre_resend_values[key] = value
    before = past[:-1] if past and past[-1].value == value else past
    own = (SentValue(0, UNSET if is_resending() else shown),) if shown != value or is_resending() else ()
    get_session().sent_values[key] = (*before, *own, SentValue(get_run_number(), value))


def clear_present_widgets() -> None:
    """Another page is shown: its widgets are new, even those that have the keys of the last page's."""
    get_session().last_present_run = {}


def request_resend() -> None:
    """Give every widget its value again in the next run of the panel: the browser has it under an old label."""
    get_session().resend_run = get_run_number()


def is_resending() -> bool:
    return get_session().resend_run == get_run_number()


def resend_value(key: str) -> None:
    """Give a widget that has no value from the scene its own value, where all are given theirs again."""
    if is_resending() and key in st.session_state:
        st.session_state[key] = st.session_state[key]


def mark_present(key: str) -> None:
    """The widget is in this run of the panel, with whatever it shows."""
    get_session().last_present_run[key] = get_run_number()


def is_stale(key: str) -> bool:
    """Is the widget gone, or its value an older one than the last, which the browser has not acknowledged?

    Values that the browser has under the labels of another language are stale too, and so is the first return
    from them to the value of the scene.
    """
    old = [sent.value for sent in list_unacknowledged(key)[:-1]]
    value = st.session_state.get(key, UNSET)
    if not was_present(key) or UNSET in old or value in old:
        return True
    return bool(get_session().pre_resend_values.pop(key, UNSET) == value)


def finish_panel_run() -> None:
    """The end of a run of the panel."""
    session, number = get_session(), get_run_number()
    session.sent_values = {key: past for key in session.sent_values if (past := list_unacknowledged(key))}
    session.last_present_run = {key: last for key, last in session.last_present_run.items() if last == number}
    st.session_state[RUN_NUMBER_KEY] = str(number)
    with st.container(key="stamped"):
        st.text_input("Run of the panel", key=RUN_NUMBER_KEY)
    session.panel_run = number + 1


def was_present(key: str) -> bool:
    """Was the widget in the last run of the panel, or is it already in this one?"""
    return get_session().last_present_run.get(key, 0) >= max(1, get_run_number() - 1)


def list_unacknowledged(key: str) -> tuple[SentValue, ...]:
    """The values that the browser may show until it acknowledges the last; () if it has."""
    past = get_session().sent_values.get(key, ())
    return past if past and past[-1].run > get_acknowledged_run() else ()


def get_run_number() -> int:
    """The number of the present run of the panel, from 1."""
    return get_session().panel_run


def get_acknowledged_run() -> int:
    """The last run of the panel that the browser has received."""
    number = str(st.session_state.get(RUN_NUMBER_KEY, ""))
    return int(number) if number.isdecimal() and len(number) < 16 else 0
