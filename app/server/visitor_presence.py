"""Who is there: whose page a script runs for, whether they are still connected, and whether any script runs now."""

import threading
from collections.abc import Hashable
from threading import Thread, local
from time import monotonic
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

PRESENCE_CHECK_SECONDS = 0.1  # seconds after which long work looks whether those who asked for it are still there
# Seconds after which a run is left for what its visitor wants now; shorter ones follow a slider that is moved.
ABANDON_AFTER_SECONDS = 5.0
NEW_SCRIPT_SECONDS = 0.25  # seconds after which nobody else waits for a script any more
SCRIPT_THREAD_NAME = "ScriptRunner.scriptThread"  # the name of the threads in which Streamlit runs scripts

thread_state = local()  # `thread_state.started`, `thread_state.checked`: of the long work in a script's thread
script_first_seen: WeakKeyDictionary[Thread, float] = WeakKeyDictionary()  # when each was first seen


def get_visitor() -> str | None:
    """Whose page this script runs for: a session of Streamlit's."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def is_connected(visitor: Hashable) -> bool:
    """Is this visitor still connected? Who is no session is."""
    return not (isinstance(visitor, str) and runtime.exists()) or runtime.get_instance().is_active_session(visitor)


def is_resumable(session: str) -> bool:
    """Can a session be gone on with: is its browser connected, or may it come back to it?"""
    return runtime.exists() and runtime.get_instance()._session_mgr.get_session_info(session) is not None


def stop_if_abandoned() -> None:
    """Called all the time by a long run in a script: it ends where its visitor has gone, or has asked for another.

    A run is begun where nobody has called this for a while.
    """
    now = monotonic()
    if now - getattr(thread_state, "last_call", 0.0) > PRESENCE_CHECK_SECONDS:
        thread_state.started = thread_state.checked = now
    thread_state.last_call = now
    if now - thread_state.checked < PRESENCE_CHECK_SECONDS:
        return
    thread_state.checked = now
    who = get_visitor()
    if who is None:
        return
    if not is_connected(who):
        raise StopException
    if now - thread_state.started > ABANDON_AFTER_SECONDS:
        _ = "scene" in st.session_state  # whatever is asked of it: a script that is to be run again is left there


def is_new_script_running() -> bool:
    """Does a script run that has just been begun? A visitor waits for that, and it needs the interpreter's lock."""
    now = monotonic()
    alive = [thread for thread in threading.enumerate() if thread.name == SCRIPT_THREAD_NAME]
    return any(now - script_first_seen.setdefault(thread, now) < NEW_SCRIPT_SECONDS for thread in alive)
