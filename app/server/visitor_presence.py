"""Tell which visitor a script runs for, whether that visitor is connected, and whether a new script is running."""

import threading
from collections.abc import Hashable
from threading import Thread, local
from time import monotonic
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

PRESENCE_CHECK_SECONDS = 0.1  # between two checks of long work whether its visitors are still connected
ABANDON_AFTER_SECONDS = 5.0  # a run is abandoned for a newer request after so long; shorter ones follow a moving slider
NEW_SCRIPT_SECONDS = 0.25  # for so long other work rests for a script that has just started
SCRIPT_THREAD_NAME = "ScriptRunner.scriptThread"  # of the threads in which Streamlit runs scripts

thread_state = local()  # `started`, `checked`, `last_call`: of the long work in a script's thread
script_first_seen: WeakKeyDictionary[Thread, float] = WeakKeyDictionary()


def get_visitor() -> str | None:
    """The visitor whose page this script runs for: the ID of a session of Streamlit's."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def is_connected(visitor: Hashable) -> bool:
    """Whether this visitor is connected; always true for one without a session."""
    return not (isinstance(visitor, str) and runtime.exists()) or runtime.get_instance().is_active_session(visitor)


def is_resumable(session: str) -> bool:
    """Whether a session has a browser, or can still be resumed by it."""
    return runtime.exists() and runtime.get_instance()._session_mgr.get_session_info(session) is not None


def stop_if_abandoned() -> None:
    """Stop a long run in a script if its visitor has left or has made a newer request; called before each evaluation.

    A call after a pause begins a new run.
    """
    now = monotonic()
    if now - getattr(thread_state, "last_call", 0.0) > PRESENCE_CHECK_SECONDS:
        thread_state.started = thread_state.checked = now
    thread_state.last_call = now
    if now - thread_state.checked < PRESENCE_CHECK_SECONDS:
        return
    thread_state.checked = now
    visitor = get_visitor()
    if visitor is None:
        return
    if not is_connected(visitor):
        raise StopException
    if now - thread_state.started > ABANDON_AFTER_SECONDS:
        _ = "scene" in st.session_state  # any access makes Streamlit stop a script that is to be run again


def is_new_script_running() -> bool:
    """Whether a script has just started: its visitor waits for it, and it needs the interpreter's lock."""
    now = monotonic()
    threads = [thread for thread in threading.enumerate() if thread.name == SCRIPT_THREAD_NAME]
    return any(now - script_first_seen.setdefault(thread, now) < NEW_SCRIPT_SECONDS for thread in threads)
