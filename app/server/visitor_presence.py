"""Who is there: whose page a script runs for, whether they are still connected, and whether any script runs now."""

import threading
from collections.abc import Hashable
from threading import Thread, local
from time import monotonic
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

GLANCE = 0.1  # seconds after which long work looks whether those who asked for it are still there
# Seconds after which a run is left for what its visitor wants now; shorter ones follow a slider that is moved.
LONG = 5.0
BRISK = 0.25  # seconds after which nobody else waits for a script any more
SCRIPT = "ScriptRunner.scriptThread"  # the name of the threads in which Streamlit runs scripts

here = local()  # `here.begun`, `here.looked`: of the long work in a script's thread
scripts: WeakKeyDictionary[Thread, float] = WeakKeyDictionary()  # when each was first seen


def visitor() -> str | None:
    """Whose page this script runs for: a session of Streamlit's."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def is_here(visitor: Hashable) -> bool:
    """Is this visitor still connected? Who is no session is."""
    return not (isinstance(visitor, str) and runtime.exists()) or runtime.get_instance().is_active_session(visitor)


def lives(session: str) -> bool:
    """Can a session be gone on with: is its browser connected, or may it come back to it?"""
    return runtime.exists() and runtime.get_instance()._session_mgr.get_session_info(session) is not None


def attend() -> None:
    """Called all the time by a long run in a script: it ends where its visitor has gone, or has asked for another.

    A run is begun where nobody has called this for a while.
    """
    now = monotonic()
    if now - getattr(here, "called", 0.0) > GLANCE:
        here.begun = here.looked = now
    here.called = now
    if now - here.looked < GLANCE:
        return
    here.looked = now
    who = visitor()
    if who is None:
        return
    if not is_here(who):
        raise StopException
    if now - here.begun > LONG:
        _ = "scene" in st.session_state  # whatever is asked of it: a script that is to be run again is left there


def scripts_run() -> bool:
    """Does a script run that has just been begun? A visitor waits for that, and it needs the interpreter's lock."""
    now = monotonic()
    alive = [thread for thread in threading.enumerate() if thread.name == SCRIPT]
    return any(now - scripts.setdefault(thread, now) < BRISK for thread in alive)
