"""A callback is finished before anything newer that its visitor does is turned to.

Where a visitor acts again while a callback runs, Streamlit leaves the callback in the middle, at the next look into the
session state, and counts that as a call of `st.rerun`: what the callback had not yet done is never done. A start that
was dragged stayed where it was; a page that was clicked did not come. Each waits for the end of the callback now.
"""

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

original_on_yield = ScriptRequests.on_scriptrunner_yield


def protect_callbacks() -> None:
    """Let only the end of a session, and no wish for a newer run, end a callback; Streamlit asks again after it."""
    ScriptRequests.on_scriptrunner_yield = yield_outside_callbacks  # type: ignore[method-assign]


def yield_outside_callbacks(requests: ScriptRequests) -> ScriptRequest | None:
    """What a script must be left for now, or None."""
    if ThreadState.get().run_location is RunLocation.CALLBACK and requests._state is not ScriptRequestType.STOP:
        return None
    return original_on_yield(requests)
