"""Finish a running callback before a newer request of its visitor is served.

If a visitor acts again while a callback runs, Streamlit aborts the callback at its next access to the session state, as
if it had called `st.rerun`, and never does the rest. So a dragged start stayed where it was, and a clicked page did not
open. Now the newer request waits for the end of the callback.
"""

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

original_on_yield = ScriptRequests.on_scriptrunner_yield


def protect_callbacks() -> None:
    """Let only the end of a session abort a callback; Streamlit looks for newer requests again after it."""
    ScriptRequests.on_scriptrunner_yield = yield_outside_callbacks  # type: ignore[method-assign]


def yield_outside_callbacks(requests: ScriptRequests) -> ScriptRequest | None:
    """The request for which the script must stop now, or None."""
    if ThreadState.get().run_location is RunLocation.CALLBACK and requests._state is not ScriptRequestType.STOP:
        return None
    return original_on_yield(requests)
