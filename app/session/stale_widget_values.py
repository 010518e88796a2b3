"""Ignore stale widget values: those sent before the browser received the server's last update.

Every request brings the values of all widgets, and Streamlit takes each one that differs from the server's for a
change by the visitor. A request sent before the last run of the panel arrived holds older values: sliders that have
not received an undo yet would revert it. So the panel carries the number of its run in an invisible field; the
browser sends that back with the rest, and thereby acknowledges the run.
"""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.session.session_state import SentValue, get_session
from app.translation import translate

RUN_NUMBER_KEY = "panel_run"
UNSET = object()  # stands for an unknown value


def set_value(key: str, value: Any) -> None:
    """Set a widget's value, in every run until the browser acknowledges it: a run may replace the one before."""
    current, pending, is_known = st.session_state.get(key, UNSET), list_unacknowledged(key), was_present(key)
    is_new = key not in get_session().shown_widgets  # no browser has an older value of it
    mark_present(key)
    if is_known and current == value and not pending and not is_resending():
        return
    st.session_state[key] = value
    if is_resending():
        get_session().pre_resend_values[key] = value
    earlier = pending[:-1] if pending and pending[-1].value == value else pending
    has_older = is_resending() or (current != value and not is_new)
    replaced = (SentValue(0, UNSET if is_resending() else current),) if has_older else ()
    get_session().sent_values[key] = (*earlier, *replaced, SentValue(get_run_number(), value))


def clear_present_widgets() -> None:
    """Call this when another page is shown: its widgets are new, even where they share keys with the last page's."""
    get_session().last_present_run = {}


def request_resend() -> None:
    """Have the next run of the panel set every widget again, because labels in another language make new widgets."""
    get_session().resend_run = get_run_number()


def is_resending() -> bool:
    return get_session().resend_run == get_run_number()


def resend_value(key: str) -> None:
    """If all widgets are being set again, set this one, which has no value in the scene, to the value that it has."""
    if is_resending() and key in st.session_state:
        st.session_state[key] = st.session_state[key]


def mark_present(key: str) -> None:
    """Record that the widget is in this run of the panel, whatever its value."""
    get_session().last_present_run[key] = get_run_number()
    get_session().shown_widgets.add(key)


def is_stale(key: str) -> bool:
    """Is the widget gone, or is its value no change by the visitor?

    That is a value older than the last one that was sent and is not acknowledged yet, and the last one itself, when the
    browser acknowledges it: a request before may have brought an older value, and the scene may have changed since.
    Values under the labels of another language are stale too, and so is the first return from them to the scene's
    value.
    """
    session, value = get_session(), st.session_state.get(key, UNSET)
    old_values = [sent.value for sent in list_unacknowledged(key)[:-1]]
    if not was_present(key) or UNSET in old_values or value in old_values:
        return True
    sent = session.sent_values.get(key, ())
    if sent and not list_unacknowledged(key):
        if value == sent[-1].value:
            return True
        del session.sent_values[key]  # the visitor may return to it
    return bool(session.pre_resend_values.pop(key, UNSET) == value)


def finish_panel_run() -> None:
    """End a run of the panel: forget acknowledged values and absent widgets, and send the number of the run."""
    session, number = get_session(), get_run_number()
    session.sent_values = {key: pending for key in session.sent_values if (pending := list_unacknowledged(key))}
    session.last_present_run = {key: run for key, run in session.last_present_run.items() if run == number}
    st.session_state[RUN_NUMBER_KEY] = str(number)
    with st.container(key="panel_run_field"):
        st.text_input(translate("Run of the panel"), key=RUN_NUMBER_KEY)
    session.panel_run = number + 1


def was_present(key: str) -> bool:
    """Was the widget in the last run of the panel or in this one?"""
    return get_session().last_present_run.get(key, 0) >= max(1, get_run_number() - 1)


def list_unacknowledged(key: str) -> tuple[SentValue, ...]:
    """The values that the browser may still show; () once it has acknowledged the last."""
    sent = get_session().sent_values.get(key, ())
    return sent if sent and sent[-1].run > get_acknowledged_run() else ()


def list_numbers_in_browser(key: str) -> tuple[float, ...]:
    """The numbers that the browser may still send for a slider, which must stay among its options so long.

    Streamlit takes what is none of them for the first one, as if the visitor had moved the slider there.
    """
    return tuple(sent.value for sent in list_unacknowledged(key) if type(sent.value) in (int, float))


def get_run_number() -> int:
    """The number of the present run of the panel, from 1."""
    return get_session().panel_run


def get_acknowledged_run() -> int:
    """The last run of the panel that the browser has received."""
    number = str(get_requested_value(RUN_NUMBER_KEY))
    if number.isdecimal() and len(number) < 16:
        get_session().acknowledged_run = int(number)
    return get_session().acknowledged_run


def get_requested_value(key: str) -> Any:
    """The widget's value in the request that is being served, or None.

    `st.session_state` has what the server set, too. A visitor who acts before the panel has arrived sends nothing of
    it: had that run counted as received, its values would not be sent again, the browser would show empty fields, and
    send them back as if they had been typed.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return None
    state = context.session_state._state
    return state._new_widget_state.get(state._get_widget_id(key))
