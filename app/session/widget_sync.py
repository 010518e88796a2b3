"""What the browser says of a widget before it has heard what the scene made of it is an echo, and no wish.

Every request brings the values of all widgets, and Streamlit takes each that is not as the server left it for a
change by the visitor. A request that was sent before the last run of the panel arrived holds the values before that
run: the sliders that had not heard of an undo would undo it. So the panel carries the number of its run in a field
that nobody sees; the browser sends it back with the rest, and so tells how much it has heard.
"""

from typing import Any, NamedTuple

import streamlit as st

STAMP = "stamp"
UNSET = object()


class Told(NamedTuple):
    """A value that a widget was given; run 0 stands for one that the visitor gave it, `UNSET` for any at all."""

    run: int
    value: Any


def tell(key: str, value: Any) -> None:
    """Give a widget its value, again until the browser has heard of it: a run may replace what the last one sent."""
    shown, past, known = st.session_state.get(key, UNSET), unheard(key), was_there(key)
    leave(key)
    if known and shown == value and not past and not renewed():
        return
    st.session_state[key] = value
    if renewed():
        misread()[key] = value
    before = past[:-1] if past and past[-1].value == value else past
    own = (Told(0, UNSET if renewed() else shown),) if shown != value or renewed() else ()
    st.session_state.setdefault("told", {})[key] = (*before, *own, Told(run(), value))


def elsewhere() -> None:
    """Another page is shown: its widgets are new, even those that have the keys of the last page's."""
    st.session_state.there = {}


def renew() -> None:
    """In the next run of the panel every widget is told its value again: the browser keeps it by its old name."""
    st.session_state.renewed = run()


def renewed() -> bool:
    return st.session_state.get("renewed") == run()


def again(key: str) -> None:
    """Of a widget that is told nothing else: its value, where all are told theirs."""
    if renewed() and key in st.session_state:
        st.session_state[key] = st.session_state[key]


def leave(key: str) -> None:
    """The widget is in this run of the panel, with whatever it shows."""
    st.session_state.setdefault("there", {})[key] = run()


def is_echo(key: str) -> bool:
    """Whether the widget is gone, or repeats what it was told before the last time, which the browser has not heard.

    What is said by another language's names is not understood, and is no wish either; nor is it one to come back
    from there to what the scene says already.
    """
    old = [told.value for told in unheard(key)[:-1]]
    value = st.session_state.get(key, UNSET)
    if not was_there(key) or UNSET in old or value in old:
        return True
    return bool(misread().pop(key, UNSET) == value)


def misread() -> dict[str, Any]:
    """What widgets were told whose last words were another language's."""
    return st.session_state.setdefault("misread", {})


def stamp() -> None:
    """The end of a run of the panel."""
    st.session_state.told = {key: past for key in st.session_state.get("told", {}) if (past := unheard(key))}
    st.session_state.there = {key: last for key, last in st.session_state.get("there", {}).items() if last == run()}
    st.session_state[STAMP] = str(run())
    with st.container(key="stamped"):
        st.text_input("Run of the panel", key=STAMP)
    st.session_state.run = run() + 1


def was_there(key: str) -> bool:
    """Whether the widget was in the last run of the panel, or already is in this one."""
    return st.session_state.get("there", {}).get(key, 0) >= max(1, run() - 1)


def unheard(key: str) -> tuple[Told, ...]:
    """What the browser may show of a widget until it hears of the last; () if it has."""
    past = st.session_state.get("told", {}).get(key, ())
    return past if past and past[-1].run > heard() else ()


def run() -> int:
    """The number of the present run of the panel, from 1."""
    return st.session_state.get("run", 1)


def heard() -> int:
    """The last run of the panel of which the browser has heard."""
    said = str(st.session_state.get(STAMP, ""))
    return int(said) if said.isdecimal() and len(said) < 16 else 0
